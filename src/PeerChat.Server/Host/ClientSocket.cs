using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using PeerChat.Server.Exchange;

namespace PeerChat.Server.Host;

/// <summary>One client's WebSocket: reads messages up to the limit, writes what is queued, and lets nobody hold it up.</summary>
/// <param name="socket">The WebSocket.</param>
/// <param name="maxMessageBytes">The longest message.</param>
/// <param name="refused">Is told once why it was closed, if it was for a reason.</param>
internal sealed class ClientSocket(WebSocket socket, int maxMessageBytes, Action<Refusal> refused)
    : IDisposable
{
    /// <summary>Messages that wait to be read by a client; whoever lets more pile up does not read.</summary>
    public const int MaxQueued = 256;

    /// <summary>And bytes of them: several of the longest messages.</summary>
    public const int MaxQueuedBytes = 1024 * 1024;

    /// <summary>Bytes of a message that is too long that are still taken off the connection.</summary>
    public const int MaxDrained = 1024 * 1024;

    private const int UsualBuffer = 4096;

    /// <summary>How long a client may take to take a message, or to close.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly CancellationTokenSource _over = new();
    private int _queued;
    private int _queuedBytes;
    private int _isEnding;
    private Refusal _reason;

    /// <summary>Queues a message; false where the client does not read.</summary>
    public bool TrySend(byte[] text)
    {
        if (
            Interlocked.Increment(ref _queued) > MaxQueued
            || Interlocked.Add(ref _queuedBytes, text.Length) > MaxQueuedBytes
        )
        {
            return false;
        }

        _queue.Writer.TryWrite(text); // false after a close, which is as good
        return true;
    }

    /// <summary>Closes it once it was told what is queued; at once where it does not read.</summary>
    public void Close(Refusal reason)
    {
        if (!TryEnd(reason))
        {
            return; // once is enough
        }

        if (reason != Refusal.None)
        {
            refused(reason);
        }

        if (reason == Refusal.Slow)
        {
            _over.Cancel();
        }
        else
        {
            _over.CancelAfter(Patience);
        }
    }

    /// <summary>Runs it until it is closed from either side.</summary>
    /// <param name="receive">Takes a message; its bytes are valid until it returns.</param>
    /// <param name="tooLong">Is told of a message beyond the limit, after which no other is read.</param>
    public async Task RunAsync(Action<ReadOnlyMemory<byte>> receive, Action tooLong)
    {
        var writing = WriteAsync();
        try
        {
            await ReadAsync(receive, tooLong);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            // However it ended: it is over
        }
        finally
        {
            TryEnd(Refusal.None);
            _over.CancelAfter(Patience);
            await writing;
            socket.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();

    // The reason stands before the queue ends: who writes tells it then, on another thread
    private bool TryEnd(Refusal reason)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) != 0)
        {
            return false;
        }

        _reason = reason;
        _queue.Writer.TryComplete();
        return true;
    }

    private async Task ReadAsync(Action<ReadOnlyMemory<byte>> receive, Action tooLong)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(UsualBuffer);
        try
        {
            var length = 0;
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(length), _over.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                length += result.Count;
                if (length > maxMessageBytes)
                {
                    tooLong();
                    await DrainAsync(buffer);
                    return;
                }

                if (result.EndOfMessage)
                {
                    receive(buffer.AsMemory(0, length));
                    length = 0;
                }
                else if (length == buffer.Length)
                {
                    buffer = Larger(buffer, length);
                }

                if (length == 0 && buffer.Length > 2 * UsualBuffer)
                {
                    // Five thousand clients with one long message each are not to hold so much for ever
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(UsualBuffer);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // What is left of it is not kept, but taken: a system that closes over unread bytes resets the connection, and the client would never
    // read why
    private async Task DrainAsync(byte[] buffer)
    {
        for (var left = MaxDrained; left > 0; )
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(), _over.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            left -= Math.Max(result.Count, 1);
        }
    }

    private static byte[] Larger(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var text in _queue.Reader.ReadAllAsync(CancellationToken.None))
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
                patience.CancelAfter(Patience);
                await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, patience.Token);
                Interlocked.Decrement(ref _queued);
                Interlocked.Add(ref _queuedBytes, -text.Length);
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(StatusOf(_reason), null, _over.Token);
            }
        }
        catch (Exception gone)
            when (gone
                    is WebSocketException
                        or OperationCanceledException
                        or IOException
                        or ObjectDisposedException
            )
        {
            socket.Abort(); // which ends the reading too
        }
    }

    // RFC 6455 section 7.4.1
    private static WebSocketCloseStatus StatusOf(Refusal reason) =>
        reason switch
        {
            Refusal.None => WebSocketCloseStatus.NormalClosure,
            Refusal.TooLong => WebSocketCloseStatus.MessageTooBig,
            Refusal.Nonsense => WebSocketCloseStatus.InvalidPayloadData,
            _ => WebSocketCloseStatus.PolicyViolation,
        };
}
