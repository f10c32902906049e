namespace PeerChat.Tui.Model;

/// <summary>The one table of commands: entering, completing and helping all read it.</summary>
internal static class SlashCommands
{
    /// <summary>All commands, in the order of the help.</summary>
    public static IReadOnlyList<SlashCommand> All { get; } =
        [
            new(
                "/join",
                "NAME|ID [HOST[:PORT]]",
                "chat with a person",
                (turn, words) => words.Length is 1 or 2 && turn.JoinPeer(words[0], words.ElementAtOrDefault(1))
            ),
            new(
                "/room",
                "NAME [HOST[:PORT]]",
                "open a room",
                (turn, words) => words.Length is 1 or 2 && turn.JoinRoom(words[0], words.ElementAtOrDefault(1))
            ),
            new(
                "/accept",
                "",
                "yes to the question asked, also /yes",
                (turn, words) => words.Length == 0 && turn.AnswerOldest(true)
            ),
            new(
                "/decline",
                "",
                "no to the question asked, also /no",
                (turn, words) => words.Length == 0 && turn.AnswerOldest(false)
            ),
            new(
                "/choose",
                "N",
                "say which of several keys is meant",
                (turn, words) => words.Length == 1 && turn.Choose(words[0])
            ),
            new("/chats", "", "list the chats", (turn, words) => words.Length == 0 && turn.ListChats()),
            new(
                "/chat",
                "N",
                "go to a chat; 0 is the program's own pane",
                (turn, words) => words.Length == 1 && turn.OpenNumber(words[0])
            ),
            new(
                "/next",
                "",
                "go to the next unread message",
                (turn, words) => words.Length == 0 && turn.OpenUnread()
            ),
            new("/redraw", "", "draw the screen anew", (turn, words) => words.Length == 0 && turn.Redraw()),
            new("/help", "", "show this", (turn, words) => words.Length == 0 && turn.Help()),
            new("/quit", "", "end PeerChat", (turn, words) => words.Length == 0 && turn.Quit()),
        ];

    /// <summary>The command with a name, or with another name for it; null if there is none.</summary>
    public static SlashCommand? Find(string name)
    {
        var known = name switch
        {
            "/yes" => "/accept",
            "/no" => "/decline",
            _ => name,
        };
        return All.FirstOrDefault(command => command.Name == known);
    }

    /// <summary>The names that begin so.</summary>
    public static IReadOnlyList<string> Completions(string start) =>
        [
            .. All.Select(command => command.Name)
                .Where(name => name.StartsWith(start, StringComparison.Ordinal)),
        ];
}
