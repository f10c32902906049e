namespace PeerChat.WebRtc.Sctp;

/// <summary>The number of one stream of an association (RFC 9260 section 1.6).</summary>
/// <param name="Value">The number as it stands on the wire.</param>
internal readonly record struct StreamId(ushort Value);
