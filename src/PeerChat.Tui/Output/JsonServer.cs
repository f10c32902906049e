namespace PeerChat.Tui.Output;

/// <summary>A STUN or TURN server in use, in JSON output.</summary>
internal sealed record JsonServer(string Server, string Address, string Problem);
