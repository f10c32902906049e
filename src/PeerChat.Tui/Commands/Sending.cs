using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary>Sends texts into one chat and follows them until they are as far as wanted.</summary>
/// <param name="node">The node.</param>
/// <param name="target">The chat.</param>
/// <param name="wanted">How far they are to come.</param>
/// <param name="writer">Where each is written once it is there; null for nowhere.</param>
internal sealed class Sending(
    IPeerChatNode node,
    ChatTarget target,
    DeliveryState wanted,
    IEventWriter? writer
) : IDisposable
{
    /// <summary>Texts under way at once: a pipe's writer waits rather than fills the memory.</summary>
    public const int MaxUnderWay = 1000;

    /// <summary>Texts whose answers are waited for, which come when they are durable: what is asked meanwhile goes to the disk together.</summary>
    public const int MaxUnanswered = 32;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, ChatMessage?> _underWay = new(StringComparer.Ordinal); // by reference
    private readonly SemaphoreSlim _room = new(MaxUnderWay);
    private bool _isComplete;
    private string? _chat;

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    /// <summary>Where the chat's connection stands.</summary>
    public ConnectionState Connection { get; private set; } = ConnectionState.Searching;

    /// <summary>Sends all of them.</summary>
    /// <param name="texts">The texts with their references; reading the next may block.</param>
    /// <param name="onLast">Called when the last is durable here.</param>
    /// <param name="cancellation">Ends the patience.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        IEnumerable<(string Text, string Reference)> texts,
        Action onLast,
        CancellationToken cancellation
    )
    {
        var opened = await node.AskAsync<NodeReply.Opened>(target.ToJoin(), cancellation);
        (_chat, Connection) = (opened.Chat.Chat, opened.Chat.Connection);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Reading a pipe blocks its thread
        var sending = Task.Run(() => SendAllAsync(texts, onLast, over.Token), CancellationToken.None);
        var following = FollowAsync(over.Token);
        var first = await Task.WhenAny(sending, following, _refused.Task);
        if (first == _refused.Task)
        {
            await first; // the next line may be long in coming
        }

        if (first == sending)
        {
            await sending;
            if (IsDone)
            {
                await over.CancelAsync();
                return ExitCode.Done;
            }
        }

        var code = await following;
        await over.CancelAsync();
        return code;
    }

    /// <summary>Writes what is not as far as wanted, as it stands.</summary>
    public void WriteUnderWay()
    {
        lock (_gate)
        {
            foreach (var message in _underWay.Values)
            {
                if (message is not null)
                {
                    writer?.Message(message);
                }
            }
        }
    }

    private bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _isComplete && _underWay.Count == 0;
            }
        }
    }

    private async Task SendAllAsync(
        IEnumerable<(string Text, string Reference)> texts,
        Action onLast,
        CancellationToken cancellation
    )
    {
        var unanswered = new Queue<Task>(MaxUnanswered);
        foreach (var (text, reference) in texts)
        {
            if (unanswered.Count == MaxUnanswered)
            {
                await unanswered.Dequeue();
            }

            await _room.WaitAsync(cancellation);
            lock (_gate)
            {
                _underWay[reference] = null;
            }

            unanswered.Enqueue(SendAsync(text, reference, cancellation));
        }

        await Task.WhenAll(unanswered);
        lock (_gate)
        {
            _isComplete = true;
        }

        onLast();
        // What moved on before its id was known here
        await LookAsync(cancellation);
    }

    private async Task SendAsync(string text, string reference, CancellationToken cancellation)
    {
        try
        {
            var accepted = await node.AskAsync<NodeReply.Accepted>(
                new NodeCommand.SendText(_chat!, text, reference),
                cancellation
            );
            Take(reference, accepted.Message);
        }
        catch (CommandFailedException refused)
        {
            _refused.TrySetException(refused);
            throw;
        }
    }

    private async Task<int> FollowAsync(CancellationToken cancellation)
    {
        var isFirst = true;
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            switch (happened)
            {
                case NodeEvent.Ready when !isFirst:
                    node.Post(target.ToJoin()); // another process runs the node now
                    break;
                case NodeEvent.Ready:
                    isFirst = false;
                    break;
                case NodeEvent.InStep:
                    await LookAsync(cancellation);
                    break;
                case NodeEvent.ChatChanged { Chat: var summary } when summary.Chat == _chat:
                    Connection = summary.Connection;
                    break;
                case NodeEvent.ChatReplaced replaced when replaced.OldChat == _chat:
                    (_chat, Connection) = (replaced.Chat.Chat, replaced.Chat.Connection);
                    break;
                case NodeEvent.OutboxQuestion question when question.Chat == _chat:
                    node.Post(new NodeCommand.ReleaseOutbox(question.Chat, true));
                    break;
                case NodeEvent.MessageShown { Reference: { } reference } shown:
                    Take(reference, shown.Message);
                    break;
                case NodeEvent.MessageReplaced replaced:
                    Change(replaced.OldId, _ => replaced.Message);
                    break;
                case NodeEvent.MessageStateChanged changed:
                    Change(
                        changed.Message,
                        message => message with { State = changed.State, DeliveredTo = changed.DeliveredTo }
                    );
                    break;
                case NodeEvent.JoinFailed failed when target.Failed(failed, _chat):
                    return JoinFailures.Report(failed, Words.Of("The message stays queued."));
                case NodeEvent.Notice
                {
                    Code: NoticeCode.FirewallLikely or NoticeCode.PortInUse or NoticeCode.NoNetwork
                } notice:
                    PeerChatCommandLine.Say(notice.Text);
                    break;
                case NodeEvent.Stopped stopped:
                    return JoinFailures.ReportStopped(stopped);
                default:
                    break;
            }

            if (IsDone)
            {
                return ExitCode.Done;
            }
        }

        return ExitCode.Interrupted;
    }

    /// <summary>Asks where the messages stand: their events may have come before their ids were known, or to a node that is gone.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        List<string> references;
        lock (_gate)
        {
            references = [.. _underWay.Where(pair => pair.Value is not null).Select(pair => pair.Key)];
        }

        foreach (var reference in references)
        {
            if (
                await node.AskAsync(new NodeCommand.FindMessage(_chat!, reference), cancellation)
                is NodeReply.Found { Message: { } message }
            )
            {
                Take(reference, message);
            }
        }
    }

    private void Change(string id, Func<ChatMessage, ChatMessage> change)
    {
        string reference;
        ChatMessage message;
        lock (_gate)
        {
            var found = _underWay.FirstOrDefault(pair => pair.Value?.Id == id);
            if (found.Value is null)
            {
                return;
            }

            (reference, message) = (found.Key, found.Value);
        }

        Take(reference, change(message));
    }

    private void Take(string reference, ChatMessage message)
    {
        lock (_gate)
        {
            if (!_underWay.TryGetValue(reference, out var known))
            {
                return;
            }

            // An answer and an event may overtake each other; a message only ever moves on
            if (known is not null && known.Id == message.Id && known.State > message.State)
            {
                return;
            }

            _underWay[reference] = message;
            if (message.State < wanted)
            {
                return;
            }

            _underWay.Remove(reference);
        }

        _room.Release();
        writer?.Message(message);
    }
}
