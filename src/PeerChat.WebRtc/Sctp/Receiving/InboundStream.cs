namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>The ordered messages of one stream of the peer.</summary>
internal sealed class InboundStream
{
    /// <summary>The number of the message that is delivered next.</summary>
    public MessageNumber Next { get; set; }

    /// <summary>Messages that wait for one before them.</summary>
    public Dictionary<MessageNumber, ReassembledMessage> Waiting { get; } = [];

    /// <summary>Whether a FORWARD TSN has ever moved it on.</summary>
    public bool HasSkipped { get; set; }
}
