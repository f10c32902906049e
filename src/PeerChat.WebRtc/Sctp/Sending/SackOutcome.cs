using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>What one SACK told about the outstanding data.</summary>
/// <param name="NewlyAckedBytes">Payload acknowledged for the first time.</param>
/// <param name="CumulativeAdvanced">Whether the cumulative TSN ack moved.</param>
/// <param name="LostCount">How many chunks were found lost.</param>
/// <param name="SampleSentAt">When the latest acknowledged chunk of a single transmission left; null without one.</param>
internal readonly record struct SackOutcome(
    int NewlyAckedBytes,
    bool CumulativeAdvanced,
    int LostCount,
    Instant? SampleSentAt
)
{
    /// <summary>Whether a chunk was found lost.</summary>
    public bool AnyLost => LostCount > 0;
}
