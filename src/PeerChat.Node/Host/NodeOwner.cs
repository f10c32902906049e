using System.Reflection;
using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>The node in this process, and the control socket by which other processes of the user reach it. Both live and end together.</summary>
internal sealed class NodeOwner : IControlHost, IAsyncDisposable
{
    private readonly PeerChatNode _node;
    private readonly TaskCompletionSource<int> _handedOver = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Lock _gate = new();
    private ControlServer? _server;
    private Task? _ending;

    private NodeOwner(PeerChatNode node, HelloResult introduction)
    {
        _node = node;
        Introduction = introduction;
        Ended = WatchAsync();
    }

    /// <inheritdoc/>
    public HelloResult Introduction { get; }

    /// <inheritdoc/>
    public FaceRegistry Faces => _node.Faces;

    /// <summary>Why there is no control socket, as a sentence for the user; null where there is one.</summary>
    public string? SocketProblem { get; private set; }

    /// <summary>Ends when node, lock and socket are free: with the process that took the profile over, if one did, and how the node ended.</summary>
    public Task<LinkEnd> Ended { get; }

    /// <summary>The program's version, as <c>peerchat --version</c> says it.</summary>
    internal static string Version { get; } =
        typeof(NodeOwner)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>Takes the profile, starts the node and opens the socket.</summary>
    /// <param name="options">What the node is started with.</param>
    /// <param name="needsSocket">Whether it is of no use without the socket.</param>
    /// <exception cref="NodeStartException">It cannot; nothing is left behind.</exception>
    public static async Task<NodeOwner> StartAsync(NodeOptions options, bool needsSocket)
    {
        var node = await Task.Run(() => PeerChatNode.Start(options));
        try
        {
            var owner = new NodeOwner(node, await IntroduceAsync(node, options));
            owner.Listen(ProfileChoice.Resolve(options).Folder, needsSocket);
            return owner;
        }
        catch (NodeGoneException gone)
        {
            await node.DisposeAsync();
            throw new NodeStartException(NodeStartFailure.Storage, gone.Message, gone);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation) =>
        _node.AskAsync(command, cancellation);

    /// <inheritdoc/>
    public Task<Subscription> SubscribeAsync(Resume? resume) => _node.SubscribeAsync(resume);

    /// <summary>The same for a face in this process, which may see received messages before they are durable.</summary>
    public Task<Subscription> SubscribeAheadAsync(Resume? resume) => _node.SubscribeAheadAsync(resume);

    /// <inheritdoc/>
    public void HandOver(int processId)
    {
        if (_handedOver.TrySetResult(processId))
        {
            _node.Tell(new NodeEvent.HandedOver(processId));
            _ = EndAsync();
        }
    }

    /// <summary>Ends the node, frees the profile, and tells those attached. Who is attached may take it over.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    private static async Task<HelloResult> IntroduceAsync(PeerChatNode node, NodeOptions options)
    {
        var subscription = await node.SubscribeAsync(null);
        var first = await subscription.ReadAsync() as LogRead.Batch;
        var ready = first?.Events[0].Event as NodeEvent.Ready;
        return new HelloResult(
            RpcSession.Protocol,
            Version,
            node.Run,
            ready?.Name ?? "",
            ready?.PeerId ?? "",
            Environment.ProcessId,
            [.. OwnerOnly.Interfaces(options)]
        );
    }

    private void Listen(Profiles.ProfileFolder folder, bool needsSocket)
    {
        try
        {
            IControlListener listener = OperatingSystem.IsWindows()
                ? new PipeListener(folder)
                : SocketListener.Open(folder);
            _server = new ControlServer(listener, this);
        }
        catch (ControlSocketException problem)
        {
            if (needsSocket)
            {
                throw new NodeStartException(NodeStartFailure.Storage, problem.Message, problem);
            }

            // The chat is worth more than the socket: it goes on alone and says so.
            SocketProblem = problem.Message;
            _node.Tell(new NodeEvent.Notice(null, NoticeCode.StorageTrouble, problem.Message));
        }
    }

    private Task EndAsync()
    {
        lock (_gate)
        {
            return _ending ??= Task.Run(async () =>
            {
                // In this order: while the lock is held the path is ours to free; those attached are told when they can take over.
                if (_server is { } server)
                {
                    await server.WithdrawAsync();
                }

                await _node.DisposeAsync();
                if (_server is not null)
                {
                    await _server.DisposeAsync();
                }
            });
        }
    }

    private async Task<LinkEnd> WatchAsync()
    {
        await _node.Ended;
        await EndAsync();
        var last = _node.Log.Last;
        return new LinkEnd(
            _node.Log.TryRead(last - 1, 1, out var read) && read is LogRead.Batch batch
                ? batch.Events[^1].Event as NodeEvent.Stopped
                : null,
            _handedOver.Task.IsCompletedSuccessfully ? _handedOver.Task.Result : null
        );
    }
}
