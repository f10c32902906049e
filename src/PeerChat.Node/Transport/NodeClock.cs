using System.Diagnostics;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>The two clocks of a running peer: one that never jumps, and the one on the wall.</summary>
/// <param name="wallSkew">How far the wall clock is to be wrong, for trying out what that does.</param>
internal sealed class NodeClock(TimeSpan wallSkew = default)
{
    private readonly long _origin = Stopwatch.GetTimestamp();

    /// <summary>Monotonic time since this clock was made.</summary>
    public Instant Now => Instant.Origin + Stopwatch.GetElapsedTime(_origin);

    /// <summary>The wall clock, with the skew.</summary>
    public WallTime WallNow => new WallTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) + wallSkew;

    /// <summary>How long to wait for a deadline: zero when it has passed, endless when there is none.</summary>
    public TimeSpan Until(Instant? deadline)
    {
        if (deadline is not { } at)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var now = Now;
        return at > now ? at - now : TimeSpan.Zero;
    }
}
