namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>A message that is whole.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Number">Its place in the stream, unless unordered.</param>
/// <param name="IsUnordered">Whether it may be delivered before others.</param>
/// <param name="Ppid">Its meaning.</param>
/// <param name="Payload">Its bytes, in a buffer of the shared pool that nobody else has.</param>
internal readonly record struct ReassembledMessage(
    StreamId Stream,
    MessageNumber Number,
    bool IsUnordered,
    PayloadProtocolIdentifier Ppid,
    ReadOnlyMemory<byte> Payload
);
