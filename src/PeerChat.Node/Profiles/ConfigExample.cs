using System.Text;

namespace PeerChat.Node.Profiles;

/// <summary>What a configuration file says about itself.</summary>
public static class ConfigExample
{
    private const int Width = 78; // a comment line fits a terminal of 80 columns

    /// <summary>The first lines of a new file.</summary>
    internal static IReadOnlyList<string> Heading { get; } =
    [
        "# PeerChat's configuration: key = value. Text after # is a comment.",
        "# A key such as send.timeout is for one command alone and wins over the general one, timeout.",
        "# 'peerchat config list' shows every key, 'peerchat config explain KEY' what one means and where its value comes from.",
    ];

    /// <summary>A whole file with every key, its meaning and its default, all of it commented out.</summary>
    public static string Text(ConfigKeyList keys)
    {
        var text = new StringBuilder();
        foreach (var line in Heading)
        {
            text.Append(line).Append('\n');
        }

        foreach (var key in keys.All)
        {
            text.Append('\n');
            foreach (var line in Comment(key))
            {
                text.Append(line).Append('\n');
            }

            text.Append("# ")
                .Append(key.Name)
                .Append(" = ")
                .Append(key.Default ?? key.Type.Example)
                .Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What stands above a key.</summary>
    internal static IEnumerable<string> Comment(ConfigKey key)
    {
        var sentences = key.Summary.TrimEnd();
        sentences += sentences.EndsWith('.') ? "" : ".";
        sentences += $" Must be {key.Type.Allowed}.";
        sentences += key.Default is { } value ? $" Without the key: {value}." : "";
        sentences += key.Fallback is { } general ? $" Where it is not given, {general} counts." : "";
        return Wrap(sentences);
    }

    private static IEnumerable<string> Wrap(string text)
    {
        var line = new StringBuilder("#");
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 1 && line.Length + 1 + word.Length > Width)
            {
                yield return line.ToString();
                line.Clear().Append('#');
            }

            line.Append(' ').Append(word);
        }

        yield return line.ToString();
    }
}
