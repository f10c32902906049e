using System.Text.Json;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Settings;

/// <summary>Says what counts, to people and to scripts.</summary>
internal static class SettingWriter
{
    private const int Version = 1;

    /// <summary>One JSON line.</summary>
    public static string Json(Setting setting) =>
        JsonSerializer.Serialize(
            new SettingJson(
                Version,
                "setting",
                setting.Key.Name,
                setting.Value,
                JsonNamingPolicy.KebabCaseLower.ConvertName(setting.Source.ToString()),
                setting.Place,
                setting.Key.Type.Allowed,
                setting.Key.Summary,
                setting.Key.NeedsRestart
            ),
            JsonShapes.Default.SettingJson
        );

    /// <summary>One line: the key, what counts, and where it comes from.</summary>
    public static string Line(Setting setting) =>
        setting.Value is { } value
            ? $"{setting.Key.Name} = {value}  # {Words.FromNode(setting.Place)}"
            : "# " + Words.Of($"{setting.Key.Name} is not set");

    /// <summary>Everything about a key, in a few lines.</summary>
    public static IEnumerable<string> Explanation(Setting setting)
    {
        var key = setting.Key;
        yield return Line(setting);
        yield return "  " + Words.FromNode(key.Summary);
        yield return "  " + Words.Of($"A value must be {Words.FromNode(key.Type.Allowed)}.");
        if (key.Default is { } otherwise && setting.Source != SettingSource.Default)
        {
            yield return "  " + Words.Of($"Without the key: {otherwise}.");
        }

        if (key.Variable is { } variable)
        {
            yield return "  "
                + Words.Of($"The environment variable {variable} says the same and counts before the file.");
        }

        if (key.Fallback is { } general)
        {
            yield return "  " + Words.Of($"Where it is not given, {general} counts.");
        }

        if (key.NeedsRestart)
        {
            yield return "  " + Words.Of("A running node goes on as before until it is started again.");
        }
    }
}
