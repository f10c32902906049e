namespace PeerChat.Tui.Output;

/// <summary>A code to be pasted at the other side, in JSON output.</summary>
internal sealed record JsonCode(int V, string Type, string Code, int LifetimeSeconds);
