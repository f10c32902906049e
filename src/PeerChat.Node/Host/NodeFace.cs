using System.Security.Cryptography;
using System.Threading.Channels;
using PeerChat.Node.Control;
using PeerChat.Node.Host;

namespace PeerChat.Node;

/// <summary>A face's way to the node of a profile, in this process or in another one.</summary>
/// <remarks>
/// Thread-safe. When the process that runs the node ends, by whatever, the face attaches to the next one or becomes it, asks again what was
/// not answered, and goes on where it was: its user sees <see cref="NodeEvent.OwnerChanged"/>, what it has to know, the messages it
/// missed, and <see cref="NodeEvent.InStep"/>. Events that nobody reads stay at the node; answers come all the same.
/// </remarks>
public sealed class NodeFace : IPeerChatNode
{
    private const int ReferenceBytes = 16; // 128 bits: two sends never share one by accident

    /// <summary>How long what was told last may take to be read before the face goes on without.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a face that leaves waits for the answers to what it posted.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    private readonly FaceFeed _feed = new();
    private readonly PendingAsks _asks = new();
    private readonly OpenJoins _joins = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly FaceOpening _opening;
    private readonly FaceOptions _face;
    private readonly AutoAnswers _answers;
    private readonly Task _running;

    private NodeFace(NodeOptions options, FaceOptions face, FaceOpening opening, IFaceLink link)
    {
        _face = face;
        _opening = opening;
        _answers = new AutoAnswers(options, command => _asks.AskAsync(command, _leaving.Token));
        Begin(link, []);
        _running = Task.Run(() => RunAsync(link));
    }

    /// <inheritdoc/>
    public ChannelReader<NodeEvent> Events => _feed.Events;

    /// <summary>Attaches to the process that runs the node, or runs it here.</summary>
    /// <exception cref="NodeStartException">It cannot; the message says why and what to do.</exception>
    public static async Task<NodeFace> OpenAsync(
        NodeOptions options,
        FaceOptions face,
        CancellationToken cancellation = default
    )
    {
        var opening = new FaceOpening(options, face);
        return new NodeFace(options, face, opening, await opening.OpenAsync(cancellation));
    }

    /// <inheritdoc/>
    public void Post(NodeCommand command) => _ = PostAsync(command);

    /// <inheritdoc/>
    /// <remarks>
    /// <see cref="NodeCommand.StopNode"/> ends this face: the node too where it runs in this process, otherwise the face alone. Where a client
    /// of the protocol stops the node, the face in the node's own process ends with it.
    /// </remarks>
    public async Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation = default)
    {
        if (command is NodeCommand.StopNode)
        {
            await _leaving.CancelAsync();
            await _running.WaitAsync(cancellation);
            return new NodeReply.Done();
        }

        var reply = await _asks.AskAsync(WithReference(command), cancellation);
        _joins.Remember(command, reply);
        return reply;
    }

    /// <summary>Leaves: ends the node where it runs in this process, and only detaches where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _running;
    }

    // Without one of its own a text could not be known again by the next node.
    private static NodeCommand WithReference(NodeCommand command) =>
        command is NodeCommand.SendText { Reference: null } send
            ? send with
            {
                Reference = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ReferenceBytes)),
            }
            : command;

    private async Task PostAsync(NodeCommand command)
    {
        try
        {
            if (ReplyEvents.Of(command, await AskAsync(command)) is { } happened)
            {
                await _feed.TellAsync(happened, CancellationToken.None);
            }
        }
        catch (Exception over) when (over is NodeGoneException or ChannelClosedException)
        {
            // The face has ended; its last event says so.
        }
    }

    // Requests reach a node in their order: who listens first hears what comes of everything it asks.
    private void Begin(IFaceLink link, IReadOnlyList<NodeCommand> joins)
    {
        if (_face.WithEvents)
        {
            link.Listen(_feed);
        }

        _asks.Use(link, joins);
    }

    private async Task RunAsync(IFaceLink first)
    {
        var link = first;
        var last = new NodeEvent.Stopped(null);
        try
        {
            while (true)
            {
                var end = await ServeAsync(link);
                _asks.Pause();
                await link.DisposeAsync();
                if (_leaving.IsCancellationRequested)
                {
                    break;
                }

                // A node of one's own that nobody took over was told to stop, or cannot go on.
                if (end is { IsFailure: true } || (link.IsOwn && end?.NewOwner is null))
                {
                    last = end?.Stopped ?? last;
                    break;
                }

                if (!link.IsOwn)
                {
                    _feed.TryTell(new NodeEvent.OwnerChanged(IsThisProcess: false, ProcessId: 0));
                }

                link = await _opening.ReopenAsync(end?.NewOwner is not null, _leaving.Token);
                Begin(link, _joins.List());
            }
        }
        catch (OperationCanceledException)
        {
            // Left while no node was there.
        }
        catch (NodeStartException failed)
        {
            last = new NodeEvent.Stopped(failed.Message, failed.Failure == NodeStartFailure.Storage);
        }
#pragma warning disable CA1031 // the last frame of the task: whatever it is, the user gets a sentence
        catch (Exception fault)
#pragma warning restore CA1031
        {
            last = new NodeEvent.Stopped(
                $"PeerChat lost the way to its node because of a fault of its own ({fault.GetType().Name}: {fault.Message})."
            );
        }

        _asks.End(new NodeGoneException(last.Failure ?? "This face of the node has ended."));
        _feed.End(last);
    }

    /// <summary>Carries events until the node is gone, and returns how; or until the face leaves.</summary>
    private async Task<LinkEnd?> ServeAsync(IFaceLink link)
    {
        using var over = new CancellationTokenSource();
        _feed.OnDelivered = happened =>
        {
            _joins.Handle(happened);
            if (!link.IsOwn)
            {
                _answers.Handle(happened);
            }
        };
        var pump = PumpAsync(link, over.Token);
        var left = Task.Delay(Timeout.Infinite, _leaving.Token);
        await Task.WhenAny(link.Ended, left);
        if (_leaving.IsCancellationRequested)
        {
            // What was posted is done first: a draft, a last text.
            await Task.WhenAny(
                _asks.AllAnsweredAsync(),
                link.Ended,
                Task.Delay(LeavePatience, CancellationToken.None)
            );
            if (link.IsOwn)
            {
                await link.DisposeAsync(); // the node's goodbye, of which its events still tell
            }
        }

        if (!_leaving.IsCancellationRequested || link.IsOwn)
        {
            await Task.WhenAny(pump, Task.Delay(FarewellPatience, CancellationToken.None));
        }

        await over.CancelAsync();
        await pump;
        return link.Ended.IsCompletedSuccessfully ? await link.Ended : null;
    }

    private async Task PumpAsync(IFaceLink link, CancellationToken cancellation)
    {
        try
        {
            await _feed.TellAsync(new NodeEvent.OwnerChanged(link.IsOwn, link.ProcessId), cancellation);
            if (_face.WithEvents)
            {
                await link.PumpAsync(_feed, cancellation);
            }
        }
        catch (Exception over)
            when (over is OperationCanceledException or NodeGoneException or RpcErrorException)
        {
            // The node is gone, or the face leaves.
        }
    }
}
