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

    private const string Heading = "# PeerChat's configuration: key = value. Text after # is a comment.";

    private readonly List<string> _lines;
    private readonly List<ConfigProblem> _problems = [];

    private ConfigFile(IEnumerable<string> lines)
    {
        _lines = [.. lines];
        Check();
    }

    /// <summary>What PeerChat cannot use, in the order of lines; everything else counts.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>Whether the name may be announced; null where the user has not said.</summary>
    public bool? AnnounceName
    {
        get => Value(ConfigKey.AnnounceName) is { } value ? ConfigKey.ParseYesNo(value) : null;
        set =>
            Set(
                ConfigKey.AnnounceName,
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
        get => Value(ConfigKey.Port) is { } value ? ConfigKey.ParsePort(value) : null;
        set => Set(ConfigKey.Port, value?.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Reads the file; a missing one is an empty one.</summary>
    /// <exception cref="StorageException">It cannot be read, or is too large to be a configuration.</exception>
    public static ConfigFile Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Parse("");
            }

            if (file.Length > MaxBytes)
            {
                throw new StorageException(
                    StorageProblem.Other,
                    $"{path} is larger than {MaxBytes / 1024} KiB, so it cannot be PeerChat's configuration; move it away."
                );
            }

            return Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The configuration could not be read", path);
        }
    }

    /// <summary>Reads the text of a file. Never fails: what makes no sense is in <see cref="Problems"/>.</summary>
    public static ConfigFile Parse(string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return new ConfigFile(lines);
    }

    /// <summary>Writes the file, with all its comments.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            PrivateFile.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            // A link into a folder of dotfiles stays a link.
            var target = File.Exists(path)
                ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName
                : null;
            PrivateFile.Replace(target ?? path, Encoding.UTF8.GetBytes(ToString()));
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The configuration could not be written", path);
        }
    }

    /// <summary>The whole text of the file.</summary>
    public override string ToString() => string.Concat(_lines.Select(line => line + "\n"));

    private string? Value(ConfigKey key) =>
        LineOf(key) is { } index ? ConfigLine.Parse(_lines[index]).Value : null;

    // The last line with a usable value counts, as the problem about doubled keys says.
    private int? LineOf(ConfigKey key)
    {
        for (var i = _lines.Count - 1; i >= 0; i--)
        {
            var line = ConfigLine.Parse(_lines[i]);
            if (
                line.Kind == ConfigLineKind.Setting
                && ConfigKey.Find(line.Key) == key
                && key.Accepts(line.Value)
            )
            {
                return i;
            }
        }

        return null;
    }

    private void Set(ConfigKey key, string? value)
    {
        if (value is not null && !key.Accepts(value))
        {
            throw new ArgumentException($"The value of {key.Name} must be {key.Allowed}.", nameof(value));
        }

        if (value is null)
        {
            _lines.RemoveAll(text =>
                ConfigLine.Parse(text) is { Kind: ConfigLineKind.Setting } line
                && ConfigKey.Find(line.Key) == key
            );
        }
        else if (LineOf(key) is { } index)
        {
            _lines[index] = ConfigLine.Parse(_lines[index]).With(value);
        }
        else
        {
            if (_lines.Count == 0)
            {
                _lines.Add(Heading);
            }

            _lines.AddRange(["", "# " + key.Comment, $"{key.Name} = {value}"]);
        }

        Check();
    }

    private void Check()
    {
        _problems.Clear();
        var seen = new Dictionary<ConfigKey, int>();
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

    private void CheckSetting(int number, ConfigLine line, Dictionary<ConfigKey, int> seen)
    {
        if (ConfigKey.Find(line.Key) is not { } key)
        {
            var hint = ConfigKey.Nearest(line.Key) is { } nearest
                ? $"did you mean {nearest.Name}?"
                : $"the keys are {string.Join(", ", ConfigKey.All.Select(known => known.Name))}.";
            _problems.Add(new(number, $"There is no key \"{Quote(line.Key)}\"; {hint}"));
        }
        else if (!key.Accepts(line.Value))
        {
            _problems.Add(
                new(number, $"The value of {key.Name} must be {key.Allowed}, not \"{Quote(line.Value)}\".")
            );
        }
        else
        {
            if (seen.TryGetValue(key, out var first))
            {
                _problems.Add(
                    new(number, $"{key.Name} is already given in line {first}; the last one counts.")
                );
            }

            seen[key] = number;
        }
    }

    private static string Quote(string text) =>
        text.Length <= MaxQuotedCharacters ? text : text[..MaxQuotedCharacters] + "…";
}
