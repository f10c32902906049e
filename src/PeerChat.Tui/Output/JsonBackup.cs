namespace PeerChat.Tui.Output;

/// <summary>A backup that was written, as a JSON line.</summary>
internal sealed record JsonBackup(int V, string Type, string Name, string File, long Bytes, bool Protected);
