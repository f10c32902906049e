using PeerChat.Node;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>What <c>/help</c> says: the commands from their table, the keys, and what the marks mean.</summary>
internal static class HelpText
{
    /// <summary>The word behind <c>/help</c> that asks for the keys and the marks alone.</summary>
    public const string KeysWord = "keys";

    /// <summary>All of it, for the full screen.</summary>
    public static IEnumerable<HelpLine> OfScreen =>
        [HelpLine.Heading(Texts.HelpHead), .. Commands(isForScreen: true), .. OfKeys];

    /// <summary>The commands of the line mode, which has no keys and no marks of its own.</summary>
    public static IEnumerable<HelpLine> OfLines => Commands(isForScreen: false);

    /// <summary>The keys, and the marks before messages, names and chats.</summary>
    public static IEnumerable<HelpLine> OfKeys =>
        [.. Writing, .. Moving, .. Screen, .. ForMessages, .. ForChats];

    /// <summary>One command.</summary>
    public static HelpLine Of(SlashForm form) => new(form.Usage, Words.Of(form.Help));

    private static IEnumerable<HelpLine> Commands(bool isForScreen) =>
        CommandTable
            .All.GroupBy(row => row.Group)
            .SelectMany(group =>
            {
                HelpLine[] forms =
                [
                    .. group
                        .SelectMany(row => row.Slash)
                        .Where(form => isForScreen || !form.IsForScreen)
                        .Select(Of),
                ];
                return forms.Length == 0
                    ? forms
                    : [HelpLine.Heading(Words.Of(CommandTable.Heading(group.Key))), .. forms];
            });

    private static HelpLine[] Writing =>
        [
            HelpLine.Heading(Words.Of("Keys for writing")),
            new(Words.Of("Enter"), Words.Of("send")),
            new(Words.Of("Alt-Enter, Ctrl-J"), Words.Of("begin a new line")),
            new(Words.Of("Up, Down"), Words.Of("bring back lines entered before")),
            new(Words.Of("Tab"), Words.Of("complete a command, a name, a path, or an emoji behind a colon")),
            new(Words.Of("Alt-E"), Words.Of("write in your editor")),
            new(Words.Of("Ctrl-_"), Words.Of("undo what was written or deleted last")),
            new(Words.Of("Ctrl-C"), Words.Of("clear the line; twice in an empty line ends PeerChat")),
        ];

    private static HelpLine[] Moving =>
        [
            HelpLine.Heading(Words.Of("Keys for moving")),
            new(Words.Of("Alt-1 to Alt-9"), Words.Of("show a chat; Alt-0 shows PeerChat's own pane")),
            new(
                Words.Of("Ctrl-N, Ctrl-P"),
                Words.Of("next chat and the one before, also Alt-Down and Alt-Up")
            ),
            new(Words.Of("Alt-A"), Words.Of("go to the next unread chat, and at last back")),
            new(Words.Of("Ctrl-K, Alt-K"), Words.Of("find a chat by some of its letters")),
            new(Words.Of("Ctrl-R"), Words.Of("search everything that was written")),
            new(Words.Of("PgUp, PgDn"), Words.Of("scroll")),
            new(Words.Of("Alt-Home, Alt-End"), Words.Of("go to the oldest and the newest message")),
            new(Words.Of("Alt-U"), Words.Of("go to what you read last")),
        ];

    private static HelpLine[] Screen =>
        [
            HelpLine.Heading(Words.Of("Other keys")),
            new(Words.Of("Alt-M"), Words.Of("select a message: answer, change, react, recall, copy, open")),
            new(Words.Of("Alt-L"), Words.Of("show only messages, to copy them with the terminal")),
            new(Words.Of("Ctrl-L"), Words.Of("draw the screen anew")),
            new(Words.Of("Ctrl-Z"), Words.Of("suspend")),
            new(Words.Of("Ctrl-]"), Words.Of("leave the screen; the node goes on")),
        ];

    private static HelpLine[] ForMessages =>
        [
            HelpLine.Heading(Words.Of("Before your own messages")),
            new(Marks.Of(DeliveryState.Queued), Words.Of("waits here and goes out by itself")),
            new(Marks.Of(DeliveryState.Sent), Words.Of("handed over")),
            new(Marks.Of(DeliveryState.Delivered), Words.Of("stored by the other side")),
            new(Marks.Of(DeliveryState.Read), Words.Of("read")),
            HelpLine.Heading(Words.Of("Before messages of others")),
            new(Marks.Mention, Words.Of("names you")),
            new(
                Marks.Alike + Words.Of("NAME"),
                Words.Of("looks like somebody else whom you know, or like you")
            ),
        ];

    private static HelpLine[] ForChats =>
        [
            HelpLine.Heading(Words.Of("Before chats")),
            new(Marks.Of(ConnectionState.Connected), Words.Of("connected")),
            new(Marks.Of(ConnectionState.Silent), Words.Of("does not answer at the moment")),
            new(Marks.Of(ConnectionState.Connecting), Words.Of("looking or connecting")),
            new(Marks.Of(ConnectionState.Waiting), Words.Of("waits to be accepted")),
            new(Marks.Of(ConnectionState.Failed), Words.Of("failed")),
            new(Texts.Unread(3), Words.Of("three are unread")),
            new(Texts.Highlighted(3), Words.Of("three are unread, and one of them names you")),
        ];
}
