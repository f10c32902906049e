namespace PeerChat.Node.Profiles;

/// <summary>One line of the configuration file, with what has to survive a change of its value.</summary>
/// <param name="Kind">What the line is.</param>
/// <param name="Key">The key as written; empty where it is no setting.</param>
/// <param name="Value">The value without the comment behind it.</param>
/// <param name="Before">Everything before the value.</param>
/// <param name="After">Everything after it.</param>
internal readonly record struct ConfigLine(
    ConfigLineKind Kind,
    string Key,
    string Value,
    string Before,
    string After
)
{
    /// <summary>Takes a line apart.</summary>
    public static ConfigLine Parse(string line)
    {
        var content = line.AsSpan(0, CommentStart(line)).TrimEnd();
        if (content.IsWhiteSpace())
        {
            return new ConfigLine(ConfigLineKind.Comment, "", "", line, "");
        }

        var equals = content.IndexOf('=');
        var key = equals < 0 ? [] : content[..equals].Trim();
        if (key.IsEmpty)
        {
            return new ConfigLine(ConfigLineKind.Nonsense, "", "", line, "");
        }

        var value = content[(equals + 1)..].TrimStart();
        return new ConfigLine(
            ConfigLineKind.Setting,
            key.ToString(),
            value.ToString(),
            line[..(content.Length - value.Length)],
            line[content.Length..]
        );
    }

    /// <summary>Whether a line explains a key by a setting that is commented out, as the example file does.</summary>
    public static bool IsCommentedOut(string line, string name)
    {
        var text = line.AsSpan().Trim();
        return text.StartsWith('#') && Parse(text[1..].ToString()).IsSettingOf(name);
    }

    /// <summary>Whether the line is a setting of the name given.</summary>
    public bool IsSettingOf(string name) =>
        Kind == ConfigLineKind.Setting && Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The same line with another value.</summary>
    public string With(string value) => Before + value + After;

    // A # begins a comment at the start of the line or after a blank, so that values may contain one.
    private static int CommentStart(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '#' && (i == 0 || char.IsWhiteSpace(line[i - 1])))
            {
                return i;
            }
        }

        return line.Length;
    }
}
