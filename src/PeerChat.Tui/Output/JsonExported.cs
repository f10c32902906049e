namespace PeerChat.Tui.Output;

/// <summary>An export that was written, as a JSON line.</summary>
internal sealed record JsonExported(int V, string Type, string Chat, string File, int Messages);
