using System.Globalization;
using System.Text;
using PeerChat.Node.Storage;

namespace PeerChat.Node.Profiles;

/// <summary>The configuration file: lines of <c>key = value</c> with comments after <c>#</c>, all of which survive a change.</summary>
public sealed class ConfigFile
{
    /// <summary>The size above which a file is not read: a hand-written one has a few hundred bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxQuotedCharacters = 40; // so that a problem stays a line

    private readonly ConfigKeyList _keys;
    private readonly List<string> _lines;
    private readonly List<ConfigProblem> _problems = [];
    private readonly string _newLine;

    private ConfigFile(IEnumerable<string> lines, string newLine, ConfigKeyList keys)
    {
        _keys = keys;
        _lines = [.. lines];
        _newLine = newLine;
        Check();
    }

    /// <summary>What PeerChat cannot use, in the order of lines; everything else counts.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>Everything that counts, in the order of lines.</summary>
    public IReadOnlyList<ConfigSetting> Settings =>
        [
            .. _lines
                .Select((_, index) => SettingAt(index))
                .OfType<ConfigSetting>()
                .GroupBy(setting => setting.Key)
                .Select(group => group.Last())
                .OrderBy(setting => setting.Line),
        ];

    /// <summary>Whether the name may be announced; null where the user has not said.</summary>
    public bool? AnnounceName
    {
        get => Find(ConfigKey.AnnounceName.Name) is { } setting ? ConfigType.ParseYesNo(setting.Value) : null;
        set =>
            Set(
                ConfigKey.AnnounceName.Name,
                value switch
                {
                    true => "yes",
                    false => "no",
                    null => null,
                }
            );
    }

