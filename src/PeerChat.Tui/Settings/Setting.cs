using PeerChat.Node.Profiles;

namespace PeerChat.Tui.Settings;

/// <summary>What counts for a key, and why.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; null where there is none.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Place">The source for the user: <c>flag --wait</c>, <c>PEERCHAT_INTERFACES</c>, a file and its line; empty for none.</param>
internal sealed record Setting(ConfigKey Key, string? Value, SettingSource Source, string Place);
