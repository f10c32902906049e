using PeerChat.Node;
using PeerChat.Tui.Commands.Help;

namespace PeerChat.Tui.Commands;

/// <summary>What is printed from the table: completions, the manual page, the reference.</summary>
internal static class HelpCommands
{
    /// <summary><c>peerchat completion SHELL</c>.</summary>
    public static Task<int> RunCompletionAsync(Call call, CancellationToken cancellation) =>
        Print(
            call.Text("SHELL") switch
            {
                "bash" => BashCompletion.Script(),
                "zsh" => ZshCompletion.Script(),
                "fish" => FishCompletion.Script(),
                "powershell" => PowerShellCompletion.Script(),
                _ => throw new UsageException(
                    "Say which shell: peerchat completion bash, zsh, fish or powershell."
                ),
            }
        );

    /// <summary><c>peerchat man</c>.</summary>
    public static Task<int> RunManualAsync(Call call, CancellationToken cancellation) =>
        Print(ManualPage.Text());

    /// <summary><c>peerchat command-reference</c>.</summary>
    public static Task<int> RunReferenceAsync(Call call, CancellationToken cancellation) =>
        Print(CommandReference.Markdown());

    /// <summary>
    /// <c>peerchat complete WHAT</c>: never fails and never runs a node, since nobody reads an error in the middle of a line.
    /// </summary>
    public static Task<int> RunCompleteAsync(Call call, CancellationToken cancellation)
    {
        try
        {
            foreach (var word in CompletionWords.Of(call.Text("WHAT") ?? "", call.ToNodeOptions()))
            {
                Console.Out.WriteLine(word);
            }
        }
        catch (NodeStartException)
        {
            return Task.FromResult(ExitCode.Done);
        }

        return Task.FromResult(ExitCode.Done);
    }

    private static Task<int> Print(string text)
    {
        Console.Out.Write(text);
        return Task.FromResult(ExitCode.Done);
    }
}
