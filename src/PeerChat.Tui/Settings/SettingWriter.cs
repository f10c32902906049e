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
                setting.Name,
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
            ? $"{setting.Name} = {value}  # {setting.Place}"
            : $"# {setting.Name} is not set";

    /// <summary>Everything about a key, in a few lines.</summary>
    public static IEnumerable<string> Explanation(Setting setting)
    {
        var key = setting.Key;
        yield return Line(setting);
        yield return "  " + key.Summary;
        yield return $"  A value must be {key.Type.Allowed}.";
        if (key.DefaultFor(CommandOf(setting)) is { } otherwise && setting.Source != SettingSource.Default)
        {
            yield return $"  Without the key: {otherwise}.";
        }

        if (key.Variable is { } variable)
        {
            yield return $"  The environment variable {variable} says the same and counts before the file.";
        }

        if (key.Commands.Count > 0)
        {
            yield return "  For one command alone: "
                + string.Join(", ", key.Commands.Select(command => key.NameFor(command)))
                + ".";
        }

        if (key.NeedsRestart)
        {
            yield return "  A running node goes on as before until it is started again.";
        }
    }

    private static string? CommandOf(Setting setting) =>
        setting.Name == setting.Key.Name ? null : setting.Name[..^(setting.Key.Name.Length + 1)];
}
