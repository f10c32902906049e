namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>What waits on one stream for its first transmission, and where the stream stands in the turns.</summary>
internal sealed class OutboundStream
{
    /// <summary>The number of the next ordered message.</summary>
    public MessageNumber NextOrdered { get; set; }

    /// <summary>The number of the next unordered message; counts only in I-DATA.</summary>
    public MessageNumber NextUnordered { get; set; }

    /// <summary>How much it may send compared with others.</summary>
    public ushort Weight { get; set; } = SendQueue.NormalWeight;

    /// <summary>What it has sent, divided by its weight, on the clock that all streams share.</summary>
    public long VirtualTime { get; set; }

    /// <summary>The messages in their order; the first may be in chunks in part.</summary>
    public Queue<OutgoingMessage> Messages { get; } = [];

    /// <summary>Where it stands when so many bytes more have been sent.</summary>
    public long VirtualTimeAfter(int bytes) =>
        VirtualTime + ((long)bytes * SendQueue.VirtualTimePerByte / Weight);
}
