namespace PeerChat.Tui.Output;

/// <summary>What was imported, as a JSON line.</summary>
internal sealed record JsonImported(int V, string Type, string Chat, int Added, int Known, int TooOld);
