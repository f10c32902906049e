namespace PeerChat.Tui.Commands;

/// <summary>The end of a command's patience, told apart from the user's interruption.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _interrupted;

    /// <summary>Begins to count.</summary>
    /// <param name="limit">How long; null for ever.</param>
    /// <param name="interrupted">The user's interruption, which ends it too.</param>
    public Deadline(TimeSpan? limit, CancellationToken interrupted)
    {
        _interrupted = interrupted;
        _source = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        Limit = limit ?? TimeSpan.Zero;
        if (limit is { } time)
        {
            _source.CancelAfter(time);
        }
    }

    /// <summary>How long it is; zero where it is for ever.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>What to stop by.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the time ran out, rather than the user interrupted.</summary>
    public bool IsOver => _source.IsCancellationRequested && !_interrupted.IsCancellationRequested;

    /// <summary>Begins to count only now.</summary>
    public void Begin(TimeSpan limit)
    {
        Limit = limit;
        _source.CancelAfter(limit);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
