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

    /// <summary>The association is gone; the last event.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Closed(SctpCloseReason Reason) : SctpEvent;
}
