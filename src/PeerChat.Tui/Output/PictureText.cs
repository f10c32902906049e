using System.Globalization;
using System.Text;
using PeerChat.Pictures;

namespace PeerChat.Tui.Output;

/// <summary>Writes pictures for terminals: as half blocks, by the protocol of kitty, or as sixels.</summary>
internal static class PictureText
{
    private const int KittyPiece = 4096; // the longest payload of one sequence that the protocol allows
    private const int SixelLevels = 6;
    private const int SixelHeight = 6;

    /// <summary>Two pixels above each other a cell: needs a terminal with 24-bit colours and nothing else.</summary>
    public static string HalfBlocks(Picture picture)
    {
        var text = new StringBuilder();
        for (var y = 0; y < picture.Height; y += 2)
        {
            var (lastTop, lastBottom) = (-2, -2);
            for (var x = 0; x < picture.Width; x++)
            {
                var top = ColorOf(picture[x, y]);
                var bottom = y + 1 < picture.Height ? ColorOf(picture[x, y + 1]) : -1;
                // Where there is only a lower half it is drawn as such, so that the upper stays the terminal's own
                var (front, back, sign) =
                    top < 0 && bottom >= 0 ? (bottom, -1, '▄') : (top, bottom, top < 0 ? ' ' : '▀');
                if (front != lastTop)
                {
                    AppendColor(text, 38, front);
                    lastTop = front;
                }

                if (back != lastBottom)
                {
                    AppendColor(text, 48, back);
                    lastBottom = back;
                }

                text.Append(sign);
            }

            text.Append("\e[0m\n");
        }

        return text.ToString();
    }

    /// <summary>The protocol of kitty, which WezTerm, Ghostty and Konsole know too: the pixels as they are.</summary>
    public static string Kitty(Picture picture) => KittyAtCursor(picture, "") + '\n';

    /// <summary>The same at the cursor, which stays where it is.</summary>
    public static string KittyOver(Picture picture) => KittyAtCursor(picture, "C=1,");

    private static string KittyAtCursor(Picture picture, string keys)
    {
        var payload = Convert.ToBase64String(picture.Pixels);
        var text = new StringBuilder(payload.Length + 256);
        for (var at = 0; at < payload.Length; at += KittyPiece)
        {
            var piece = payload.AsSpan(at, Math.Min(KittyPiece, payload.Length - at));
            var more = at + KittyPiece < payload.Length ? 1 : 0;
            text.Append("\e_G");
            if (at == 0)
            {
                // q=2: the terminal answers nothing, which would be read as input
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"a=T,f=32,s={picture.Width},v={picture.Height},q=2,{keys}"
                );
            }

            text.Append(CultureInfo.InvariantCulture, $"m={more};").Append(piece).Append("\e\\");
        }

        return text.ToString();
    }

    /// <summary>Sixels (DEC VT340), in 216 colours.</summary>
    public static string Sixel(Picture picture) => SixelAtCursor(picture) + '\n';

    /// <summary>The same at the cursor, without a line's end.</summary>
    public static string SixelAtCursor(Picture picture)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\eP0;1;0q\"1;1;{picture.Width};{picture.Height}");
        for (var color = 0; color < SixelLevels * SixelLevels * SixelLevels; color++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"#{color};2;{color / 36 * 20};{color / 6 % 6 * 20};{color % 6 * 20}"
            );
        }

        var rows = new byte[SixelLevels * SixelLevels * SixelLevels][];
        for (var y = 0; y < picture.Height; y += SixelHeight)
        {
            var used = new SortedSet<int>();
            for (var part = 0; part < SixelHeight && y + part < picture.Height; part++)
            {
                for (var x = 0; x < picture.Width; x++)
                {
                    if (LevelOf(picture[x, y + part]) is >= 0 and var color)
                    {
                        if (used.Add(color))
                        {
                            rows[color] = new byte[picture.Width];
                        }

                        rows[color][x] |= (byte)(1 << part);
                    }
                }
            }

            foreach (var color in used)
            {
                text.Append(CultureInfo.InvariantCulture, $"#{color}");
                AppendSixels(text, rows[color]);
                text.Append('$');
            }

            text.Append('-');
        }

        return text.Append("\e\\").ToString();
    }

    private static void AppendSixels(StringBuilder text, byte[] row)
    {
        for (var x = 0; x < row.Length; )
        {
            var run = 1;
            while (x + run < row.Length && row[x + run] == row[x])
            {
                run++;
            }

            var sign = (char)('?' + row[x]);
            if (run > 3)
            {
                text.Append(CultureInfo.InvariantCulture, $"!{run}").Append(sign);
            }
            else
            {
                text.Append(sign, run);
            }

            x += run;
        }
    }

    private static int LevelOf(ReadOnlySpan<byte> pixel) =>
        ColorOf(pixel) < 0
            ? -1
            : (Level(pixel[0]) * SixelLevels * SixelLevels)
                + (Level(pixel[1]) * SixelLevels)
                + Level(pixel[2]);

    private static int Level(byte value) => ((value * (SixelLevels - 1)) + 127) / byte.MaxValue;

    // −1 for the terminal's own
    private static int ColorOf(ReadOnlySpan<byte> pixel) =>
        pixel[3] < 128 ? -1 : (pixel[0] << 16) | (pixel[1] << 8) | pixel[2];

    private static void AppendColor(StringBuilder text, int layer, int color)
    {
        if (color < 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{layer + 1}m");
        }
        else
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\e[{layer};2;{color >> 16};{(color >> 8) & 0xFF};{color & 0xFF}m"
            );
        }
    }
}
