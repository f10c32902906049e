using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Widgets;

/// <summary>Which of a list's items is chosen; what is in sight follows from it.</summary>
/// <param name="Selected">Index of the chosen item.</param>
/// <param name="Top">Index of the item in the top row, as far as the choice allows.</param>
public readonly record struct ListState(int Selected, int Top = 0)
{
    /// <summary>The state after a key; false when the key is not the list's.</summary>
    public bool TryHandle(KeyStroke key, int count, int rows, out ListState next)
    {
        int? selected =
            key.Modifiers != KeyModifiers.None
                ? null
                : key.Code switch
                {
                    KeyCode.Up => Selected - 1,
                    KeyCode.Down => Selected + 1,
                    KeyCode.PageUp => Selected - Math.Max(1, rows - 1),
                    KeyCode.PageDown => Selected + Math.Max(1, rows - 1),
                    KeyCode.Home => 0,
                    KeyCode.End => count - 1,
                    _ => null,
                };
        next = selected is { } index ? Select(index, count, rows) : this;
        return selected is not null;
    }

    /// <summary>Chooses an item, the nearest there is, and brings it into sight.</summary>
    public ListState Select(int index, int count, int rows)
    {
        var selected = Math.Clamp(index, 0, Math.Max(0, count - 1));
        var highest = Math.Max(0, count - Math.Max(1, rows));
        var top = Math.Clamp(Top, Math.Max(0, selected - Math.Max(1, rows) + 1), selected);
        return new ListState(selected, Math.Min(top, Math.Max(highest, 0)));
    }

    /// <summary>Draws the items in sight, one in a row, the chosen one in reverse and marked.</summary>
    /// <param name="region">Where.</param>
    /// <param name="items">The items.</param>
    /// <param name="mark">Stands before the chosen item, so that it is not told by colour alone; empty for none.</param>
    public void Draw(CellRegion region, IReadOnlyList<StyledText> items, string mark = "")
    {
        ArgumentNullException.ThrowIfNull(items);
        var shown = Select(Selected, items.Count, region.Rows);
        var indent = TextWidth.Of(mark);
        for (var row = 0; row < region.Rows && shown.Top + row < items.Count; row++)
        {
            var index = shown.Top + row;
            var item = items[index];
            if (index != shown.Selected)
            {
                _ = region.Write(indent, row, item);
                continue;
            }

            region.Fill(new Rectangle(0, row, region.Columns, 1), CellStyle.Reverse);
            _ = region.Write(0, row, mark, CellStyle.Reverse);
            var column = indent;
            foreach (var run in item.RunsIn(0, item.Text.Length))
            {
                column = region.Write(
                    column,
                    row,
                    item.Text.AsSpan(run.Start, run.Length),
                    run.Style.Toggled()
                );
            }
        }
    }
}
