namespace PeerChat.WebRtc.Dtls;

/// <summary>What a DTLS connection tells its owner.</summary>
internal abstract record DtlsEvent
{
    private DtlsEvent() { }

    /// <summary>Both Finished verified: application data may flow.</summary>
    internal sealed record Connected : DtlsEvent;

    /// <summary>The connection is over; always the last event, and there is only one.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">For logs; fixed words and numbers, nothing that the peer chose.</param>
    internal sealed record Closed(DtlsCloseReason Reason, string Detail) : DtlsEvent;
}
