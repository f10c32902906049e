namespace PeerChat.Tui.Output;

/// <summary>The first line of an export in JSON.</summary>
internal sealed record JsonExport(int V, string Type, string Room, string Title);
