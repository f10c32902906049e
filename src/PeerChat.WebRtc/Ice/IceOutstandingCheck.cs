using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>A check that was sent and may still be answered.</summary>
/// <param name="Pair">The pair it checks.</param>
/// <param name="SentAt">When it left.</param>
/// <param name="WasControlling">The role it claimed.</param>
/// <param name="UseCandidate">Whether it nominates the pair.</param>
internal readonly record struct IceOutstandingCheck(
    IceCandidatePair Pair,
    Instant SentAt,
    bool WasControlling,
    bool UseCandidate
);
