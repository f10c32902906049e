namespace PeerChat.Tui.Output;

/// <summary>A face of the node, in JSON output.</summary>
internal sealed record JsonFace(string Kind, int ProcessId, string Since);
