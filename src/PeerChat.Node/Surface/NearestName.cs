namespace PeerChat.Node;

/// <summary>Which known name was probably meant: a verb, a key, a method.</summary>
public static class NearestName
{
    /// <summary>A typing mistake or two; more than that is another word.</summary>
    private const int MaxDistance = 3;

    /// <summary>Longer than any of ours; comparing costs the square of it.</summary>
    private const int MaxLength = 64;

    /// <summary>The nearest of the known names, or null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known) =>
        name.Length > MaxLength
            ? null
            : known
                .Select(one => (Name: one, Distance: Distance(one, name)))
                .Where(pair => pair.Distance <= Math.Min(MaxDistance, pair.Name.Length / 2))
                .OrderBy(pair => pair.Distance)
                .ThenBy(pair => pair.Name, StringComparer.Ordinal)
                .FirstOrDefault()
                .Name;

    /// <summary>A hint to end a sentence with: the nearest name, or all of them.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> known) =>
        Of(name, known) is { } nearest ? $"did you mean {nearest}?"
        : known.Count == 0 ? "there are none."
        : $"there are {string.Join(", ", known)}.";

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                row[j] = Math.Min(diagonal + (same ? 0 : 1), Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
