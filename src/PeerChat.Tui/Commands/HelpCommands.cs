using PeerChat.Node;
using PeerChat.Tui.Commands.Help;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>What is printed from the table: completions, the manual page, the reference.</summary>
internal static class HelpCommands
{
    /// <summary><c>peerchat help [COMMAND]</c>.</summary>
    public static int RunHelp(Call call)
    {
        var row = call.Text("COMMAND") is { } verb
            ? CommandTable.Find(verb) ?? throw NoSuch(verb)
            : CommandTable.Root;
        return Print(HelpPage.Of(row, HelpPage.WidthOf(Console.Out)));
    }

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
                    Words.Of("Say which shell: peerchat completion bash, zsh, fish or powershell.")
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

    private static UsageException NoSuch(string verb)
    {
        var nearest = NearestName.Of(
            verb,
            CommandTable.Verbs.Where(row => !row.IsHidden).Select(row => row.Name)
        );
        return new UsageException(
            Words.Of($"There is no command {verb}.")
                + " "
                + (
                    nearest is null
                        ? Words.Of("'peerchat --help' lists what there is.")
                        : Words.Of($"Did you mean {nearest}?")
                )
        );
    }

    private static int Print(string text)
    {
        Console.Out.Write(text);
        return ExitCode.Done;
    }
}
