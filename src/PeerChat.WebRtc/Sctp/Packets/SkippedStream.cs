namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>One entry of FORWARD TSN: messages of a stream up to this one will not come (RFC 3758 section 3.2).</summary>
/// <param name="Stream">The stream.</param>
/// <param name="IsUnordered">Whether unordered messages are meant; only I-FORWARD TSN speaks of those.</param>
/// <param name="MessageNumber">The last one: a stream sequence number, or a message identifier in I-FORWARD TSN.</param>
internal readonly record struct SkippedStream(StreamId Stream, bool IsUnordered, MessageNumber MessageNumber);
