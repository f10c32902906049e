using PeerChat.WebRtc.Sctp;

namespace PeerChat.WebRtc.DataChannels;

/// <summary>One channel: a pair of streams with the same number (RFC 8831 section 6.4).</summary>
/// <param name="id">The number of its streams.</param>
/// <param name="options">How it treats loss and order.</param>
internal sealed class DataChannel(ushort id, DataChannelOptions options)
{
    /// <summary>Its number.</summary>
    public ushort Id { get; } = id;

    /// <summary>How it treats loss and order.</summary>
    public DataChannelOptions Options { get; } = options;

    /// <summary>The number as SCTP knows it.</summary>
    public StreamId Stream => new(Id);

    /// <summary>Whether the layer above knows of it; not of one that the peer opened against the rules.</summary>
    public bool IsReported { get; init; } = true;

    /// <summary>Whether the peer may not know of it: until then all is sent in order (RFC 8832 section 6).</summary>
    public bool AwaitsAck { get; set; }

    /// <summary>Whether one side wants to close it; nothing is sent any more.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether our stream is being reset, or was.</summary>
    public bool IsResetAsked { get; set; }

    /// <summary>Whether the peer took note that our stream was reset.</summary>
    public bool IsReset { get; set; }

    /// <summary>Whether the peer has reset its stream: what comes now belongs to the next channel of this number.</summary>
    public bool IsResetByPeer { get; set; }

    /// <summary>How a message on it is sent now.</summary>
    public SendOptions SendOptions =>
        new(!Options.IsOrdered && !AwaitsAck, Options.MaxRetransmits, Options.MaxPacketLifeTime);
}
