namespace PeerChat.Tui.Output;

/// <summary>A bundle that was written, as a JSON line.</summary>
internal sealed record JsonBundle(int V, string Type, string Chat, string File, long Bytes);
