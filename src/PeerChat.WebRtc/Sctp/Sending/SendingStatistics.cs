namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>What an association came to as a sender, for tests and measurements.</summary>
/// <param name="Window">The congestion window, in bytes.</param>
/// <param name="SlowStartThreshold">Below this the window grows by slow start, in bytes.</param>
/// <param name="Cuts">How often the window was cut for a loss.</param>
/// <param name="Lost">Chunks that were found lost by what came after them.</param>
/// <param name="Timeouts">Retransmission timeouts.</param>
/// <param name="RoundTrip">The smoothed round trip; null before the first one.</param>
internal readonly record struct SendingStatistics(
    int Window,
    int SlowStartThreshold,
    int Cuts,
    long Lost,
    int Timeouts,
    TimeSpan? RoundTrip
);
