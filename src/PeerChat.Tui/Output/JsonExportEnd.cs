namespace PeerChat.Tui.Output;

/// <summary>The last line of an export in JSON; without it the file was cut off.</summary>
internal sealed record JsonExportEnd(int V, string Type, int Messages);
