using System.Threading.Channels;
using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>What a face's user reads, and how far it has come.</summary>
internal sealed class FaceFeed
{
    /// <summary>Events that wait for the user of the face; then the node's log keeps them.</summary>
    public const int Capacity = 256;

    private readonly Channel<NodeEvent> _events = Channel.CreateBounded<NodeEvent>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait }
    );

    /// <summary>What the user reads.</summary>
    public ChannelReader<NodeEvent> Events => _events.Reader;

    /// <summary>Where to go on.</summary>
    public Resume Resume { get; private set; } = new(null, 0);

    /// <summary>Told of every event after it was taken in.</summary>
    public Action<NodeEvent>? OnDelivered { get; set; }

    /// <summary>A subscription begins.</summary>
    /// <param name="run">The run of the node.</param>
    /// <param name="after">The number that its first event follows.</param>
    /// <param name="arrival">The greatest arrival at this moment.</param>
    public void Begin(string run, long after, long arrival) =>
        // A face that never had a message has missed none so far; one that had some is told what it missed.
        Resume = new Resume(run, after, Resume.AfterArrival ?? arrival);

    /// <summary>Takes an event of the node in; waits while the user does not read.</summary>
    public async ValueTask DeliverAsync(long number, NodeEvent happened, CancellationToken cancellation)
    {
        await _events.Writer.WriteAsync(happened, cancellation);
        var arrival = happened switch
        {
            NodeEvent.MessageShown shown => shown.Message.Arrival,
            NodeEvent.MessageReplaced replaced => replaced.Message.Arrival,
            _ => 0,
        };
        Resume = Resume with { After = number, AfterArrival = Math.Max(arrival, Resume.AfterArrival ?? 0) };
        OnDelivered?.Invoke(happened);
    }

    /// <summary>Tells the user something that is this face's alone; waits while the user does not read.</summary>
    public ValueTask TellAsync(NodeEvent happened, CancellationToken cancellation) =>
        _events.Writer.WriteAsync(happened, cancellation);

    /// <summary>Tells the user something that is this face's alone, unless so much waits that it would come too late.</summary>
    public void TryTell(NodeEvent happened) => _events.Writer.TryWrite(happened);

    /// <summary>Says the last thing. A user who reads no more is not waited for.</summary>
    public void End(NodeEvent.Stopped stopped)
    {
        if (_events.Writer.TryWrite(stopped))
        {
            _events.Writer.TryComplete();
            return;
        }

        _ = EndLaterAsync(stopped);
    }

    private async Task EndLaterAsync(NodeEvent.Stopped stopped)
    {
        await _events.Writer.WriteAsync(stopped);
        _events.Writer.TryComplete();
    }
}
