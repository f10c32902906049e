using PeerChat.Primitives;

namespace PeerChat.Rooms.Log;

/// <summary>A range that waits.</summary>
/// <param name="Range">The range.</param>
/// <param name="Link">Who sent it.</param>
/// <param name="Since">Since when.</param>
/// <param name="Outcome">What it waits for.</param>
/// <param name="RetryAt">When time alone may help; null where it does not.</param>
internal sealed record HeldRange(
    ReceivedRange Range,
    int Link,
    Instant Since,
    IntakeOutcome Outcome,
    Instant? RetryAt
)
{
    /// <summary>Whether its sender was asked for it, so that what vouches for it may be on its way.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whether something vouches for it.</summary>
    public bool IsVouched => Outcome != IntakeOutcome.Unvouched;

    /// <summary>Whether the host knows that there is something to read in it.</summary>
    public bool IsTold { get; init; }
}
