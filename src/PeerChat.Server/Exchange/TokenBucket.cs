using PeerChat.Primitives;

namespace PeerChat.Server.Exchange;

/// <summary>A rate with a burst.</summary>
/// <param name="perSecond">What comes back in a second.</param>
/// <param name="burst">What it holds.</param>
/// <param name="now">The time; it is full.</param>
internal sealed class TokenBucket(double perSecond, double burst, Instant now)
{
    private double _used;
    private Instant _filled = now;

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake(Instant at)
    {
        Fill(at);
        if (_used + 1 > burst)
        {
            return false;
        }

        _used++;
        return true;
    }

    /// <summary>Whether it is full again.</summary>
    public bool IsFull(Instant at)
    {
        Fill(at);
        return _used <= 0;
    }

    private void Fill(Instant at)
    {
        if (at > _filled)
        {
            _used = Math.Max(0, _used - ((at - _filled).TotalSeconds * perSecond));
            _filled = at;
        }
    }
}
