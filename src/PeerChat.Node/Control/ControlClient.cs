using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;

namespace PeerChat.Node.Control;

/// <summary>The attached side of the control socket: asks the process that runs the node, and is told what happens there.</summary>
/// <remarks>
/// Answers are always read on, so that whoever waits for one gets it. Events wait in a bounded queue; when it is full, further ones are
/// passed over, <see cref="ClientEvent.Skipped"/> stands where, and the owner is asked to send none: the reader subscribes anew from the last
/// event it took. The owner is this user's process, but perhaps of a newer version: kinds of events not known here are passed over, members
/// not known are ignored.
/// </remarks>
internal sealed class ControlClient : IAsyncDisposable
{
    /// <summary>The longest line from an owner: pages of history end at a quarter of it.</summary>
    public const int MaxLineBytes = 4 * RpcSession.MaxPageBytes;

    /// <summary>Events that wait for the face: what a busy second brings.</summary>
    public const int MaxWaitingEvents = 256;

    private readonly ControlConnection _connection;
    private readonly LineReader _lines;
    private readonly ConcurrentDictionary<long, IRpcCall> _calls = new();
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    private readonly Channel<ClientEvent> _events = Channel.CreateUnbounded<ClientEvent>();

    private readonly Lock _gate = new();
    private readonly Task _reading;
    private readonly Task _writing;
    private long _lastId;
    private bool _isClosed;
    private bool _isSkipping;

