using PeerChat.Pictures;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;

namespace PeerChat.Tui.Screens;

/// <summary>Pictures as text in colours: two pixels above each other a cell.</summary>
internal static class PictureCells
{
    /// <summary>Columns that a picture in a log takes at most.</summary>
    public const int MaxColumns = 40;

    /// <summary>Rows that it takes at most.</summary>
    public const int MaxRows = 12;

    private const byte Opaque = 128;

    /// <summary>The picture, one line a row.</summary>
    public static StyledText HalfBlocks(Picture picture)
    {
        var text = StyledText.Empty;
        for (var y = 0; y < picture.Height; y += 2)
        {
            text = y == 0 ? text : text.Add("\n");
            var (run, style) = ("", default(CellStyle));
            for (var x = 0; x < picture.Width; x++)
            {
                var (sign, look) = CellOf(picture, x, y / 2);
                if (look != style && run.Length > 0)
                {
                    text = text.Add(run, style);
                    run = "";
                }

                (run, style) = (run + sign, look);
            }

            text = text.Add(run, style);
        }

        return text;
    }

    /// <summary>The two pixels of one cell.</summary>
    public static (string Sign, CellStyle Style) CellOf(Picture picture, int column, int row)
    {
        var y = row * 2;
        var top = ColorOf(picture[column, y]);
        var bottom = y + 1 < picture.Height ? ColorOf(picture[column, y + 1]) : null;
        // Where only the lower half is there it is drawn as such, so that the upper stays the terminal's own
        return top is null && bottom is null ? (" ", default)
            : top is null ? ("▄", CellStyle.Of(bottom!.Value))
            : ("▀", new CellStyle(top.Value, bottom ?? Color.Default, CellAttributes.None));
    }

    private static Color? ColorOf(ReadOnlySpan<byte> pixel) =>
        pixel[3] < Opaque ? null : Color.Rgb(pixel[0], pixel[1], pixel[2]);
}
