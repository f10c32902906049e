using PeerChat.Node.Profiles;

namespace PeerChat.Tui.Settings;

/// <summary>Finds what counts for a key: a flag, else an environment variable, else the file, else the default.</summary>
/// <param name="keys">The keys there are.</param>
/// <param name="file">The configuration.</param>
/// <param name="path">Where the configuration lies.</param>
/// <param name="variable">The environment.</param>
/// <param name="flags">Flags that were given on the command line, by the general name of their key.</param>
internal sealed class SettingLookup(
    ConfigKeyList keys,
    ConfigFile file,
    string path,
    Func<string, string?> variable,
    IReadOnlyDictionary<string, string>? flags = null
)
{
    /// <summary>Every key with what counts for it, and every line for one command alone.</summary>
    public IEnumerable<Setting> All()
    {
        foreach (var key in keys.All)
        {
            yield return Find(key.Name)!;
            foreach (var name in key.Names.Skip(1).Where(name => file.Find(name) is not null))
            {
                yield return Find(name)!;
            }
        }
    }

    /// <summary>What counts for a name: the general name of a key, or that for one command. Null where there is no such key.</summary>
    public Setting? Find(string name)
    {
        if (keys.Find(name) is not { } key)
        {
            return null;
        }

        name = name.ToLowerInvariant();
        var command = name == key.Name ? null : name[..^(key.Name.Length + 1)];
        if (flags?.GetValueOrDefault(key.Name) is { } flag)
        {
            return new Setting(name, key, flag, SettingSource.Flag, $"flag --{key.Name}");
        }

        if (key.Variable is { } named && variable(named) is { Length: > 0 } set)
        {
            return new Setting(name, key, set, SettingSource.Variable, $"environment variable {named}");
        }

        if (file.Find(key.Name, command) is { } line)
        {
            return new Setting(name, key, line.Value, SettingSource.File, $"{path}, line {line.Line}");
        }

        return key.DefaultFor(command) is { } otherwise
            ? new Setting(name, key, otherwise, SettingSource.Default, "default")
            : new Setting(name, key, null, SettingSource.None, "");
    }
}
