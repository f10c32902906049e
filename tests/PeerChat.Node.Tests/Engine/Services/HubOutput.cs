namespace PeerChat.Node.Tests.Engine.Services;

/// <summary>What a PeerServer wants said on a connection.</summary>
/// <param name="Connection">Which.</param>
/// <param name="Text">The message; null closes the connection once all is said.</param>
internal sealed record HubOutput(int Connection, string? Text);
