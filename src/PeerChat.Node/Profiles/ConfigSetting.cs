namespace PeerChat.Node.Profiles;

/// <summary>A key that the configuration file gives a usable value.</summary>
/// <param name="Key">The key whose line it is.</param>
/// <param name="Value">The value, which the key accepts.</param>
/// <param name="Line">The line, counted from 1.</param>
public sealed record ConfigSetting(ConfigKey Key, string Value, int Line);
