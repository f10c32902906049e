namespace PeerChat.Node.Transport;

/// <summary>Takes a received datagram over, on whichever thread received it; false when there is no room for it.</summary>
/// <param name="datagram">The datagram; after true its buffer belongs to the taker until released.</param>
internal delegate bool DatagramSink(in ReceivedDatagram datagram);
