using System.Text.Json;

namespace PeerChat.Node.Control;

/// <summary>One client's JSON-RPC 2.0 session with the node, over any pair of streams.</summary>
/// <remarks>
/// Requests reach the node in the order of their lines. Answers come as they are ready; events that a command causes may come before or after
/// its answer. A client that does not read is not read from either, and holds up nobody else: events wait in the node's bounded log, answers
/// in at most <see cref="MaxInWork"/> requests.
/// </remarks>
internal sealed class RpcSession : IDisposable
{
    /// <summary>The version of the protocol.</summary>
    public const int Protocol = 1;

    /// <summary>The longest line from a client: the longest text (64 KiB) with every character escaped takes six times that.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    /// <summary>Requests of one client in work or not answered yet; the next is read when one is answered.</summary>
    public const int MaxInWork = 64;

    /// <summary>The longest name a client may give itself.</summary>
    public const int MaxKindLength = 64;

    /// <summary>A page of history is cut down to this, from its old end, and says that there is more.</summary>
    public const int MaxPageBytes = 4 * 1024 * 1024;

    private readonly LineReader _lines;
    private readonly RpcWriter _writer;
    private readonly IControlHost _host;
    private readonly int _processId;
    private readonly SemaphoreSlim _slots = new(MaxInWork);
    private readonly CancellationTokenSource _ended = new();
    private IDisposable? _face;
    private RpcFeed? _feed;

    /// <summary>Makes a session.</summary>
    /// <param name="input">The client's lines.</param>
    /// <param name="output">Where answers and events go.</param>
    /// <param name="host">The node.</param>
    /// <param name="processId">The client's process, or 0 where it is not known.</param>
    public RpcSession(Stream input, Stream output, IControlHost host, int processId)
    {
        _lines = new LineReader(input, MaxLineBytes);
        _writer = new RpcWriter(output);
        _host = host;
        _processId = processId;
    }

    /// <summary>The session's events, where the client asked for them: ends with the node.</summary>
    public Task Events => _feed?.Finished ?? Task.CompletedTask;

    /// <summary>Tells the client that the node goes away and it has to start again; after the events, so that nothing follows it.</summary>
    public async Task TellClosedAsync(string reason)
    {
        await Events;
        await _writer.WriteAsync(RpcLine.Closed(reason), CancellationToken.None);
    }

    /// <summary>Serves the client until it leaves, its connection ends, or it breaks a rule that ends it.</summary>
    /// <returns>Whether the client went by itself.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        try
        {
            while (await _lines.ReadAsync(linked.Token) is { } line)
            {
                if (!await HandleLineAsync(line, linked.Token))
                {
                    return true;
                }
            }

            await AllAnsweredAsync(linked.Token); // also who closes at once after asking gets the answers
            return true;
        }
        catch (LineTooLongException tooLong)
        {
            await TryAnswerAsync(null, new RpcError(RpcErrorCode.LineTooLong, tooLong.Message));
        }
        catch (Exception gone)
            when (gone is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The other end is gone, or this one is being closed.
        }
        finally
        {
            await CloseAsync();
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _face?.Dispose();
        _slots.Dispose();
        _writer.Dispose();
        _ended.Dispose();
    }

    private async Task CloseAsync()
    {
        await _ended.CancelAsync();
        if (_feed is { } feed)
        {
            await feed.DisposeAsync();
        }

        _face?.Dispose();
    }

    /// <summary>Handles one line; false when the client said goodbye.</summary>
    private async Task<bool> HandleLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        line = WithoutMark(line);
        if (line.Span.Trim(" \t"u8).IsEmpty)
        {
            return true; // somebody pressed the return key
        }

        if (!RpcRequest.TryParse(line, out var request, out var error))
        {
            await _writer.WriteAsync(RpcLine.Error(null, error), cancellation);
            return true;
        }

        var isFirst = _face is null;
        if (request.Method != RpcMethod.Hello)
        {
            _face ??= Enter(FaceRegistry.UnknownKind);
        }

