using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Screens;

/// <summary>The status line: who one is, how the chat is connected, what waits.</summary>
internal static class StatusView
{
    /// <summary>Columns from which on one's own name stands before the chat.</summary>
    private const int NameFrom = 60;

    /// <summary>Columns from which on it says who can read the chat.</summary>
    private const int SecrecyFrom = 70;

    /// <summary>Draws it.</summary>
    public static void Draw(CellRegion region, AppState state, ScreenLayout layout)
    {
        if (region.Bounds.IsEmpty)
        {
            return;
        }

        var right =
            state is { Selected: null, Chooser: null, Finder: null, Shown.Composing: null }
            && HintOf(state) is null
                ? StyledText.Of(Right(state, layout))
                : StyledText.Empty;
        new StatusLine(Left(state, region.Columns), right).Draw(region, CellStyle.Reverse);
    }

    /// <summary>A word to the user, or how far a file of theirs in this chat is being read.</summary>
    private static string? HintOf(AppState state) =>
        state.Hint
        ?? (
            state.Reading is { } file && file.Chat == state.Current
                ? $"{file.Name}  {FileLines.Standing(file)}"
                : null
        );

    private static StyledText Left(AppState state, int columns)
    {
        if (HintOf(state) is { } hint)
        {
            return StyledText.Of(hint, CellStyle.Bold);
        }

        if (state.Chooser is not null)
        {
            return StyledText.Of(Texts.ChooserKeys, CellStyle.Bold);
        }

        if (state.Finder is not null)
        {
            return StyledText.Of(Texts.FinderKeys, CellStyle.Bold);
        }

        if (state.Selected is not null)
        {
            return StyledText.Of(Texts.SelectKeys, CellStyle.Bold);
        }

        if (state.Shown.Composing is { } composing)
        {
            return StyledText.Of(Texts.Doing(composing), CellStyle.Bold);
        }

        var self = state.Self is { } ready ? Texts.Self(ready) : Texts.Starting;
        if (state.Shown.Chat is not { } chat)
        {
            return StyledText.Of(self, CellStyle.Bold);
        }

        var text = Texts.ChatState(chat).ReplaceLineEndings(" ");
        return columns >= NameFrom
            ? StyledText.Of(self, CellStyle.Bold).Add("  " + text)
            : StyledText.Of(text);
    }

    private static string Right(AppState state, ScreenLayout layout)
    {
        var parts = new List<string>();
        var pane = state.Shown;
        if (pane.BeforeHelp is not null)
        {
            parts.Add(Texts.HelpIsShown);
        }
        else if (!pane.Scroll.IsAtEnd && !layout.Log.IsEmpty)
        {
            var lines = new LogLines(pane.Log, state.Zone, layout.Log.Columns);
            var newer = pane.Scroll.CountNewer(lines, new TerminalSize(layout.Log.Columns, layout.Log.Rows));
            if (newer > 0)
            {
                parts.Add(Texts.Newer(newer));
            }
        }

        if (!state.HasNetwork)
        {
            parts.Add(Texts.NoNetwork);
        }

        if (!state.IsOwner)
        {
            parts.Add(state.Owner is { ProcessId: 0 } ? Texts.NoNode : Texts.Attached);
        }

        if (pane.Typing.Count > 0)
        {
            parts.Add(Texts.AreTyping(pane.Typing));
        }

        if (pane.Chat is { Queued: > 0 } chat)
        {
            parts.Add(Texts.Queued(chat.Queued));
        }

        if (pane.Chat is { } shown)
        {
            var hasRoom = layout.Status.Columns >= SecrecyFrom;
            if (hasRoom || shown.Kind == ChatKind.Guest)
            {
                parts.Add(hasRoom ? Texts.Secrecy(shown) : Texts.Guest);
            }
        }

        // Where there is no list, it is told here
        if (layout.List.IsEmpty && state.Unread > 0)
        {
            parts.Add(Texts.Unread(state.Unread));
        }

        if (state.Question is null && state.Questions.Count > 0)
        {
            parts.Add(Texts.Asking(state.Questions.Count));
        }

        return string.Join("  ", parts);
    }
}
