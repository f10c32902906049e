using PeerChat.Primitives;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>So many bytes a second, all transfers together; what was saved up is at most a quarter of a second's.</summary>
/// <param name="bytesPerSecond">The rate; 0 for no limit.</param>
public sealed class RateLimit(long bytesPerSecond)
{
    private const double BurstSeconds = 0.25;

    private double _tokens;
    private Instant? _filled;

    /// <summary>Takes so many bytes where any are left; the debt is waited for before the next.</summary>
    public bool TryTake(int bytes, Instant now)
    {
        if (bytesPerSecond == 0)
        {
            return true;
        }

        Refill(now);
        if (_tokens <= 0)
        {
            return false;
        }

        _tokens -= bytes;
        return true;
    }

    /// <summary>When <see cref="TryTake"/> will hold again; null where it does.</summary>
    public Instant? FreeAt(Instant now)
    {
        if (bytesPerSecond == 0)
        {
            return null;
        }

        Refill(now);
        return _tokens > 0
            ? null
            : now + TimeSpan.FromSeconds((1 - _tokens) / bytesPerSecond) + TimeSpan.FromMilliseconds(1);
    }

    private void Refill(Instant now)
    {
        var most = Math.Max(1, bytesPerSecond * BurstSeconds);
        _tokens = _filled is { } filled
            ? Math.Min(most, _tokens + ((now - filled).TotalSeconds * bytesPerSecond))
            : most;
        _filled = now;
    }
}
