namespace PeerChat.Tui.Settings;

/// <summary>A setting in JSON output.</summary>
/// <param name="V">The version of the format.</param>
/// <param name="Type">Always <c>setting</c>.</param>
/// <param name="Key">The name that was asked for.</param>
/// <param name="Value">What counts; null where nothing does.</param>
/// <param name="Source"><c>flag</c>, <c>variable</c>, <c>file</c>, <c>default</c> or <c>none</c>.</param>
/// <param name="Place">The source for people.</param>
/// <param name="Allowed">What a value may be.</param>
/// <param name="Summary">What the key means.</param>
/// <param name="NeedsRestart">Whether a running node goes on as before until it is started again.</param>
internal sealed record SettingJson(
    int V,
    string Type,
    string Key,
    string? Value,
    string Source,
    string Place,
    string Allowed,
    string Summary,
    bool NeedsRestart
);
