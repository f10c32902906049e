namespace PeerChat.Tui.Output;

/// <summary>Whether a passphrase protects a profile's keys, as a JSON line.</summary>
internal sealed record JsonProtection(int V, string Type, string Name, bool Protected);
