namespace PeerChat.Tui.Output;

/// <summary>A PeerServer or tracker in use, in JSON output.</summary>
internal sealed record JsonService(string Rung, string Endpoint, string State, string Problem);
