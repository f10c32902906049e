namespace PeerChat.Node.Control;

/// <summary>One face's reading of the node: what it has to know first, then everything that happens.</summary>
/// <remarks>
/// One stream: a snapshot (<see cref="NodeEvent.Ready"/>, every chat, open requests and questions) and messages missed, or, when resumed,
/// the events missed; then <see cref="NodeEvent.InStep"/>; then what is new. It holds a cursor and no queue, so it costs the node nothing
/// whether it is read or not, and needs no disposing. Used by one reader at a time.
/// </remarks>
internal sealed class Subscription
{
    /// <summary>Events handed out at once: enough to fill a write to a socket, few enough to hold no more than a few in memory.</summary>
    public const int MaxBatch = 64;

    private readonly EventLog _log;
    private readonly Func<long, Task<MissedPage>> _readMissed;
    private readonly long _inStepAfter;
    private IReadOnlyList<NodeEvent> _snapshot;
    private long? _nextMissed;
    private long _cursor;
    private bool _isInStep;

    /// <summary>Begins a subscription; on the loop thread, between turns.</summary>
    /// <param name="run">The run of the node.</param>
    /// <param name="log">Its log.</param>
    /// <param name="after">The number of the last event that the face knows or that the snapshot holds.</param>
    /// <param name="snapshot">What to tell first; null when resumed.</param>
    /// <param name="missedAfter">The arrival after which messages are wanted, or null.</param>
    /// <param name="readMissed">Reads a page of those.</param>
    public Subscription(
        string run,
        EventLog log,
        long after,
        IReadOnlyList<NodeEvent>? snapshot,
        long? missedAfter,
        Func<long, Task<MissedPage>> readMissed
    )
    {
        (Run, After, Resumed) = (run, after, snapshot is null);
        (_log, _cursor, _snapshot, _nextMissed, _readMissed) = (
            log,
            after,
            snapshot ?? [],
            missedAfter,
            readMissed
        );
        _inStepAfter = log.Last;
    }

    /// <summary>Names this run of the node; another start has another one.</summary>
    public string Run { get; }

    /// <summary>Whether the face's own events go on without a gap, so that there is no snapshot.</summary>
    public bool Resumed { get; }

    /// <summary>The number that the first event follows; events of the snapshot carry it.</summary>
    public long After { get; }

    /// <summary>The greatest <see cref="ChatMessage.Arrival"/> of the profile at the beginning: what comes later has a greater one.</summary>
    public long Arrival { get; init; }

    /// <summary>Whether the face ends together with this process, and so may see received messages before they are durable.</summary>
    public bool SeesAhead { get; init; }

    /// <summary>The number of the last event handed out; what to resume after.</summary>
    public long Cursor => _cursor;

    /// <summary>Takes the next events; waits while there are none.</summary>
    /// <exception cref="NodeGoneException">The node ended while missed messages were being read.</exception>
    public async ValueTask<LogRead> ReadAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            var news = _log.NewsAsync();
            if (await TryReadAsync(cancellation) is { } read)
            {
                return read;
            }

            await news.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes the next events, or null where there are none yet.</summary>
    /// <exception cref="NodeGoneException">The node ended while missed messages were being read.</exception>
    public async ValueTask<LogRead?> TryReadAsync(CancellationToken cancellation = default)
    {
        if (_snapshot.Count > 0)
        {
            var snapshot = Number(_snapshot);
            _snapshot = [];
            return snapshot;
        }

        while (_nextMissed is { } after)
        {
            var page = await _readMissed(after).WaitAsync(cancellation);
            _nextMissed = page.Next;
            if (page.Events.Count > 0)
            {
                return Number(page.Events);
            }
        }

        if (!_isInStep && _cursor >= _inStepAfter)
        {
            _isInStep = true;
            return Number([new NodeEvent.InStep(Resumed)]);
        }

        // Before the face is in step, no further than where it will be.
        var max = _isInStep ? MaxBatch : (int)Math.Min(MaxBatch, _inStepAfter - _cursor);
        if (!_log.TryRead(_cursor, max, out var read, SeesAhead))
        {
            return null;
        }

        if (read is LogRead.Batch batch)
        {
            _cursor = batch.Events[^1].Number;
        }

        return read;
    }

    private LogRead.Batch Number(IReadOnlyList<NodeEvent> events) =>
        new([.. events.Select(happened => new LoggedEvent(_cursor, happened))]);
}
