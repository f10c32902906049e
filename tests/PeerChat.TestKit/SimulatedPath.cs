using PeerChat.Primitives;

namespace PeerChat.TestKit;

/// <summary>One direction of a network path in virtual time: delay, jitter (hence reordering), loss, duplication.</summary>
public sealed class SimulatedPath(
    int seed,
    TimeSpan? minDelay = null,
    TimeSpan? maxDelay = null,
    double loss = 0,
    double duplication = 0
)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<byte[], (long Ticks, long Order)> _inFlight = new();
    private readonly TimeSpan _minDelay = minDelay ?? TimeSpan.FromMilliseconds(1);
    private readonly TimeSpan _maxDelay = maxDelay ?? minDelay ?? TimeSpan.FromMilliseconds(1);
    private long _order;

    /// <summary>When the next datagram arrives; null when none is under way.</summary>
    public Instant? NextArrival => _inFlight.TryPeek(out _, out var key) ? new Instant(key.Ticks) : null;

    /// <summary>Puts a datagram on its way.</summary>
    public void Send(Instant now, ReadOnlySpan<byte> datagram)
    {
        if (_random.NextDouble() < loss)
        {
            return;
        }

        Enqueue(now, datagram);
        if (_random.NextDouble() < duplication)
        {
            Enqueue(now, datagram);
        }
    }

    /// <summary>Takes a datagram that has arrived by now; the array is the caller's to change.</summary>
    public bool TryReceive(Instant now, out byte[] datagram)
    {
        if (NextArrival is { } arrival && arrival <= now)
        {
            datagram = _inFlight.Dequeue();
            return true;
        }

        datagram = [];
        return false;
    }

    private void Enqueue(Instant now, ReadOnlySpan<byte> datagram)
    {
        var delay = _minDelay + ((_maxDelay - _minDelay) * _random.NextDouble());
        _inFlight.Enqueue(datagram.ToArray(), ((now + delay).Ticks, _order++));
    }
}
