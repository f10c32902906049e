using System.Collections.Immutable;
using PeerChat.Node;
using PeerChat.Terminal.Widgets;

namespace PeerChat.Tui.Model;

/// <summary>One thing the screen can show: a chat, or what the program itself has to say.</summary>
/// <param name="Key">The chat's name on the surface; empty for the program's own pane.</param>
/// <param name="Chat">The chat; null for the program's own pane.</param>
internal sealed record Pane(string Key, ChatSummary? Chat)
{
    /// <summary>The key of the program's own pane.</summary>
    public const string ConsoleKey = "";

    /// <summary>Its lines.</summary>
    public PaneLog Log { get; init; } = PaneLog.Empty;

    /// <summary>Where they are being read.</summary>
    public LogScroll Scroll { get; init; } = LogScroll.AtEnd;

    /// <summary>Where they were being read when the help was opened; null where it is not shown.</summary>
    public LogScroll? BeforeHelp { get; init; }

    /// <summary>The input line, which every pane has for itself.</summary>
    public LineEditor Editor { get; init; } = LineEditor.Empty;

    /// <summary>What the input line is about; null where it is a new message.</summary>
    public Composing? Composing { get; init; }

    /// <summary>Who is writing here now.</summary>
    public ImmutableList<string> Typing { get; init; } = [];

    /// <summary>Messages that came while another pane was shown.</summary>
    public int Unread { get; init; }

    /// <summary>The arrival behind which everything was unread when the chat appeared; null where nothing was, or the rule is drawn.</summary>
    public long? UnreadAfter { get; init; }

    /// <summary>The greatest arrival that the node was told to be read.</summary>
    public long MarkedTo { get; init; }

    /// <summary>Whether the user wants it to stay unread, until it is opened again.</summary>
    public bool StaysUnread { get; init; }

    /// <summary>Those of them that name the user.</summary>
    public int Highlights { get; init; }

    /// <summary>Whether the newest page of history has been asked for.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Whether the answer to that has come.</summary>
    public bool HasFirstPage { get; init; }

    /// <summary>Whether an older page has been asked for and has not come yet.</summary>
    public bool IsLoadingOlder { get; init; }

    /// <summary>Whether there may be older messages than those here.</summary>
    public bool HasOlder { get; init; } = true;

    /// <summary>The draft as the node has it.</summary>
    public string SavedDraft { get; init; } = "";

    /// <summary>Whether this is the program's own pane.</summary>
    public bool IsConsole => Chat is null;

    /// <summary>Without the help, back where it was opened.</summary>
    public Pane WithoutHelp() =>
        BeforeHelp is { } scroll
            ? this with
            {
                Log = Log.WithoutHelp(),
                Scroll = scroll,
                BeforeHelp = null,
            }
            : this;

    /// <summary>The pane of a chat that has just appeared, with the draft and the lines entered in earlier runs.</summary>
    public static Pane Of(ChatSummary chat)
    {
        var editor = LineEditor.Empty with { History = [.. chat.InputHistory] };
        return new Pane(chat.Chat, chat)
        {
            // Finishing nothing places the editor behind its history
            Editor = chat.Draft.Length > 0 ? editor.Finish().WithText(chat.Draft) : editor.Finish(),
            SavedDraft = chat.Draft,
            Unread = chat.Unread,
            UnreadAfter = chat.Unread > 0 ? chat.ReadTo : null,
            MarkedTo = chat.ReadTo,
        };
    }
}
