namespace PeerChat.Tui.Commands;

/// <summary>Which of the known words was probably meant.</summary>
internal static class NearestWord
{
    // A typing mistake or two; more than that is another word
    private const int MaxDistance = 2;

    // Nobody mistypes a name so long; an endless word must cost nothing
    private const int MaxLength = 40;

    /// <summary>The nearest word, or null where none is near.</summary>
    public static string? Of(string word, IEnumerable<string> known) =>
        word.Length > MaxLength
            ? null
            : known
                .Select(name => (Name: name, Distance: Distance(name, word.ToLowerInvariant())))
                .Where(pair => pair.Distance <= Math.Min(MaxDistance, pair.Name.Length / 2))
                .OrderBy(pair => pair.Distance)
                .FirstOrDefault()
                .Name;

    // Levenshtein's distance, one row at a time
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
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(substituted, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