    /// <summary>Begins to read.</summary>
    public ControlClient(ControlConnection connection)
    {
        _connection = connection;
        _lines = new LineReader(connection.Stream, MaxLineBytes);
        _writing = Task.Run(WriteAsync);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The process at the other end, or 0.</summary>
    public int ProcessId => _connection.ProcessId;

    /// <summary>Ends when the connection has.</summary>
    public Task Closed => _reading;

    /// <summary>What happens at the node; ends with the connection.</summary>
    public ChannelReader<ClientEvent> Events => _events.Reader;

    /// <summary>Asks the node; commands reach it in the order of the calls.</summary>
    /// <exception cref="NodeGoneException">The connection ended first.</exception>
    public async Task<NodeReply> AskAsync(NodeCommand command)
    {
        try
        {
            return await CallAsync(
                SurfaceJson.CommandNames[command.GetType()],
                command,
                SurfaceJson.Wire.GetTypeInfo(command.GetType())!,
                SurfaceJson.Wire.NodeReply
            );
        }
        catch (RpcErrorException refused)
        {
            return new NodeReply.Refused(CodeOf(refused.Error), refused.Error.Message);
        }
    }

    /// <summary>Says who this is.</summary>
    /// <exception cref="RpcErrorException">The other side speaks another version.</exception>
    /// <exception cref="NodeGoneException">The connection ended first.</exception>
    public Task<HelloResult> HelloAsync(string kind) =>
        CallAsync(
            RpcMethod.Hello,
            new HelloParams(RpcSession.Protocol, kind),
            RpcJson.Wire.HelloParams,
            RpcJson.Wire.HelloResult
        );

    /// <summary>Begins to listen; what <see cref="Events"/> brings after the answer follows from there.</summary>
    /// <exception cref="RpcErrorException">The node is ending.</exception>
    /// <exception cref="NodeGoneException">The connection ended first.</exception>
    public Task<SubscribeResult> SubscribeAsync(Resume resume) =>
        CallAsync(
            RpcMethod.Subscribe,
            new SubscribeParams(resume.Run, resume.After, resume.AfterArrival),
            RpcJson.Wire.SubscribeParams,
            RpcJson.Wire.SubscribeResult,
            () => _isSkipping = false
        );

    /// <summary>Asks the owner to give the profile to this process.</summary>
    /// <exception cref="RpcErrorException">It cannot.</exception>
    /// <exception cref="NodeGoneException">The connection ended first.</exception>
    public Task HandOverAsync(int processId) =>
        CallAsync(
            RpcMethod.HandOver,
            new HandOverParams(processId),
            RpcJson.Wire.HandOverParams,
            RpcJson.Wire.NoParams
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        _connection.Dispose();
        await Task.WhenAll(_reading, _writing);
    }

    private Task<TResult> CallAsync<TParams, TResult>(
        string method,
        TParams parameters,
        JsonTypeInfo shape,
        JsonTypeInfo<TResult> resultShape,
        Action? onAnswer = null
    )
    {
        var call = new RpcCall<TResult>(resultShape, onAnswer);
        lock (_gate)
        {
            var id = ++_lastId;
            if (_isClosed)
            {
                call.Fail(Gone());
            }
            else
            {
                _calls[id] = call;
                _outgoing.Writer.TryWrite(RpcLine.Request(id, method, parameters, shape));
            }
        }

        return call.Answer;
    }

    private async Task WriteAsync()
    {
        var lines = new ArrayBufferWriter<byte>();
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync())
            {
                lines.ResetWrittenCount();
                while (lines.WrittenCount < RpcSession.MaxLineBytes && _outgoing.Reader.TryRead(out var line))
                {
                    lines.Write(line.Span);
                }

                await _connection.Stream.WriteAsync(lines.WrittenMemory);
                await _connection.Stream.FlushAsync();
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            _connection.Dispose(); // the reading side ends by it and says so to everybody
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _lines.ReadAsync(CancellationToken.None) is { } line)
            {
                Handle(line);
            }
        }
        catch (Exception over)
            when (over
                    is IOException
                        or ObjectDisposedException
                        or LineTooLongException
                        or JsonException
                        or InvalidOperationException
            )
        {
            // Gone, or nothing that can be understood; in both cases there is nobody to talk to.
        }
        finally
        {
            EndCalls(); // also after a fault of this program: who waits would wait for ever
        }
    }

    private void EndCalls()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        _outgoing.Writer.TryComplete();
        _events.Writer.TryComplete();
        _connection.Dispose();
        foreach (var call in _calls.Values)
        {
            call.Fail(Gone());
        }
    }

    private void Handle(ReadOnlyMemory<byte> line)
    {
        if (!RpcIncoming.TryParse(line, out var incoming))
        {
            throw new IOException("What came is no line of the protocol.");
        }

        if (incoming.Id is { } id)
        {
            if (_calls.TryRemove(id, out var call))
            {
                call.Finish(incoming);
            }
        }
        else if (incoming.Error is { } error)
        {
            // An answer to nobody: too many clients. The connection ends; the sentence is for whoever waits.
            foreach (var (waiting, call) in _calls)
            {
                if (_calls.TryRemove(waiting, out _))
                {
                    call.Fail(new RpcErrorException(error));
                }
            }
        }
        else if (incoming.Event is { } happened && !_isSkipping)
        {
            _isSkipping = _events.Reader.Count >= MaxWaitingEvents;
            _events.Writer.TryWrite(_isSkipping ? ClientEvent.Skipped : happened);
            if (_isSkipping)
            {
                _ = UnsubscribeAsync();
            }
        }
    }

    private async Task UnsubscribeAsync()
    {
        try
        {
            await CallAsync(
                RpcMethod.Unsubscribe,
                new NoParams(),
                RpcJson.Wire.NoParams,
                RpcJson.Wire.NoParams
            );
        }
        catch (Exception gone) when (gone is NodeGoneException or RpcErrorException)
        {
            // Then nothing comes anyway.
        }
    }

    private static RefusalCode CodeOf(RpcError error) =>
        Enum.GetValues<RefusalCode>()
            .FirstOrDefault(
                code => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString()) == error.Refusal,
                RefusalCode.BadValue
            );

    private static NodeGoneException Gone() => new("The process that ran the node ended before it answered.");
}
