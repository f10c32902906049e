using System.Text.Json;
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
            ? $"{setting.Key.Name} = {value}  # {setting.Place}"
            : $"# {setting.Key.Name} is not set";

    /// <summary>Everything about a key, in a few lines.</summary>
    public static IEnumerable<string> Explanation(Setting setting)
    {
        var key = setting.Key;
        yield return Line(setting);
        yield return "  " + key.Summary;
        yield return $"  A value must be {key.Type.Allowed}.";
        if (key.Default is { } otherwise && setting.Source != SettingSource.Default)
        {
            yield return $"  Without the key: {otherwise}.";
        }

        if (key.Variable is { } variable)
        {
            yield return $"  The environment variable {variable} says the same and counts before the file.";
        }

        if (key.Fallback is { } general)
        {
            yield return $"  Where it is not given, {general} counts.";
        }

        if (key.NeedsRestart)
        {
            yield return "  A running node goes on as before until it is started again.";
        }
    }
}
