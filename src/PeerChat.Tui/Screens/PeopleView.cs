using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;

namespace PeerChat.Tui.Screens;

/// <summary>The people of a room at the right: who is reachable first, each with the mark that chats have.</summary>
internal static class PeopleView
{
    /// <summary>Draws them, and a line to their left.</summary>
    public static void Draw(CellRegion region, ChatSummary chat)
    {
        if (region.Bounds.IsEmpty)
        {
            return;
        }

        for (var row = 0; row < region.Rows; row++)
        {
            _ = region.Write(0, row, "│", CellStyle.Dim);
        }

        var rows = region.Slice(region.Bounds with { Column = 1, Columns = region.Columns - 1 });
        var people = chat
            .Members.OrderByDescending(member => member.IsSelf)
            .ThenByDescending(member => member.Connected)
            .ThenBy(member => member.Name, StringComparer.CurrentCultureIgnoreCase)
            .ToArray();
        var shown = people.Length <= rows.Rows ? people.Length : Math.Max(0, rows.Rows - 1);
        for (var row = 0; row < shown; row++)
        {
            DrawPerson(rows, row, people[row]);
        }

        if (shown < people.Length)
        {
            var rest = TextWidth.Ellipsize(Texts.MorePeople(people.Length - shown), rows.Columns);
            _ = rows.Write(0, rows.Rows - 1, rest, CellStyle.Dim);
        }
    }

    private static void DrawPerson(CellRegion rows, int row, ChatMember person)
    {
        var state = person.Connected || person.IsSelf ? ConnectionState.Connected : ConnectionState.Idle;
        var style =
            person.IsSelf ? CellStyle.Bold
            : person.Connected ? default
            : CellStyle.Dim;
        var column = rows.Write(0, row, Marks.Of(state), Marks.StyleOf(state));
        if (person.LooksLike is not null)
        {
            column = rows.Write(column, row, Marks.Alike, Marks.StyleOfAlike);
        }

        var name = LogLines.OneLine(person.Name, rows.Columns - column);
        _ = rows.Write(column, row, name, style);
    }
}
