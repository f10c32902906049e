namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>A run of received TSNs, as distances from the cumulative TSN ack (RFC 9260 section 3.3.4).</summary>
/// <param name="Start">Distance of the first TSN.</param>
/// <param name="End">Distance of the last TSN.</param>
internal readonly record struct GapAckBlock(ushort Start, ushort End);
