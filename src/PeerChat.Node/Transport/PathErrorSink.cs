using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>Hears that a datagram could not be sent, or was sent in vain; on whichever thread noticed it.</summary>
/// <param name="local">The socket.</param>
/// <param name="remote">Where the datagram was to go.</param>
/// <param name="isRefused">Whether the other machine said that nobody listens there; otherwise there was no way to it.</param>
internal delegate void PathErrorSink(TransportAddress local, TransportAddress remote, bool isRefused);
