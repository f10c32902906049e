using PeerChat.Primitives;

namespace PeerChat.Simulation;

/// <summary>What happens when, in the order of the clock and then of the asking: the heart of a discrete-event simulation.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>The time.</summary>
    public Instant Now { get; private set; } = Instant.Origin;

    /// <summary>Has something happen at a time; now, where that has passed.</summary>
    public void At(Instant at, Action action) =>
        _events.Enqueue(action, (Instant.Max(at, Now).Ticks, _order++));

    /// <summary>Has something happen after a while.</summary>
    public void After(TimeSpan wait, Action action) => At(Now + wait, action);

    /// <summary>Lets everything happen up to a time.</summary>
    public void RunUntil(Instant end)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= end.Ticks)
        {
            Now = new Instant(next.At);
            _events.Dequeue()();
        }

        Now = end;
    }

    /// <summary>Lets a while pass.</summary>
    public void Run(TimeSpan time) => RunUntil(Now + time);
}
