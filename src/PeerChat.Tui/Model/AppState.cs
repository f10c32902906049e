using System.Collections.Immutable;
using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Tui.Commands;

namespace PeerChat.Tui.Model;

/// <summary>All that the screen depends on.</summary>
internal sealed record AppState
{
    /// <summary>The terminal's size.</summary>
    public TerminalSize Size { get; init; } = TerminalSize.Usual;

    /// <summary>The zone that times are shown in.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What the user chose of the screen.</summary>
    public ScreenLook Look { get; init; } = ScreenLook.Usual;

    /// <summary>Who one is; null until the node runs.</summary>
    public NodeEvent.Ready? Self { get; init; }

    /// <summary>Whether the machine has a network that may be used; true until the node says otherwise.</summary>
    public bool HasNetwork { get; init; } = true;

    /// <summary>Which process runs the node; null until that is known.</summary>
    public NodeEvent.OwnerChanged? Owner { get; init; }

    /// <summary>Whether the node has told all it knows once: what it tells again after that is nothing new.</summary>
    public bool WasInStep { get; init; }

    /// <summary>Whether the user wants to leave and the node to go on.</summary>
    public bool IsDetaching { get; init; }

    /// <summary>The requests answered here, the last one at the end.</summary>
    public ImmutableList<string> Answered { get; init; } = [];

    /// <summary>The program's own pane, then the chats in the order they appeared.</summary>
    public ImmutableList<Pane> Panes { get; init; } = [new Pane(Pane.ConsoleKey, null)];

    /// <summary>The key of the pane shown.</summary>
    public string Current { get; init; } = Pane.ConsoleKey;

    /// <summary>The chat to open when it appears.</summary>
    public ChatTarget? Wanted { get; init; }

    /// <summary>Whether the first chat that appears opens by itself; ends when the user moves.</summary>
    public bool OpensFirst { get; init; } = true;

    /// <summary>Texts entered before the wanted chat was there.</summary>
    public ImmutableList<string> TypedAhead { get; init; } = [];

    /// <summary>Questions that wait for an answer, the oldest first.</summary>
    public ImmutableList<Asked> Questions { get; init; } = [];

    /// <summary>The chooser of chats; null when it is closed.</summary>
    public Chooser? Chooser { get; init; }

    /// <summary>The search; null when it is closed.</summary>
    public Finder? Finder { get; init; }

    /// <summary>The message on the way to which history is being read; null for none, and after the next key.</summary>
    public ChatMessage? JumpTo { get; init; }

    /// <summary>The line of the log shown that is selected, by its key; null for none.</summary>
    public long? Selected { get; init; }

    /// <summary>The line that a search went to, until the next key; keys do not act on it.</summary>
    public long? Found { get; init; }

    /// <summary>Whether nothing but messages and input is shown, so that the terminal's own selection takes no list with it.</summary>
    public bool IsBare { get; init; }

    /// <summary>What was unread in the pane shown, as long as it is only glanced at; null where it is read.</summary>
    public Glance? Glance { get; init; }

    /// <summary>Whether Ctrl-X was the last key, so that an E opens the editor as in a shell.</summary>
    public bool HasPrefix { get; init; }

    /// <summary>The pane from which the user went to look at what is unread, to come back to.</summary>
    public string? CameFrom { get; init; }

    /// <summary>The files whose pictures were asked for, by the ids of their messages.</summary>
    public ImmutableHashSet<string> Previewed { get; init; } =
        ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The picture that takes the place of the log; null for none.</summary>
    public PictureView? Picture { get; init; }

    /// <summary>What the terminal said that it can show of pixels; null before it was asked.</summary>
    public TerminalGraphics? Graphics { get; init; }

    /// <summary>A word to the user in place of the status, until the next key.</summary>
    public string? Hint { get; init; }

    /// <summary>A file of the user's own that is being read before it is announced; null for none.</summary>
    public FileSummary? Reading { get; init; }

    /// <summary>Whether the user typed a moment ago.</summary>
    public bool IsTyping { get; init; }

    /// <summary>Whether one more Ctrl-C ends the program.</summary>
    public bool IsAboutToQuit { get; init; }

    /// <summary>Whether the terminal has the focus; true where it does not say.</summary>
    public bool HasFocus { get; init; } = true;

    /// <summary>Whether the bell has rung and nobody has come since.</summary>
    public bool HasRung { get; init; }

    /// <summary>The exit code once the program is over.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The sentence to leave with when the node ended by itself.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the terminal is gone, so that nothing can be said at the end.</summary>
    public bool IsTerminalGone { get; init; }

    /// <summary>The pane shown.</summary>
    public Pane Shown => Find(Current) ?? Panes[0];

    /// <summary>The question in the bar; null when there is none.</summary>
    public Asked? Question => Questions.Find(asked => !asked.IsPutOff);

    /// <summary>Whether leaving the screen ends one's presence.</summary>
    public bool IsOwner => Owner?.IsThisProcess ?? true;

    /// <summary>Own messages in all chats that nobody else has yet.</summary>
    public int Queued => Panes.Sum(pane => pane.Chat?.Queued ?? 0);

    /// <summary>Unread messages in all chats.</summary>
    public int Unread => Panes.Sum(pane => pane.Unread);

    /// <summary>The first state.</summary>
    public static AppState Initial(
        TerminalSize size,
        TimeZoneInfo zone,
        ChatTarget? wanted,
        ScreenLook? look = null
    ) =>
        new()
        {
            Look = look ?? ScreenLook.Usual,
            Size = size,
            Zone = zone,
            Wanted = wanted,
        };

    /// <summary>The pane with a key; null if there is none.</summary>
    public Pane? Find(string key) => Panes.Find(pane => pane.Key == key);

    /// <summary>With a pane changed; the same if there is no such pane.</summary>
    public AppState With(string key, Func<Pane, Pane> change)
    {
        var index = Panes.FindIndex(pane => pane.Key == key);
        return index < 0 ? this : this with { Panes = Panes.SetItem(index, change(Panes[index])) };
    }
}
