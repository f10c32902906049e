using System.Buffers;
using System.Text;

namespace PeerChat.Terminal.Text;

/// <summary>Breaks text into rows: at line ends, at blanks, between East Asian characters, and in long words where it must.</summary>
public static class TextWrap
{
    // Closing marks must not begin a row and opening ones must not end it (the short list of JIS X 4051)
    private const string NotFirst =
        "、。，．・：；？！）］｝」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…,.!?:;)]}”’%";
    private const string NotLast = "（［｛「『【〈《([{“‘";

    /// <summary>Adds the rows of a text to a list.</summary>
    /// <param name="text">The text; <c>\n</c> ends a line.</param>
    /// <param name="columns">Columns of a row; at least one is taken.</param>
    /// <param name="rows">Where the rows go; at least one is added.</param>
    /// <param name="indent">Columns by which every row but the first is shortened.</param>
    public static void Wrap(ReadOnlySpan<char> text, int columns, ICollection<TextRow> rows, int indent = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var first = rows.Count;
        var start = 0;
        while (true)
        {
            var length = text[start..].IndexOf('\n');
            var line = length < 0 ? text[start..] : text.Slice(start, length);
            WrapLine(line, start, columns, rows, first, indent);
            if (length < 0)
            {
                return;
            }

            start += length + 1;
        }
    }

    /// <summary>How many rows a text takes.</summary>
    public static int CountRows(ReadOnlySpan<char> text, int columns, int indent = 0)
    {
        var rows = new List<TextRow>();
        Wrap(text, columns, rows, indent);
        return rows.Count;
    }

    private static void WrapLine(
        ReadOnlySpan<char> line,
        int offset,
        int columns,
        ICollection<TextRow> rows,
        int first,
        int indent
    )
    {
        var rowStart = 0;
        var used = 0;
        // The last place where the row may end: what it would show, how wide, and where the next row would begin
        var (breakEnd, breakColumns, breakNext) = (-1, 0, 0);
        var previous = default(Rune);
        foreach (var cluster in new TextClusters(line))
        {
            var rune = RuneAt(line, cluster.Start);
            var isBlank = IsBlank(rune, cluster);
            if (cluster.Start > rowStart && MayBreakBetween(previous, rune))
            {
                (breakEnd, breakColumns, breakNext) = (cluster.Start, used, cluster.Start);
            }

            previous = rune;
            var available = Math.Max(1, columns - (rows.Count > first ? indent : 0));
            if (used + cluster.Columns > available && cluster.Start > rowStart && !isBlank)
            {
                if (breakEnd <= rowStart)
                {
                    (breakEnd, breakColumns, breakNext) = (cluster.Start, used, cluster.Start);
                }

                rows.Add(Trimmed(line, offset, rowStart, breakEnd, breakColumns));
                used = TextWidth.Of(line[breakNext..cluster.Start]);
                rowStart = breakNext;
                breakEnd = -1;
            }

            used += cluster.Columns;
            if (isBlank)
            {
                (breakEnd, breakColumns, breakNext) = (cluster.Start, used - cluster.Columns, cluster.End);
            }
        }

        rows.Add(Trimmed(line, offset, rowStart, line.Length, used));
    }

    // Blanks at the end of a row are not shown, so that they may hang over the edge
    private static TextRow Trimmed(ReadOnlySpan<char> line, int offset, int start, int end, int columns)
    {
        while (end > start && line[end - 1] == ' ')
        {
            end--;
            columns--;
        }

        return new TextRow(offset + start, end - start, columns);
    }

    private static bool IsBlank(Rune rune, TextCluster cluster) =>
        cluster.Form == ClusterForm.Tab || (rune.Value == ' ' && cluster.Length == 1);

    private static bool MayBreakBetween(Rune left, Rune right)
    {
        if (left.Value == '-' && Rune.IsLetter(right))
        {
            return true;
        }

        if (!IsIdeographic(left) && !IsIdeographic(right))
        {
            return false;
        }

        return !IsIn(NotFirst, right) && !IsIn(NotLast, left);
    }

    private static bool IsIdeographic(Rune rune) =>
        rune.Value >= 0x1100 && TextWidth.Of(rune) == 2 && !IsHangul(rune);

    // Korean is written with blanks between words
    private static bool IsHangul(Rune rune) =>
        rune.Value is (>= 0xAC00 and <= 0xD7A3) or (>= 0x1100 and <= 0x115F);

    private static bool IsIn(string characters, Rune rune) =>
        rune.IsBmp && characters.Contains((char)rune.Value, StringComparison.Ordinal);

    private static Rune RuneAt(ReadOnlySpan<char> text, int index) =>
        Rune.DecodeFromUtf16(text[index..], out var rune, out _) == OperationStatus.Done
            ? rune
            : Rune.ReplacementChar;
}
