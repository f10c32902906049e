using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PeerChat.Rooms.Identity.Unicode;

/// <summary>Unicode Normalization Form C (UAX #15), from a table of our own because the program runs without ICU.</summary>
public static class Nfc
{
    /// <summary>The version of Unicode the table was made from.</summary>
    public static string UnicodeVersion => NormalizationTables.UnicodeVersion;

    /// <summary>Normalises a text; false when half of a surrogate pair stands alone.</summary>
    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (System.Text.Ascii.IsValid(text))
        {
            normalized = text;
            return true;
        }

        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; )
        {
            if (
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var units)
                != System.Buffers.OperationStatus.Done
            )
            {
                return false;
            }

            Decompose(rune.Value, points);
            i += units;
        }

        Reorder(points);
        Compose(points);
        var result = new StringBuilder(points.Count);
        foreach (var point in points)
        {
            result.Append(new Rune(point).ToString());
        }

        normalized = result.ToString();
        return true;
    }

    /// <summary>A text in Normalization Form D; as it is where half of a surrogate pair stands alone.</summary>
    public static string Decompose(string text)
    {
        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; )
        {
            if (
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var units)
                != System.Buffers.OperationStatus.Done
            )
            {
                return text;
            }

            Decompose(rune.Value, points);
            i += units;
        }

        Reorder(points);
        return string.Concat(points.Select(char.ConvertFromUtf32));
    }

    /// <summary>Full canonical decomposition (UAX #15; Hangul: Unicode standard section 3.12).</summary>
    private static void Decompose(int point, List<int> output)
    {
        if (Hangul.TryDecompose(point, output))
        {
            return;
        }

        if (NormalizationLookup.TryDecompose(point, out var first, out var second))
        {
            Decompose(first, output);
            if (second != 0)
            {
                Decompose(second, output);
            }

            return;
        }

        output.Add(point);
    }

    /// <summary>Canonical ordering: marks between two starters stably by their combining class.</summary>
    private static void Reorder(List<int> points)
    {
        for (var start = 0; start < points.Count; )
        {
            if (NormalizationLookup.ClassOf(points[start]) == 0)
            {
                start++;
                continue;
            }

            var end = start;
            while (end < points.Count && NormalizationLookup.ClassOf(points[end]) != 0)
            {
                end++;
            }

            // OrderBy is stable and not quadratic, whatever a peer sends.
            var sorted = points.GetRange(start, end - start).OrderBy(NormalizationLookup.ClassOf).ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                points[start + i] = sorted[i];
            }

            start = end;
        }
    }

    /// <summary>Canonical composition, in place: each mark that is not blocked joins the last starter where a composite exists.</summary>
    private static void Compose(List<int> points)
    {
        var (starter, written, lastClass) = (-1, 0, 0);
        for (var read = 0; read < points.Count; read++)
        {
            var point = points[read];
            var ownClass = NormalizationLookup.ClassOf(point);
            var adjacent = starter >= 0 && written == starter + 1;
            // Blocked when something of the same or a higher class stands between.
            var reachable = starter >= 0 && (adjacent || (lastClass != 0 && lastClass < ownClass));
            if (reachable && TryComposePair(points[starter], point, out var composite))
            {
                points[starter] = composite;
                continue;
            }

            if (ownClass == 0)
            {
                starter = written;
            }

            lastClass = ownClass;
            points[written] = point;
            written++;
        }

        points.RemoveRange(written, points.Count - written);
    }

    private static bool TryComposePair(int first, int second, out int composite) =>
        Hangul.TryCompose(first, second, out composite)
        || NormalizationLookup.TryCompose(first, second, out composite);
}
