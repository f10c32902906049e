using PeerChat.Primitives;

namespace PeerChat.Node.Engine;

/// <summary>One of the node's sockets.</summary>
/// <param name="Address">Where it is bound.</param>
/// <param name="InterfaceIndex">The interface the address belongs to.</param>
internal sealed record LocalPort(TransportAddress Address, int InterfaceIndex);
