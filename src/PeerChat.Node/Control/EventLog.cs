using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Node.Control;

/// <summary>The newest events of one run of the node, numbered from 1; every face reads them with a cursor of its own.</summary>
/// <remarks>
/// Thread-safe; one thread writes. Memory depends neither on how many read nor on how fast: what is over the limits is forgotten
/// from the old end, and a cursor that pointed there is told that it lost something.
/// </remarks>
/// <param name="maxEvents">How many events are kept.</param>
/// <param name="maxBytes">How many bytes of events are kept; the newest event is kept in any case.</param>
internal sealed class EventLog(int maxEvents = EventLog.MaxEvents, long maxBytes = EventLog.MaxBytes)
{
    /// <summary>A busy evening's events, so that a face that reconnects after minutes has missed none; an empty slot costs 8 bytes.</summary>
    public const int MaxEvents = 8_192;

    /// <summary>What a small machine gives without noticing: 16 MiB of events and their JSON.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly LoggedEvent?[] _ring = new LoggedEvent?[maxEvents];
    private TaskCompletionSource? _news;
    private long _first = 1;
    private long _last;
    private long _released; // up to here everybody may read
    private long _withdrawnAfter;
    private long _withdrawnTo;
    private long _bytes;
    private bool _isComplete;

    /// <summary>The number of the newest event; 0 before the first.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>The bytes that the events held are counted with.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Adds an event and wakes everybody who waits for one.</summary>
    public void Append(NodeEvent happened)
    {
        Add(happened);
        Pulse();
    }

    /// <summary>Adds one of several events; who waits is woken by the <see cref="Pulse"/> behind the last, and not for each.</summary>
    public void Add(NodeEvent happened)
    {
        lock (_gate)
        {
            AddAhead(happened);
            _released = _last;
        }
    }

    /// <summary>Adds an event of what is not durable yet: only those see it who end together with this process, until <see cref="Release"/>.</summary>
    public void AddAhead(NodeEvent happened)
    {
        lock (_gate)
        {
            if (_last - _first + 1 == maxEvents)
            {
                Forget();
            }

            var logged = new LoggedEvent(++_last, happened, this);
            _ring[_last % maxEvents] = logged;
            _bytes += logged.Bytes;
            Shrink();
        }
    }

    /// <summary>What was added ahead is durable: everybody may read it. False where there is nothing.</summary>
    public bool Release()
    {
        lock (_gate)
        {
            var hasNews = _released < _last;
            _released = _last;
            return hasNews;
        }
    }

    /// <summary>What was added ahead has not become durable: nobody else reads it.</summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            if (_released < _last)
            {
                (_withdrawnAfter, _withdrawnTo, _released) = (_released, _last, _last);
            }
        }
    }

    /// <summary>Nothing follows any more.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
        }

        Pulse();
    }

    /// <summary>Wakes everybody who waits, whether there is news or not.</summary>
    public void Pulse()
    {
        TaskCompletionSource? news;
        lock (_gate)
        {
            news = _news;
            _news = null;
        }

        news?.TrySetResult();
    }

    /// <summary>Whether all events after this number are still here.</summary>
    public bool Holds(long after)
    {
        lock (_gate)
        {
            return after >= _first - 1 && after <= _last;
        }
    }

    /// <summary>Takes what follows a number; false where nothing does yet.</summary>
    /// <param name="after">The number of the last event taken.</param>
    /// <param name="max">How many events at most.</param>
    /// <param name="read">Events, their loss, or the end.</param>
    /// <param name="ahead">Whether those count that were added ahead.</param>
    public bool TryRead(long after, int max, [NotNullWhen(true)] out LogRead? read, bool ahead = false)
    {
        lock (_gate)
        {
            var last = ahead ? _last : _released;
            if (!ahead && after < _withdrawnTo)
            {
                (after, last) = after >= _withdrawnAfter ? (_withdrawnTo, last) : (after, _withdrawnAfter);
            }

            if (after < _first - 1)
            {
                read = new LogRead.Lost(after + 1, _first - 1);
                return true;
            }

            var count = (int)Math.Min(max, last - after);
            if (count <= 0)
            {
                read = _isComplete ? new LogRead.Ended() : null;
                return _isComplete;
            }

            var events = new LoggedEvent[count];
            for (var i = 0; i < count; i++)
            {
                events[i] = _ring[(after + 1 + i) % maxEvents]!;
            }

            read = new LogRead.Batch(events);
            return true;
        }
    }

    /// <summary>A task that ends with the next <see cref="Pulse"/>; ask for it before looking, so that nothing slips between.</summary>
    public Task NewsAsync()
    {
        lock (_gate)
        {
            // Continuations run elsewhere: the thread that writes goes on at once.
            _news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _news.Task;
        }
    }

    /// <summary>Counts the JSON of an event that is held.</summary>
    internal void AddBytes(LoggedEvent logged, int bytes)
    {
        lock (_gate)
        {
            if (logged.Number >= _first)
            {
                logged.Bytes += bytes;
                _bytes += bytes;
                Shrink();
            }
        }
    }

    private void Shrink()
    {
        while (_bytes > maxBytes && _first < _last)
        {
            Forget();
        }
    }

    private void Forget()
    {
        ref var oldest = ref _ring[_first++ % maxEvents];
        _bytes -= oldest!.Bytes;
        oldest = null;
    }
}