        if (SurfaceJson.Commands.TryGetValue(request.Method, out var shape))
        {
            if (RpcParams.TryRead<NodeCommand>(request.Params, shape, out var command, out error))
            {
                await StartAsync(request, command, cancellation);
                return true;
            }
        }
        else
        {
            switch (request.Method)
            {
                case RpcMethod.Hello:
                    error = await HelloAsync(request, isFirst, cancellation);
                    break;
                case RpcMethod.Subscribe:
                    error = await SubscribeAsync(request, cancellation);
                    break;
                case RpcMethod.Unsubscribe:
                    error = await UnsubscribeAsync(request, cancellation);
                    break;
                case RpcMethod.Ping:
                    error = await AnswerNothingAsync(request, cancellation);
                    break;
                case RpcMethod.Methods:
                    error = await MethodsAsync(request, cancellation);
                    break;
                case RpcMethod.HandOver:
                    error = await HandOverAsync(request, cancellation);
                    break;
                case RpcMethod.Goodbye:
                    await AllAnsweredAsync(cancellation);
                    error = await AnswerNothingAsync(request, cancellation);
                    if (error is null)
                    {
                        return false;
                    }

                    break;
                default:
                    error = NoMethod(request.Method);
                    break;
            }
        }

        if (error is not null && request.Id is { } id)
        {
            await _writer.WriteAsync(RpcLine.Error(id, error), cancellation);
        }

