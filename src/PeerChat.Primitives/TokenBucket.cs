namespace PeerChat.Primitives;

/// <summary>A rate limit that allows a burst and then a steady rate; full at first.</summary>
/// <param name="now">The time.</param>
/// <param name="burst">What it holds.</param>
/// <param name="interval">In how long one more comes back.</param>
public sealed class TokenBucket(Instant now, double burst, TimeSpan interval)
{
    private double _used;
    private Instant _filled = now;

    /// <summary>Whether it is as full as a new one, so that forgetting it changes nothing.</summary>
    public bool IsFull(Instant at)
    {
        Refill(at);
        return _used <= 0;
    }

    /// <summary>Takes one token if there is one.</summary>
    public bool TryTake(Instant at)
    {
        Refill(at);
        if (_used + 1 > burst)
        {
            return false;
        }

        _used++;
        return true;
    }

    private void Refill(Instant at)
    {
        if (at > _filled)
        {
            _used = Math.Max(0, _used - ((at - _filled) / interval));
            _filled = at;
        }
    }
}
