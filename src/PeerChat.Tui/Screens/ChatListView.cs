using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>The chats at the left: number, connection, name, unread; the one shown is marked.</summary>
internal static class ChatListView
{
    /// <summary>Draws them, and a line to their right.</summary>
    public static void Draw(CellRegion region, AppState state)
    {
        if (region.Bounds.IsEmpty)
        {
            return;
        }

        for (var row = 0; row < region.Rows; row++)
        {
            _ = region.Write(region.Columns - 1, row, "│", CellStyle.Dim);
        }

        var rows = region.Slice(region.Bounds with { Columns = region.Columns - 1 });
        var shown = state.Panes.FindIndex(pane => pane.Key == state.Current);
        var top = TopOf(state, rows.Rows);
        for (var row = 0; row < rows.Rows && top + row < state.Panes.Count; row++)
        {
            DrawPane(
                rows.Slice(new Rectangle(0, row, rows.Columns, 1)),
                state.Panes[top + row],
                top + row,
                top + row == shown
            );
        }
    }

    /// <summary>The pane in the first row: the list scrolls only as far as the pane shown makes it.</summary>
    public static int TopOf(AppState state, int rows) =>
        Math.Max(0, state.Panes.FindIndex(pane => pane.Key == state.Current) - rows + 1);

    private static void DrawPane(CellRegion row, Pane pane, int number, bool isShown)
    {
        var style = (isShown, pane.Unread) switch
        {
            (true, _) => CellStyle.Reverse,
            (_, > 0) => CellStyle.Bold,
            _ => default,
        };
        row.Fill(row.Bounds, style);
        var column = row.Write(0, 0, $"{(isShown ? ">" : " ")}{(number <= 9 ? $"{number}" : " ")}", style);
        var connection = pane.Chat?.Connection ?? ConnectionState.Idle;
        var mark = isShown ? style : Marks.StyleOf(connection);
        column = row.Write(column, 0, Marks.Of(connection), mark);
        var unread =
            pane.Highlights > 0 ? Texts.Highlighted(pane.Unread)
            : pane.Unread > 0 ? Texts.Unread(pane.Unread)
            : "";
        var room = row.Columns - column - (unread.Length > 0 ? unread.Length + 1 : 0);
        var title = pane.Chat is { } chat ? TitleOf(chat) : Texts.Program;
        _ = row.Write(column, 0, TextWidth.Ellipsize(title, room), style);
        _ = row.Write(row.Columns - unread.Length, 0, unread, style);
    }

    private static string TitleOf(ChatSummary chat)
    {
        var title = chat.Title.ReplaceLineEndings(" ");
        return chat.Kind == ChatKind.OpenRoom && !title.StartsWith('#') ? "#" + title : title;
    }
}
