using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>The way to the node in this process.</summary>
internal sealed class OwnLink : IFaceLink
{
    private readonly NodeOwner _owner;
    private readonly FaceOptions _options;
    private readonly IDisposable _face;
    private bool _isFirst = true;
    private bool _isReleased;

    /// <summary>Makes the way.</summary>
    public OwnLink(NodeOwner owner, FaceOptions options)
    {
        (_owner, _options) = (owner, options);
        _face = owner.Faces.Add(
            new FaceSummary(options.Kind, ProcessId, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
        );
    }

    /// <inheritdoc/>
    public bool IsOwn => true;

    /// <inheritdoc/>
    public int ProcessId => Environment.ProcessId;

    /// <inheritdoc/>
    public Task<LinkEnd> Ended => _owner.Ended;

    /// <inheritdoc/>
    public Task<NodeReply> AskAsync(NodeCommand command) => _owner.AskAsync(command, CancellationToken.None);

    /// <inheritdoc/>
    public void Listen(FaceFeed feed)
    {
        // The log is in this process: the first face hears it from the beginning, a later one from where it was.
    }

    /// <inheritdoc/>
    public async Task PumpAsync(FaceFeed feed, CancellationToken cancellation)
    {
        // The first face of a run hears it from its beginning, notices of the start included; one that was attached before goes on where
        // it stopped.
        var resume =
            _isFirst && feed.Resume.Run is null ? new Resume(_owner.Introduction.Run, 0) : feed.Resume;
        _isFirst = false;
        while (true)
        {
            var subscribing = _options.SeesAhead
                ? _owner.SubscribeAheadAsync(resume)
                : _owner.SubscribeAsync(resume);
            var subscription = await subscribing.WaitAsync(cancellation);
            feed.Begin(subscription.Run, subscription.After, subscription.Arrival);
            while (await subscription.ReadAsync(cancellation) is var read)
            {
                if (read is LogRead.Ended)
                {
                    return;
                }

                if (read is not LogRead.Batch batch)
                {
                    break; // too slow; everything is told anew
                }

                // That this node ends is not the end of the face: after a hand-over it goes on with the next one.
                foreach (var logged in batch.Events.Where(logged => logged.Event is not NodeEvent.Stopped))
                {
                    await feed.DeliverAsync(logged.Number, logged.Event, cancellation);
                }
            }

            resume = feed.Resume with { Run = null };
        }
    }

    /// <summary>Gives the node to somebody else, who disposes of it.</summary>
    public NodeOwner Release()
    {
        _isReleased = true;
        _face.Dispose();
        return _owner;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _face.Dispose();
        if (!_isReleased)
        {
            await _owner.DisposeAsync();
        }
    }
}
