namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>A message of ours; its chunks point into it until the peer acknowledged them.</summary>
/// <param name="Stream">The stream it goes on.</param>
/// <param name="Ppid">Its meaning.</param>
/// <param name="IsUnordered">Whether it may be delivered before others.</param>
/// <param name="Payload">Its bytes.</param>
internal sealed record OutgoingMessage(
    StreamId Stream,
    PayloadProtocolIdentifier Ppid,
    bool IsUnordered,
    byte[] Payload
)
{
    /// <summary>Its place in the stream; known once its first chunk is made.</summary>
    public StreamSequenceNumber StreamSequenceNumber { get; set; }

    /// <summary>Bytes that are in chunks already.</summary>
    public int Offset { get; set; }

    /// <summary>Bytes that are in no chunk yet.</summary>
    public int Remaining => Payload.Length - Offset;
}
