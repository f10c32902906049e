using PeerChat.Node.Profiles;

namespace PeerChat.Tui.Settings;

/// <summary>
/// Finds what counts for a key: a flag, else an environment variable, else the file, else the default. In each place a key for one
/// command wins over the general one.
/// </summary>
/// <param name="keys">The keys there are.</param>
/// <param name="file">The configuration.</param>
/// <param name="path">Where the configuration lies.</param>
/// <param name="variable">The environment.</param>
/// <param name="flags">Flags that were given on the command line, by the name of their key.</param>
internal sealed class SettingLookup(
    ConfigKeyList keys,
    ConfigFile file,
    string path,
    Func<string, string?> variable,
    IReadOnlyDictionary<string, string> flags
)
{
    /// <summary>Every key with what counts for it.</summary>
    public IEnumerable<Setting> All() => keys.All.Select(Of);

    /// <summary>What counts for a key of that name. Null where there is no such key.</summary>
    public Setting? Find(string name) => keys.Find(name) is { } key ? Of(key) : null;

    private Setting Of(ConfigKey key)
    {
        if (flags.TryGetValue(key.Name, out var flag))
        {
            return new Setting(key, flag, SettingSource.Flag, $"flag --{key.Name}");
        }

        var general = key.Fallback is { } name ? keys.Find(name) : null;
        foreach (var named in new[] { key.Variable, general?.Variable }.OfType<string>())
        {
            if (variable(named) is { Length: > 0 } set)
            {
                return new Setting(key, set, SettingSource.Variable, $"environment variable {named}");
            }
        }

        if (file.Find(key.Name) is { } setting)
        {
            return new Setting(key, setting.Value, SettingSource.File, $"{path}, line {setting.Line}");
        }

        return key.Default is { } otherwise
            ? new Setting(key, otherwise, SettingSource.Default, "default")
            : new Setting(key, null, SettingSource.None, "");
    }
}
