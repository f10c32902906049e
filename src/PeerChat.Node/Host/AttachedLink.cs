using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>The way to the node in another process.</summary>
/// <param name="client">The connection.</param>
/// <param name="hello">What the other process said of itself.</param>
internal sealed class AttachedLink(ControlClient client, HelloResult hello) : IFaceLink
{
    private readonly TaskCompletionSource<int> _handedOver = new();
    private Task<SubscribeResult>? _listening;

    /// <inheritdoc/>
    public bool IsOwn => false;

    /// <inheritdoc/>
    public int ProcessId => hello.ProcessId;

    /// <inheritdoc/>
    public Task<LinkEnd> Ended => EndAsync();

    /// <inheritdoc/>
    public Task<NodeReply> AskAsync(NodeCommand command) => client.AskAsync(command);

    /// <inheritdoc/>
    public void Listen(FaceFeed feed) => _listening ??= client.SubscribeAsync(feed.Resume);

    /// <inheritdoc/>
    public async Task PumpAsync(FaceFeed feed, CancellationToken cancellation)
    {
        while (true)
        {
            Listen(feed);
            var begun = await _listening!.WaitAsync(cancellation);
            _listening = null;
            feed.Begin(begun.Run, begun.After, begun.Arrival);
            do
            {
                if (!await client.Events.WaitToReadAsync(cancellation))
                {
                    return;
                }
            } while (await DeliverWaitingAsync(feed, cancellation));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>Delivers what waits; false where events were passed over after it, because the face did not read for a while.</summary>
    private async Task<bool> DeliverWaitingAsync(FaceFeed feed, CancellationToken cancellation)
    {
        while (client.Events.TryRead(out var next))
        {
            switch (next.Event)
            {
                case null:
                    return false;
                case NodeEvent.Stopped:
                    break; // that this owner ends is not the end of the face, which goes on with the next one
                case NodeEvent.HandedOver handedOver:
                    _handedOver.TrySetResult(handedOver.ProcessId);
                    goto default;
                default:
                    await feed.DeliverAsync(next.Number, next.Event, cancellation);
                    break;
            }
        }

        return true;
    }

    private async Task<LinkEnd> EndAsync()
    {
        await client.Closed;
        return new LinkEnd(null, _handedOver.Task.IsCompletedSuccessfully ? _handedOver.Task.Result : null);
    }
}
