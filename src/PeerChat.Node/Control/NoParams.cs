namespace PeerChat.Node.Control;

/// <summary>A request with no parameters.</summary>
internal sealed record NoParams;
