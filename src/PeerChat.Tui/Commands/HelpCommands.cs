using PeerChat.Node;
using PeerChat.Tui.Commands.Help;

namespace PeerChat.Tui.Commands;

/// <summary>What is printed from the table: completions, the manual page, the reference.</summary>
internal static class HelpCommands
{
    /// <summary><c>peerchat completion SHELL</c>.</summary>
    public static int RunCompletion(Call call) =>
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
    public static int RunManual() => Print(ManualPage.Text());

    /// <summary><c>peerchat command-reference</c>.</summary>
    public static int RunReference() => Print(CommandReference.Markdown());

    /// <summary>
    /// <c>peerchat complete WHAT</c>: never fails and never runs a node, since nobody reads an error in the middle of a line.
    /// </summary>
    public static int RunComplete(Call call)
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
            return ExitCode.Done;
        }

        return ExitCode.Done;
    }

    private static int Print(string text)
    {
        Console.Out.Write(text);
        return ExitCode.Done;
    }
}
