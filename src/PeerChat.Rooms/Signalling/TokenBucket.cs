using PeerChat.Primitives;

namespace PeerChat.Rooms.Signalling;

/// <summary>A rate limit that allows a burst and then a steady rate.</summary>
internal sealed class TokenBucket(Instant now, int burst, TimeSpan interval)
{
    private double _tokens = burst;
    private Instant _filled = now;

    /// <summary>Whether it is as full as a new one, so that forgetting it changes nothing.</summary>
    internal bool IsFull(Instant now)
    {
        Refill(now);
        return _tokens >= burst;
    }

    /// <summary>Takes one token if there is one.</summary>
    internal bool TryTake(Instant now)
    {
        Refill(now);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    private void Refill(Instant now)
    {
        if (now > _filled)
        {
            _tokens = Math.Min(burst, _tokens + ((now - _filled) / interval));
            _filled = now;
        }
    }
}
