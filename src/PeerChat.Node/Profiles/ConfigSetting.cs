namespace PeerChat.Node.Profiles;

/// <summary>A key that the configuration file gives a usable value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Name">The name that stands there: the key's own, or that for one command.</param>
/// <param name="Value">The value, which the key accepts.</param>
/// <param name="Line">The line, counted from 1.</param>
public sealed record ConfigSetting(ConfigKey Key, string Name, string Value, int Line);
