using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Widgets;

/// <summary>A line around a region.</summary>
public static class Border
{
    /// <summary>Draws it on the region's edge, with a title in its top row.</summary>
    public static void Draw(CellRegion region, CellStyle style = default, string title = "")
    {
        if (region.Columns < 2 || region.Rows < 2)
        {
            return;
        }

        var line = new string('─', region.Columns - 2);
        _ = region.Write(0, 0, $"┌{line}┐", style);
        for (var row = 1; row < region.Rows - 1; row++)
        {
            _ = region.Write(0, row, "│", style);
            _ = region.Write(region.Columns - 1, row, "│", style);
        }

        _ = region.Write(0, region.Rows - 1, $"└{line}┘", style);
        if (title.Length > 0)
        {
            var room = region.Slice(new Rectangle(2, 0, region.Columns - 4, 1));
            _ = room.Write(0, 0, Text.TextWidth.Ellipsize($" {title} ", room.Columns), style);
        }
    }
}
