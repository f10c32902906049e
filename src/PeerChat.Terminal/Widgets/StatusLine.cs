using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Widgets;

/// <summary>A row with something at its left and something at its right end; the left gives way.</summary>
/// <param name="Left">What stands left, the more important first.</param>
/// <param name="Right">What stands right; left out where it would take more than half of the row.</param>
public sealed record StatusLine(StyledText Left, StyledText Right)
{
    /// <summary>Draws it into the first row of a region.</summary>
    public void Draw(CellRegion region, CellStyle background = default)
    {
        region.Fill(new Rectangle(0, 0, region.Columns, 1), background);
        var right = Right.Columns <= region.Columns / 2 ? Right.Columns : 0;
        var left = region.Columns - right - (right > 0 ? 1 : 0);
        DrawCut(region.Slice(new Rectangle(0, 0, left, 1)), Left, background);
        DrawCut(region.Slice(new Rectangle(region.Columns - right, 0, right, 1)), Right, background);
    }

    private static void DrawCut(CellRegion region, StyledText text, CellStyle background)
    {
        var isCut = text.Columns > region.Columns;
        var fit = isCut ? TextWidth.Fit(text.Text, region.Columns - 1).Length : text.Text.Length;
        var column = 0;
        foreach (var run in text.RunsIn(0, fit))
        {
            var style = Over(run.Style, background);
            column = region.Write(column, 0, text.Text.AsSpan(run.Start, run.Length), style);
        }

        if (isCut)
        {
            _ = region.Write(column, 0, "…", background);
        }
    }

    // What a part leaves open, the bar's own look fills
    private static CellStyle Over(CellStyle style, CellStyle background) =>
        new(
            style.Foreground.IsDefault ? background.Foreground : style.Foreground,
            style.Background.IsDefault ? background.Background : style.Background,
            style.Attributes | background.Attributes
        );
}