        return true;
    }

    private static RpcError NoMethod(string method) =>
        new(
            RpcErrorCode.NoMethod,
            NearestName.Of(method, RpcMethod.All) is { } nearest
                ? $"There is no such method; did you mean {nearest}?"
                : "There is no such method; the method named methods lists them."
        );

    private async Task<RpcError?> HelloAsync(RpcRequest request, bool isFirst, CancellationToken cancellation)
    {
        if (!isFirst)
        {
            return new RpcError(RpcErrorCode.NoRequest, "The hello comes first, and once.");
        }

        if (
            !RpcParams.TryRead<HelloParams>(
                request.Params,
                RpcJson.Wire.HelloParams,
                out var hello,
                out var error
            )
        )
        {
            return error;
        }

        if (hello.Protocol != Protocol)
        {
            return new RpcError(
                RpcErrorCode.Version,
                $"Version {hello.Protocol} of the protocol is not spoken here, only {Protocol}; PeerChat runs here in version "
                    + $"{_host.Introduction.Version}."
            );
        }

        if (hello.Kind is { Length: 0 or > MaxKindLength })
        {
            return new RpcError(
                RpcErrorCode.BadParams,
                $"The param kind must have 1 to {MaxKindLength} characters."
            );
        }

        _face = Enter(hello.Kind ?? FaceRegistry.UnknownKind);
        await AnswerAsync(request.Id, _host.Introduction, RpcJson.Wire.HelloResult, cancellation);
        return null;
    }

    private IDisposable Enter(string kind) =>
        _host.Faces.Add(new FaceSummary(kind, _processId, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

    private async Task<RpcError?> SubscribeAsync(RpcRequest request, CancellationToken cancellation)
    {
        if (
            !RpcParams.TryRead<SubscribeParams>(
                request.Params,
                RpcJson.Wire.SubscribeParams,
                out var wanted,
                out var error
            )
        )
        {
            return error;
        }

        if (
            wanted.Events?.FirstOrDefault(kind =>
                !EventFilter.Kinds.Contains(kind, StringComparer.Ordinal)
            ) is
            { } unknown
        )
        {
            return new RpcError(
                RpcErrorCode.BadParams,
                $"There is no such event as the param events names; {NearestName.Hint(unknown, EventFilter.Kinds)}"
            );
        }

        if (_feed is { } old)
        {
            await old.DisposeAsync();
            _feed = null;
        }

        try
        {
            var resume = new Resume(wanted.Run, wanted.After ?? 0, wanted.AfterArrival);
            var subscription = await _host.SubscribeAsync(resume).WaitAsync(cancellation);
            await AnswerAsync(
                request.Id,
                new SubscribeResult(
                    subscription.Run,
                    subscription.After,
                    subscription.Resumed,
                    subscription.Arrival
                ),
                RpcJson.Wire.SubscribeResult,
                cancellation
            );
            _feed = new RpcFeed(_writer, _host, subscription, new EventFilter(wanted.Events, wanted.Chats));
            return null;
        }
        catch (NodeGoneException gone)
        {
            return Stopping(gone);
        }
    }

    private async Task<RpcError?> UnsubscribeAsync(RpcRequest request, CancellationToken cancellation)
    {
        if (_feed is { } feed)
        {
            await feed.DisposeAsync();
            _feed = null;
        }

        return await AnswerNothingAsync(request, cancellation);
    }

    private async Task<RpcError?> MethodsAsync(RpcRequest request, CancellationToken cancellation)
    {
        await AnswerAsync(request.Id, [.. RpcMethod.All], RpcJson.Wire.StringArray, cancellation);
        return null;
    }

    private async Task<RpcError?> HandOverAsync(RpcRequest request, CancellationToken cancellation)
    {
        if (
            !RpcParams.TryRead<HandOverParams>(
                request.Params,
                RpcJson.Wire.HandOverParams,
                out var wanted,
                out var error
            )
        )
        {
            return error;
        }

        await AnswerAsync(request.Id, new NoParams(), RpcJson.Wire.NoParams, cancellation);
        _host.HandOver(wanted.ProcessId);
        return null;
    }

    private async Task<RpcError?> AnswerNothingAsync(RpcRequest request, CancellationToken cancellation)
    {
        if (!RpcParams.TryRead<NoParams>(request.Params, RpcJson.Wire.NoParams, out var none, out var error))
        {
            return error;
        }

        await AnswerAsync(request.Id, none, RpcJson.Wire.NoParams, cancellation);
        return null;
    }

    /// <summary>Gives a command to the node; where its answer may be large, the next line is read after it.</summary>
    private async Task StartAsync(RpcRequest request, NodeCommand command, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        var work = AskAsync(request.Id, command, cancellation);
        if (
            command
            is NodeCommand.LoadHistory
                or NodeCommand.ListChats
                or NodeCommand.ListContacts
                or NodeCommand.ListRequests
        )
        {
            await work;
        }
    }

    private async Task AskAsync(byte[]? id, NodeCommand command, CancellationToken cancellation)
    {
        try
        {
            ReadOnlyMemory<byte> line;
            try
            {
                var reply = await _host.AskAsync(command, cancellation);
                if (id is null)
                {
                    return;
                }

                line = reply is NodeReply.Refused refused
                    ? RpcLine.Error(id, new RpcError(RpcErrorCode.Refused, refused.Text, Name(refused.Code)))
                    : Page(id, reply);
            }
            catch (NodeGoneException gone)
            {
                line = RpcLine.Error(id, Stopping(gone));
            }
#pragma warning disable CA1031 // a fault is the client's to know, and must not end the other requests
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                line = RpcLine.Error(
                    id,
                    new RpcError(
                        RpcErrorCode.Fault,
                        $"PeerChat could not do this because of a fault of its own ({fault.GetType().Name}); please report it."
                    )
                );
            }

            if (id is not null)
            {
                await _writer.WriteAsync(line, cancellation);
            }
        }
        catch (Exception gone)
            when (gone is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody reads the answer; the session ends by its reading side.
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        try
        {
            _slots.Release();
        }
        catch (ObjectDisposedException)
        {
            // The session ended before its last answer came.
        }
    }

    private static ReadOnlyMemory<byte> Page(byte[] id, NodeReply reply)
    {
        var line = RpcLine.Result(id, reply, SurfaceJson.Wire.NodeReply);
        while (line.Length > MaxPageBytes && reply is NodeReply.History { Messages.Length: > 1 } page)
        {
            reply = page with { Messages = page.Messages[(page.Messages.Length / 2)..], HasOlder = true };
            line = RpcLine.Result(id, reply, SurfaceJson.Wire.NodeReply);
        }

        return line;
    }

    private async Task AllAnsweredAsync(CancellationToken cancellation)
    {
        for (var slot = 0; slot < MaxInWork; slot++)
        {
            await _slots.WaitAsync(cancellation);
        }

        _slots.Release(MaxInWork);
    }

    private Task AnswerAsync<T>(
        byte[]? id,
        T value,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape,
        CancellationToken cancellation
    ) => id is null ? Task.CompletedTask : _writer.WriteAsync(RpcLine.Result(id, value, shape), cancellation);

    private async Task TryAnswerAsync(byte[]? id, RpcError error)
    {
        try
        {
            await _writer.WriteAsync(RpcLine.Error(id, error), CancellationToken.None);
        }
        catch (IOException)
        {
            // Who sent too much need not be there any more.
        }
    }

    private static RpcError Stopping(NodeGoneException gone) =>
        new(RpcErrorCode.Refused, gone.Message, Name(RefusalCode.Stopping));

    private static string Name(RefusalCode code) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    // What some editors and shells put before UTF-8.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> line) =>
        line.Span.StartsWith("\uFEFF"u8) ? line[3..] : line;
}
