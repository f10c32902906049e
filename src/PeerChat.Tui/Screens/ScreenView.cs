using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>Draws a state.</summary>
internal static class ScreenView
{
    /// <summary>Draws it into a blank buffer of any size.</summary>
    public static void Draw(AppState state, CellBuffer buffer)
    {
        var layout = ScreenLayout.Of(state, buffer.Size);
        var all = buffer.Region;
        buffer.Palette = state.Look.Theme.Palette;
        buffer.WantsMouse = state.Look.HasMouse;
        buffer.Title = Texts.Title(state.Unread, state.Shown.Chat?.Title);
        ChatListView.Draw(all.Slice(layout.List), state);
        DrawLog(all.Slice(layout.Log), state);
        if (state.Shown.Chat is { } chat)
        {
            PeopleView.Draw(all.Slice(layout.People), chat);
        }

        StatusView.Draw(all.Slice(layout.Status), state, layout);
        DrawInput(all, state, layout);
        if (state.Question is { } asked)
        {
            // Last, so that its cursor wins
            QuestionBar.Draw(all.Slice(layout.Question), state, asked);
        }
    }

    private static void DrawLog(CellRegion region, AppState state)
    {
        if (region.Bounds.IsEmpty)
        {
            return;
        }

        var pane = state.Shown;
        var lines = new LogLines(pane.Log, state.Zone, region.Columns);
        if (pane.IsConsole && state.Panes.Count == 1 && state.Wanted is null)
        {
            var view = new TerminalSize(region.Columns, region.Rows);
            DrawFirstSteps(region, pane.Scroll.CountRows(lines, view));
        }

        lines = new LogLines(pane.Log, state.Zone, region.Columns)
        {
            Selected = state.Selected ?? state.Found,
            Self = state.Self?.Name,
        };
        pane.Scroll.Draw(region, lines);
        if (state.Picture is { } picture)
        {
            PictureScreen.Draw(region, picture);
        }

        if (state.Chooser is { } chooser)
        {
            ChooserView.Draw(region, state, chooser);
        }

        if (state.Finder is { } finder)
        {
            FinderView.Draw(region, state, finder);
        }
    }

    // At the top, as long as the log at the bottom leaves room
    private static void DrawFirstSteps(CellRegion region, int taken)
    {
        var row = 0;
        var rows = new List<TextRow>();
        foreach (var step in Texts.FirstSteps)
        {
            rows.Clear();
            TextWrap.Wrap(step, region.Columns, rows, indent: 2);
            foreach (var line in rows)
            {
                if (row < region.Rows - taken)
                {
                    var column = line == rows[0] ? 0 : Math.Min(2, region.Columns - 1);
                    _ = region.Write(column, row, step.AsSpan(line.Start, line.Length));
                }

                row++;
            }
        }
    }

    private static void DrawInput(CellRegion all, AppState state, ScreenLayout layout)
    {
        if (layout.Text.Columns < layout.Input.Columns)
        {
            _ = all.Slice(layout.Input).Write(0, 0, Texts.Prompt, CellStyle.Dim);
        }

        if (state.Chooser is { } chooser)
        {
            ChooserView.DrawQuery(all.Slice(layout.Text), chooser);
            return;
        }

        if (state.Finder is { } finder)
        {
            FinderView.DrawQuery(all.Slice(layout.Text), state, finder);
            return;
        }

        state.Shown.Editor.Draw(all.Slice(layout.Text));
    }
}
