using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Services;

/// <summary>How many messages of one sender are looked at: a burst, then a steady rate.</summary>
public sealed class MessageBudget(Instant now)
{
    /// <summary>Messages at once; a room of a thousand that all come at one moment is met in turns (guess).</summary>
    public const int Burst = 64;

    /// <summary>One more in so long; each may cost a decryption.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TokenBucket _bucket = new(now, Burst, Interval);

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake(Instant at) => _bucket.TryTake(at);
}