    /// <summary>The UDP port to use; null for any.</summary>
    public int? Port
    {
        get =>
            Find(ConfigKey.Port.Name) is { } setting
                ? int.Parse(setting.Value, CultureInfo.InvariantCulture)
                : null;
        set => Set(ConfigKey.Port.Name, value?.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Reads the file; a missing one is an empty one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">The keys there are; null for the node's own alone.</param>
    /// <exception cref="StorageException">It cannot be read, or is too large to be a configuration.</exception>
    public static ConfigFile Load(string path, ConfigKeyList? keys = null)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new StorageException(
                    StorageProblem.Other,
                    $"{path} is a folder, so it cannot be PeerChat's configuration; move it away."
                );
            }

            using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes
                ? throw new StorageException(
                    StorageProblem.Other,
                    $"{path} is larger than {MaxBytes / 1024} KiB, so it cannot be PeerChat's configuration; move it away."
                )
                : Parse(ConfigText.Decode(bytes.AsSpan(0, length)), keys);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Parse("", keys);
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The configuration could not be read", path);
        }
    }

    /// <summary>Reads the file as a start does, which no file may stop: one that cannot be read is an empty one with that problem.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">The keys there are; null for the node's own alone.</param>
    public static ConfigFile LoadForStart(string path, ConfigKeyList? keys = null)
    {
        try
        {
            return Load(path, keys);
        }
        catch (StorageException unreadable)
        {
            var empty = Parse("", keys);
            empty._problems.Add(new ConfigProblem(0, unreadable.Message));
            return empty;
        }
    }

    /// <summary>Reads the text of a file. Never fails: what makes no sense is in <see cref="Problems"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keys">The keys there are; null for the node's own alone.</param>
    public static ConfigFile Parse(string text, ConfigKeyList? keys = null)
    {
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return new ConfigFile(lines, newLine, keys ?? ConfigKeyList.OfNode);
    }

    /// <summary>
    /// Changes the file on the disk: reads it, changes it, replaces it whole. Another process that does the same waits for its turn, so
    /// that neither loses the other's key.
    /// </summary>
    /// <param name="path">The file; a missing one is made.</param>
    /// <param name="keys">The keys there are.</param>
    /// <param name="change">Changes it; called again on what is there by then when an editor wrote the file in between.</param>
    /// <exception cref="StorageException">It cannot be read or written, or another process keeps it.</exception>
    public static void Update(string path, ConfigKeyList keys, Action<ConfigFile> change)
    {
        using var turn = ConfigTurn.Take(path);
        while (true)
        {
            var file = Load(path, keys);
            var before = file.ToString();
            change(file);
            if (file.ToString() == before)
            {
                return;
            }

            if (Load(path, keys).ToString() == before)
            {
                file.Save(path);
                return;
            }
        }
    }

    /// <summary>Makes the file where there is none.</summary>
    /// <exception cref="StorageException">It cannot be written, or another process keeps it.</exception>
    public static void Create(string path, string text)
    {
        using var turn = ConfigTurn.Take(path);
        if (!File.Exists(path))
        {
            Parse(text).Save(path);
        }
    }

    /// <summary>Writes the file, with all its comments.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            PrivateFile.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            // A link into a folder of dotfiles stays a link, and who shares the file with others goes on doing so.
            var target = new FileInfo(path).LinkTarget is null
                ? Path.GetFullPath(path)
                : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
            PrivateFile.Replace(target, Encoding.UTF8.GetBytes(ToString()), keepMode: true, isShared: true);
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The configuration could not be written", path);
        }
    }

    /// <summary>The whole text of the file.</summary>
    public override string ToString() => string.Concat(_lines.Select(line => line + _newLine));

    /// <summary>What counts for a key: its own line, otherwise that of the key it falls back to. Null where neither is given.</summary>
    public ConfigSetting? Find(string name) =>
        _keys.Find(name) is { } key
            ? Own(key.Name) ?? (key.Fallback is { } general ? Own(general) : null)
            : null;

    /// <summary>The key's own line that counts: the last one with a usable value. Null where there is none.</summary>
    public ConfigSetting? Own(string name)
    {
        for (var i = _lines.Count - 1; i >= 0; i--)
        {
            if (ConfigLine.Parse(_lines[i]).IsSettingOf(name) && SettingAt(i) is { } setting)
            {
                return setting;
            }
        }

        return null;
    }

    /// <summary>Gives a key a value, or takes it out of the file.</summary>
    /// <param name="name">The key's name.</param>
    /// <param name="value">The value; null takes the key out.</param>
    /// <exception cref="ConfigException">There is no such key, or the value is not allowed; the message is the sentence for the user.</exception>
    public void Set(string name, string? value)
    {
        if (_keys.Find(name) is not { } key)
        {
            throw new ConfigException(UnknownKey(name));
        }

        if (value is null)
        {
            _lines.RemoveAll(text => ConfigLine.Parse(text).IsSettingOf(key.Name));
        }
        else
        {
            Put(key, value);
        }

        Check();
    }

    private void Put(ConfigKey key, string value)
    {
        var name = key.Name;
        if (!key.Type.Accepts(value))
        {
            throw new ConfigException(WrongValue(key, value));
        }

        var written = $"{name} = {value}";
        if (ConfigLine.Parse(written) is not { Kind: ConfigLineKind.Setting } read || read.Value != value)
        {
            throw new ConfigException(
                $"The value of {name} cannot be written to the file: no blank may stand at its ends or before a #."
            );
        }

        if (Own(name) is { } present)
        {
            _lines[present.Line - 1] = ConfigLine.Parse(_lines[present.Line - 1]).With(value);
        }
        else if (_lines.FindIndex(line => ConfigLine.IsCommentedOut(line, name)) is var explained and >= 0)
        {
            _lines.Insert(explained + 1, written);
        }
        else
        {
            if (_lines.Count == 0)
            {
                _lines.AddRange(ConfigExample.Heading);
            }

            _lines.AddRange(["", .. ConfigExample.Comment(key), written]);
        }
    }

    private ConfigSetting? SettingAt(int index)
    {
        var line = ConfigLine.Parse(_lines[index]);
        return
            line.Kind == ConfigLineKind.Setting
            && _keys.Find(line.Key) is { } key
            && key.Type.Accepts(line.Value)
            ? new ConfigSetting(key, line.Value, index + 1)
            : null;
    }

    private void Check()
    {
        _problems.Clear();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < _lines.Count; i++)
        {
            var number = i + 1;
            var line = ConfigLine.Parse(_lines[i]);
            if (line.Kind == ConfigLineKind.Nonsense)
            {
                _problems.Add(new(number, $"\"{Quote(_lines[i].Trim())}\" is not of the form key = value."));
            }
            else if (line.Kind == ConfigLineKind.Setting)
            {
                CheckSetting(number, line, seen);
            }
        }
    }

    private void CheckSetting(int number, ConfigLine line, Dictionary<string, int> seen)
    {
        if (_keys.Find(line.Key) is not { } key)
        {
            _problems.Add(new(number, UnknownKey(line.Key)));
        }
        else if (!key.Type.Accepts(line.Value))
        {
            _problems.Add(new(number, WrongValue(key, line.Value)));
        }
        else
        {
            if (seen.TryGetValue(line.Key, out var first))
            {
                _problems.Add(
                    new(number, $"{key.Name} is already given in line {first}; the last one counts.")
                );
            }

            seen[line.Key] = number;
        }
    }

    private string UnknownKey(string name) => $"There is no key \"{Quote(name)}\"; {_keys.Hint(name)}";

    private static string WrongValue(ConfigKey key, string value) =>
        $"The value of {key.Name} must be {key.Type.Allowed}, not \"{Quote(value)}\".";

    private static string Quote(string text) =>
        text.Length <= MaxQuotedCharacters ? text : text[..MaxQuotedCharacters] + "…";
}
