namespace PeerChat.Tui.Output;

/// <summary>One's own identity, in JSON output.</summary>
internal sealed record JsonIdentity(int V, string Type, string Name, string Id, string ShortId);
