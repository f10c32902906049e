using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>The chooser of chats: what fits above the input line, what is typed in it.</summary>
internal static class ChooserView
{
    /// <summary>Draws the chats that fit over the lower rows of the log.</summary>
    public static void Draw(CellRegion log, AppState state, Chooser chooser)
    {
        var matches = chooser.Matches(state);
        var rows = Math.Clamp(matches.Count, 1, Math.Max(1, log.Rows - 1));
        var region = log.Slice(new Rectangle(0, log.Rows - rows, log.Columns, rows));
        region.Clear();
        if (matches.Count == 0)
        {
            _ = region.Write(0, 0, Texts.NoSuchChat, CellStyle.Dim);
            return;
        }

        var list = new ListState(0).Select(chooser.Selected, matches.Count, rows);
        list.Draw(region, [.. matches.Select(Line)], "> ");
    }

    /// <summary>Draws what was typed, with the cursor behind it.</summary>
    public static void DrawQuery(CellRegion input, Chooser chooser)
    {
        var column = input.Write(0, 0, Texts.ChooserPrompt, CellStyle.Bold);
        column = input.Write(column, 0, chooser.Query);
        input.SetCursor(Math.Min(column, input.Columns - 1), 0);
    }

    private static StyledText Line(Pane pane)
    {
        var style = pane.Unread > 0 ? CellStyle.Bold : default;
        var text = StyledText.Of(Chooser.TitleOf(pane).ReplaceLineEndings(" "), style);
        return pane.Highlights > 0 ? text.Add("  " + Texts.Highlighted(pane.Unread), CellStyle.Bold)
            : pane.Unread > 0 ? text.Add("  " + Texts.Unread(pane.Unread), CellStyle.Bold)
            : text;
    }
}
