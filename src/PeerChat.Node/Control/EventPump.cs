using System.Threading.Channels;

namespace PeerChat.Node.Control;

/// <summary>The events of the face in the node's own process: a subscription from the first event on, and the answers to what it posted.</summary>
/// <remarks>
/// When nobody reads, <see cref="Capacity"/> events wait here and the rest is left in the log; whoever then reads on after the log has
/// forgotten some gets a snapshot and <see cref="NodeEvent.InStep"/> with <c>Resumed: false</c>, as a face in another process does.
/// Answers to posted commands are kept, as the poster alone decides how many there are.
/// </remarks>
internal sealed class EventPump
{
    /// <summary>Events that wait for a slow reader here; more wait in the log.</summary>
    public const int Capacity = 256;

    private readonly EventLog _log;
    private readonly Func<Resume?, Task<Subscription>> _subscribe;
    private readonly Channel<NodeEvent> _channel = Channel.CreateBounded<NodeEvent>(
        new BoundedChannelOptions(Capacity)
        {
            SingleWriter = true,
            // The reader goes on where the pump is: another thread would only have to be woken
            AllowSynchronousContinuations = true,
        }
    );
    private readonly Lock _gate = new();
    private readonly Queue<(long After, NodeEvent Event)> _answers = [];

    /// <summary>Begins to pump.</summary>
    /// <param name="log">The node's log.</param>
    /// <param name="first">The subscription from the first event on.</param>
    /// <param name="subscribe">Subscribes anew after a loss.</param>
    public EventPump(EventLog log, Subscription first, Func<Resume?, Task<Subscription>> subscribe)
    {
        (_log, _subscribe) = (log, subscribe);
        _ = Task.Run(() => Pump(first));
    }

    /// <summary>What happens, in order.</summary>
    public ChannelReader<NodeEvent> Reader => _channel.Reader;

    /// <summary>Adds the answer to a posted command behind what stands in the log now; on the loop thread.</summary>
    public void Answer(NodeEvent happened)
    {
        lock (_gate)
        {
            _answers.Enqueue((_log.Last, happened));
        }

        _log.Pulse();
    }

    private async Task Pump(Subscription subscription)
    {
        try
        {
            while (true)
            {
                var news = _log.NewsAsync();
                while (TryTakeAnswer(subscription.Cursor, out var answer))
                {
                    await _channel.Writer.WriteAsync(answer);
                }

                switch (await subscription.TryReadAsync())
                {
                    case LogRead.Batch batch:
                        await Write(batch, subscription.Resumed);
                        break;
                    case LogRead.Lost:
                        subscription = await _subscribe(null);
                        break;
                    case LogRead.Ended:
                        return;
                    default:
                        await news;
                        break;
                }
            }
        }
        catch (NodeGoneException)
        {
            // It ended while this face was being brought up to date; the last word still stands in the log.
            if (_log.TryRead(_log.Last - 1, 1, out var read, ahead: true) && read is LogRead.Batch last)
            {
                await Write(last, isResumed: true);
            }
        }
        finally
        {
            _channel.Writer.TryComplete();
        }
    }

    private async Task Write(LogRead.Batch batch, bool isResumed)
    {
        foreach (var logged in batch.Events)
        {
            while (TryTakeAnswer(logged.Number - 1, out var answer))
            {
                await _channel.Writer.WriteAsync(answer);
            }

            // From the first event on there is nothing to be in step with.
            if (logged.Event is not NodeEvent.InStep || !isResumed)
            {
                await _channel.Writer.WriteAsync(logged.Event);
            }
        }
    }

    private bool TryTakeAnswer(long cursor, out NodeEvent answer)
    {
        lock (_gate)
        {
            if (_answers.TryPeek(out var next) && next.After <= cursor)
            {
                answer = _answers.Dequeue().Event;
                return true;
            }
        }

        answer = null!;
        return false;
    }
}
