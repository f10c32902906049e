using System.Text;
using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Output;

/// <summary>The shortest change from one style to another (SGR).</summary>
internal static class StyleWriter
{
    // Longest list: reset, six attributes, two colours of up to 18 bytes
    private const int MaxLength = 80;

    private static readonly (CellAttributes Attribute, byte On, byte Off)[] Codes =
    [
        (CellAttributes.Bold, 1, 22),
        (CellAttributes.Dim, 2, 22),
        (CellAttributes.Italic, 3, 23),
        (CellAttributes.Underline, 4, 24),
        (CellAttributes.Reverse, 7, 27),
        (CellAttributes.Strike, 9, 29),
    ];

    /// <summary>Writes the change; from null (not known) all is set anew.</summary>
    public static void Write(OutputBuffer output, CellStyle? from, CellStyle to)
    {
        if (from == to)
        {
            return;
        }

        if (from?.Link != to.Link)
        {
            WriteLink(output, to.Link);
        }

        from = from is { } before ? before with { Link = null } : null;
        to = to with { Link = null };
        if (from == to)
        {
            return;
        }

        Span<byte> anew = stackalloc byte[MaxLength];
        var length = 0;
        if (to != CellStyle.Default)
        {
            Add(anew, ref length, 0);
            AddDifference(anew, ref length, CellStyle.Default, to);
        }

        var best = anew[..length];
        Span<byte> change = stackalloc byte[MaxLength];
        if (from is { } known)
        {
            length = 0;
            AddDifference(change, ref length, known, to);
            best = length <= best.Length ? change[..length] : best;
        }

        output.Append("\e["u8);
        output.Append(best);
        output.Append((byte)'m');
    }

    private static void WriteLink(OutputBuffer output, Hyperlink? link)
    {
        if (link is null)
        {
            output.Append("\e]8;;\e\\"u8);
            return;
        }

        output.Append("\e]8;id="u8);
        output.Append(Encoding.ASCII.GetBytes(link.Id));
        output.Append((byte)';');
        output.Append(Encoding.ASCII.GetBytes(link.Address));
        output.Append("\e\\"u8);
    }

    private static void AddDifference(Span<byte> list, ref int length, CellStyle from, CellStyle to)
    {
        var removed = from.Attributes & ~to.Attributes;
        var missing = to.Attributes & ~from.Attributes;
        var last = 0;
        foreach (var (attribute, _, off) in Codes)
        {
            if ((removed & attribute) != CellAttributes.None && off != last)
            {
                Add(list, ref length, off);
                last = off;
            }
        }

        if ((removed & (CellAttributes.Bold | CellAttributes.Dim)) != CellAttributes.None)
        {
            // One code takes away both weights; what should stay is set again
            missing |= to.Attributes & (CellAttributes.Bold | CellAttributes.Dim);
        }

        foreach (var (attribute, on, _) in Codes)
        {
            if ((missing & attribute) != CellAttributes.None)
            {
                Add(list, ref length, on);
            }
        }

        if (from.Foreground != to.Foreground)
        {
            AddColor(list, ref length, to.Foreground, 30);
        }

        if (from.Background != to.Background)
        {
            AddColor(list, ref length, to.Background, 40);
        }
    }

    private static void AddColor(Span<byte> list, ref int length, Color color, int ground)
    {
        if (color.IsRgb)
        {
            Add(list, ref length, ground + 8);
            Add(list, ref length, 2);
            Add(list, ref length, color.Rgb24 >> 16);
            Add(list, ref length, (color.Rgb24 >> 8) & 0xFF);
            Add(list, ref length, color.Rgb24 & 0xFF);
        }
        else if (color.IsDefault)
        {
            Add(list, ref length, ground + 9);
        }
        else if (color.Index < 8)
        {
            Add(list, ref length, ground + color.Index);
        }
        else if (color.Index < 16)
        {
            Add(list, ref length, ground + 60 + color.Index - 8);
        }
        else
        {
            Add(list, ref length, ground + 8);
            Add(list, ref length, 5);
            Add(list, ref length, color.Index);
        }
    }

    private static void Add(Span<byte> list, ref int length, int code)
    {
        if (length > 0)
        {
            list[length++] = (byte)';';
        }

        _ = System.Buffers.Text.Utf8Formatter.TryFormat(code, list[length..], out var digits);
        length += digits;
    }
}
