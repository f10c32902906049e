namespace PeerChat.Tui.Output;

/// <summary>A profile that was restored, as a JSON line.</summary>
internal sealed record JsonRestored(int V, string Type, string Name, string Folder);
