using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>
/// The one table of commands. The command line, the slash commands of the screen and of the line mode, the methods of the
/// control protocol, help, completions, the manual page and the configuration keys are all made from it.
/// </summary>
internal static class CommandTable
{
    private static readonly Lazy<IReadOnlyList<CommandRow>> Rows = new(() =>
        [.. Parts.SelectMany(part => part)]
    );

    /// <summary>All rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All => Rows.Value;

    /// <summary>Commands of the control protocol that belong to no row, and why.</summary>
    public static IReadOnlyDictionary<Type, string> Internal =>
        new Dictionary<Type, string>
        {
            [typeof(NodeCommand.SaveDraft)] = "the screen keeps what stands in the input line by itself",
            [typeof(NodeCommand.RememberInput)] = "the screen keeps the lines entered by itself",
        };

    /// <summary>The row of the program without a verb.</summary>
    public static CommandRow Root => ChatRows.Root;

    /// <summary>The rows that are verbs of the command line.</summary>
    public static IEnumerable<CommandRow> Verbs => All.Where(row => row.IsVerb && !row.IsRoot);

    /// <summary>All slash forms, in the order of the help.</summary>
    public static IEnumerable<SlashForm> SlashForms => All.SelectMany(row => row.Slash);

    /// <summary>The row with a verb; null if there is none.</summary>
    public static CommandRow? Find(string verb)
    {
        foreach (var part in Parts)
        {
            foreach (var row in part)
            {
                if (row.IsCalled(verb))
                {
                    return row;
                }
            }
        }

        return null;
    }

    /// <summary>The heading of a group.</summary>
    public static string Heading(CommandGroup group) =>
        group switch
        {
            CommandGroup.Chatting => "Chatting",
            CommandGroup.Messages => "Messages",
            CommandGroup.People => "People",
            CommandGroup.Rooms => "Rooms",
            CommandGroup.Running => "Running",
            _ => "Help",
        };

    // Each is made when it is reached: a command is found without the rows behind its own
    private static IEnumerable<IReadOnlyList<CommandRow>> Parts
    {
        get
        {
            yield return ChatRows.All;
            yield return MessageRows.All;
            yield return ContentRows.All;
            yield return FileRows.All;
            yield return PeopleRows.All;
            yield return RoomRows.All;
            yield return MeetingRows.All;
            yield return RunningRows.All;
            yield return ServingRows.All;
            yield return KeepingRows.All;
            yield return ConfigRows.All;
            yield return HelpRows.All;
        }
    }
}
