using System.Buffers;

namespace PeerChat.Node.Control;

/// <summary>Carries the node's events to one client as fast as it reads them.</summary>
internal sealed class RpcFeed : IAsyncDisposable
{
    /// <summary>A buffer that grew beyond this for large events is not kept.</summary>
    private const int KeptBytes = 256 * 1024;

    private readonly RpcWriter _writer;
    private readonly IControlHost _host;
    private readonly EventFilter _filter;
    private readonly CancellationTokenSource _stop = new();
    private Subscription _subscription;
    private ArrayBufferWriter<byte> _lines = new();
    private long? _arrival;

    /// <summary>Begins.</summary>
    public RpcFeed(RpcWriter writer, IControlHost host, Subscription subscription, EventFilter filter)
    {
        _writer = writer;
        _host = host;
        _subscription = subscription;
        _filter = filter;
        Finished = Task.Run(RunAsync);
    }

    /// <summary>Ends when the node has ended and the client was told, when it was stopped, or when the client is gone.</summary>
    public Task Finished { get; }

    /// <summary>Ends it between two lines; who does not read is waited for no longer than the connection lasts.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Finished;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _subscription.ReadAsync(_stop.Token) is not LogRead.Ended and var read)
            {
                if (read is LogRead.Lost lost)
                {
                    RpcLine.WriteLost(_lines, lost.From, lost.To);
                    _subscription = await _host
                        .SubscribeAsync(new Resume(null, 0, _arrival ?? _subscription.Arrival))
                        .WaitAsync(_stop.Token);
                }
                else
                {
                    Write((LogRead.Batch)read);
                }

                await FlushAsync();
            }
        }
        catch (Exception over)
            when (over
                    is IOException
                        or ObjectDisposedException
                        or OperationCanceledException
                        or NodeGoneException
            )
        {
            // The client is gone, wants no more, or the node is gone.
        }
    }

    private void Write(LogRead.Batch batch)
    {
        foreach (var logged in batch.Events)
        {
            // What was told need not be told again when the log runs away from this client.
            if (logged.Event is NodeEvent.MessageShown { Message.Arrival: > 0 and var arrival })
            {
                _arrival = Math.Max(_arrival ?? 0, arrival);
            }

            if (_filter.Wants(logged.Event))
            {
                RpcLine.WriteEvent(_lines, logged);
            }
        }
    }

    private async Task FlushAsync()
    {
        if (_lines.WrittenCount == 0)
        {
            return;
        }

        await _writer.WriteAsync(_lines.WrittenMemory, _stop.Token);
        if (_lines.Capacity > KeptBytes)
        {
            _lines = new ArrayBufferWriter<byte>();
        }
        else
        {
            _lines.ResetWrittenCount();
        }
    }
}
