using PeerChat.Primitives;

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
    /// <summary>How many bytes of the payload count; the rest of a borrowed buffer does not.</summary>
    public int Length { get; init; } = Payload.Length;

    /// <summary>Whether the payload goes back to the shared pool once all of it is acknowledged.</summary>
    public bool IsBorrowed { get; init; }

    /// <summary>How often one of its chunks is repeated before all of it is given up; null: as often as needed.</summary>
    public int? MaxRetransmissions { get; init; }

    /// <summary>When it is of no use any more; null: never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>Its place in the stream; known once its first chunk is made.</summary>
    public MessageNumber Number { get; set; }

    /// <summary>Bytes that are in chunks already.</summary>
    public int Offset { get; set; }

    /// <summary>How many chunks were made of it.</summary>
    public int ChunkCount { get; set; }

    /// <summary>The TSN of its first chunk; means something once there is one.</summary>
    public Tsn FirstTsn { get; set; }

    /// <summary>The TSN of its last chunk so far.</summary>
    public Tsn LastTsn { get; set; }

    /// <summary>Whether it was given up: nothing of it is sent any more.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Bytes that are in no chunk yet.</summary>
    public int Remaining => Length - Offset;

    /// <summary>Nothing of it will be sent again.</summary>
    public void Release()
    {
        if (IsBorrowed)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(Payload);
        }
    }

    /// <summary>Whether it is too late to send any of it.</summary>
    public bool IsExpired(Instant now) => ExpiresAt <= now;
}
