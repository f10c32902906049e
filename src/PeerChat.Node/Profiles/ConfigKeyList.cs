namespace PeerChat.Node.Profiles;

/// <summary>The keys that a configuration file may hold: the node's own, and those of a program around it.</summary>
public sealed class ConfigKeyList
{
    // A typing mistake or two; more than that is another word.
    private const int MaxHintDistance = 3;

    // A sentence can list so many; above that the reader is sent to the whole list.
    private const int MaxListed = 4;

    private readonly Dictionary<string, ConfigKey> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the list.</summary>
    /// <param name="more">Keys beside the node's own. One with the name of a node's key stands in its place.</param>
    public ConfigKeyList(IEnumerable<ConfigKey> more)
    {
        var given = more.ToList();
        var names = given.Select(key => key.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        All = [.. ConfigKey.OfNode.Where(key => !names.Contains(key.Name)), .. given];
        foreach (var key in All)
        {
            _byName[key.Name] = key;
        }
    }

    /// <summary>The node's own keys alone.</summary>
    public static ConfigKeyList OfNode { get; } = new([]);

    /// <summary>All keys, in the order in which a file explains them.</summary>
    public IReadOnlyList<ConfigKey> All { get; }

    /// <summary>The key of that name; null where there is none.</summary>
    public ConfigKey? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A sentence's second half about a name that is no key: the nearest one, or where to find them all.</summary>
    public string Hint(string name) =>
        Nearest(name) is { } nearest ? $"did you mean {nearest}?"
        : All.Count <= MaxListed ? $"the keys are {string.Join(", ", All.Select(known => known.Name))}."
        : "'peerchat config list' shows all keys.";

    private string? Nearest(string name) =>
        _byName
            .Keys.Select(known => (Known: known, Distance: EditDistance(known, name.ToLowerInvariant())))
            .Where(pair => pair.Distance <= Math.Min(MaxHintDistance, pair.Known.Length / 2))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Known, StringComparer.Ordinal)
            .Select(pair => pair.Known)
            .FirstOrDefault();

    // Levenshtein's distance, one row at a time.
    private static int EditDistance(string left, string right)
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
