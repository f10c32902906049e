using PeerChat.WebRtc.Sctp;

namespace PeerChat.WebRtc.DataChannels;

/// <summary>What the data channels tell the layer above.</summary>
internal abstract record DataChannelEvent
{
    private DataChannelEvent() { }

    /// <summary>The association is up; messages flow.</summary>
    public sealed record Connected : DataChannelEvent;

    /// <summary>The peer opened a channel.</summary>
    /// <param name="Channel">Its id.</param>
    /// <param name="Label">Its name, in the peer's words.</param>
    public sealed record Opened(ushort Channel, string Label) : DataChannelEvent;

    /// <summary>A message came.</summary>
    /// <param name="Channel">The channel's id.</param>
    /// <param name="IsText">Whether it is text; then the bytes should be UTF-8, and are not checked.</param>
    /// <param name="Payload">Its bytes.</param>
    public sealed record Message(ushort Channel, bool IsText, ReadOnlyMemory<byte> Payload)
        : DataChannelEvent;

    /// <summary>The bytes that wait on a channel fell to its threshold.</summary>
    /// <param name="Channel">Its id.</param>
    public sealed record BufferedAmountLow(ushort Channel) : DataChannelEvent;

    /// <summary>A channel is gone, while the association stays.</summary>
    /// <param name="Channel">Its id.</param>
    public sealed record ChannelClosed(ushort Channel) : DataChannelEvent;

    /// <summary>The association is gone with all channels; the last event.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Closed(SctpCloseReason Reason) : DataChannelEvent;
}
