namespace PeerChat.Node.Profiles;

/// <summary>The keys that a configuration file may hold: the node's own, and those of a program around it.</summary>
public sealed class ConfigKeyList
{
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
        NearestName.Of(name, _byName.Keys) is { } nearest ? $"did you mean {nearest}?"
        : All.Count <= MaxListed ? $"the keys are {string.Join(", ", All.Select(known => known.Name))}."
        : "'peerchat config list' shows all keys.";
}
