using System.Runtime.ExceptionServices;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>Turns around one state machine: each begins with datagrams, requests or time, and ends with what is to be sent.</summary>
/// <remarks>
/// One turn at a time. A datagram's turn runs on the thread that received it, which saves the switch to another thread, some 30 µs of
/// each round trip, and takes the requests that wait along: a thread that receives without a pause would otherwise let the loop's own one
/// in only now and then. Requests and deadlines at other times are the loop's own thread's.
/// </remarks>
/// <typeparam name="TRequest">What other threads ask for.</typeparam>
/// <param name="owner">The state machine.</param>
/// <param name="clock">The clock of its deadlines.</param>
internal sealed class EventLoop<TRequest>(ILoopOwner<TRequest> owner, NodeClock clock)
{
    /// <summary>Requests handled in one turn: enough to share one fsync, few enough to stay quick.</summary>
    public const int MaxBatch = 256;

    private readonly object _turn = new();
    private readonly LoopQueue<TRequest> _requests = new(int.MaxValue);
    private readonly List<TRequest> _batch = [];
    private Instant? _wakesAt;
    private ExceptionDispatchInfo? _fault;
    private bool _runs;
    private bool _ended;

    /// <summary>Asks for something; false when the loop has ended.</summary>
    public bool Post(TRequest request) => _requests.Enqueue(request);

    /// <summary>Handles what was received, on the caller's thread, and releases it; waits for the start. False when the loop has ended.</summary>
    public bool Deliver(in ReceivedDatagram received)
    {
        lock (_turn)
        {
            while (!_runs && !_ended)
            {
                Monitor.Wait(_turn);
            }

            if (_ended || _fault is not null || owner.IsOver)
            {
                return false;
            }

            try
            {
                for (var i = 0; i < received.Count; i++)
                {
                    owner.HandleDatagram(received, received.Writable(i));
                }

                if (!received.MoreFollows)
                {
                    EndTurn();
                }
            }
#pragma warning disable CA1031 // the loop's own thread throws it again, where the owner deals with it
            catch (Exception fault)
#pragma warning restore CA1031
            {
                _fault = ExceptionDispatchInfo.Capture(fault);
            }

            if (_fault is not null || owner.IsOver || IsDueEarlier())
            {
                _requests.Wake();
            }
        }

        received.Release();
        return true;
    }

    /// <summary>Runs until the owner is over, or a turn fails; then the exception comes out here.</summary>
    public void Run()
    {
        try
        {
            lock (_turn)
            {
                _runs = true;
                Monitor.PulseAll(_turn);
            }

            while (TryPlan(out var wait))
            {
                _requests.Wait(wait);
                lock (_turn)
                {
                    _fault?.Throw();
                    if (!owner.IsOver)
                    {
                        EndTurn();
                    }
                }
            }
        }
        finally
        {
            End();
        }
    }

    /// <summary>Lets nobody in any more; those who wait for the start go away.</summary>
    public void End()
    {
        lock (_turn)
        {
            _ended = true;
            Monitor.PulseAll(_turn);
        }
    }

    /// <summary>Takes no more requests, and gives back what nobody took.</summary>
    public IReadOnlyList<TRequest> Close() => _requests.Close();

    // Requests leave the queue inside a turn, so that their order holds whichever thread's turn it is.
    private void EndTurn()
    {
        _batch.Clear();
        _requests.TakeWaiting(_batch, MaxBatch);
        foreach (var request in _batch)
        {
            owner.HandleRequest(request);
        }

        owner.EndTurn();
    }

    private bool IsDueEarlier() => owner.NextDeadline is { } next && (_wakesAt is not { } at || next < at);

    private bool TryPlan(out TimeSpan wait)
    {
        lock (_turn)
        {
            _wakesAt = owner.NextDeadline;
            wait = clock.Until(_wakesAt);
            return !owner.IsOver;
        }
    }
}
