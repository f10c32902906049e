namespace PeerChat.WebRtc.Sctp;

/// <summary>What an association tells the layer above.</summary>
internal abstract record SctpEvent
{
    private SctpEvent() { }

    /// <summary>The association is up.</summary>
    public sealed record Connected : SctpEvent;

    /// <summary>A whole message came.</summary>
    /// <param name="Stream">The stream it came on.</param>
    /// <param name="Ppid">Its meaning.</param>
    /// <param name="Payload">Its bytes.</param>
    public sealed record MessageReceived(
        StreamId Stream,
        PayloadProtocolIdentifier Ppid,
        ReadOnlyMemory<byte> Payload
    ) : SctpEvent;

    /// <summary>Our streams began anew, as asked; the peer took note.</summary>
    /// <param name="Streams">The streams.</param>
    /// <param name="IsDone">False when the peer refused; then they go on as before.</param>
    public sealed record StreamsReset(IReadOnlyList<StreamId> Streams, bool IsDone) : SctpEvent;

    /// <summary>The peer's streams began anew; all messages from before have been told.</summary>
    /// <param name="Streams">The streams; none means all.</param>
    public sealed record PeerResetStreams(IReadOnlyList<StreamId> Streams) : SctpEvent;

    /// <summary>The bytes that wait on a stream fell to its threshold.</summary>
    /// <param name="Stream">The stream.</param>
    public sealed record BufferedAmountLow(StreamId Stream) : SctpEvent;

    /// <summary>The association is gone; the last event.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Closed(SctpCloseReason Reason) : SctpEvent;
}
