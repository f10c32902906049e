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
    /// <summary>Whether its sender was asked for it, so that what vouches for it is on its way.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whether it need not be asked for again.</summary>
    public bool IsCover => Outcome != IntakeOutcome.Unvouched || IsAsked;

    /// <summary>Whether the host knows that there is something to read in it.</summary>
    public bool IsTold { get; init; }
}
