namespace PeerChat.Tui.Output;

/// <summary>A bundle that was taken in, as a JSON line.</summary>
internal sealed record JsonBundleTaken(int V, string Type, string Chat, string File, int Entries);
