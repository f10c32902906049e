namespace PeerChat.WebRtc;

/// <summary>How a data channel treats loss and order, and who numbers it (RFC 8831 section 6.4, RFC 8832 section 5.1).</summary>
public sealed record DataChannelOptions
{
    /// <summary>The priority of a channel that asks for none.</summary>
    public const ushort NormalPriority = 256;

    /// <summary>The name of what is spoken on the channel, at most 1024 bytes of UTF-8; the peer's is any text.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Whether messages arrive in the order in which they were sent.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>
    /// How often a lost part of a message is sent again before the message is given up; null: as often as needed. Not together
    /// with <see cref="MaxPacketLifeTime"/>. A peer without RFC 3758 gets everything.
    /// </summary>
    public int? MaxRetransmits { get; init; }

    /// <summary>How long a message is of use, from whole milliseconds up to 2^32-1; null: for ever.</summary>
    public TimeSpan? MaxPacketLifeTime { get; init; }

    /// <summary>
    /// How much this channel may send compared with others, when all have something to send: 128, 256, 512 and 1024 are what
    /// WebRTC calls very low to high. Zero counts as one.
    /// </summary>
    public ushort Priority { get; init; } = NormalPriority;

    /// <summary>
    /// The channel's number when both sides agreed on it elsewhere and both open it: then nothing is said on the wire. Null:
    /// the number is chosen here, and the peer is told.
    /// </summary>
    public ushort? Id { get; init; }
}
