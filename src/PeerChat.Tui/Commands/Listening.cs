using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary>Writes the messages of one chat, or of all.</summary>
/// <param name="node">The node.</param>
/// <param name="target">The chat; null for all.</param>
/// <param name="writer">Where they go.</param>
internal sealed class Listening(IPeerChatNode node, ChatTarget? target, IEventWriter writer)
{
    private readonly Dictionary<string, ChatSummary> _chats = new(StringComparer.Ordinal);
    private readonly HashSet<string> _printed = new(StringComparer.Ordinal); // of the history, to be told twice by nobody
    private readonly HashSet<string> _requests = new(StringComparer.Ordinal);
    private string? _chat;

    /// <summary>How many messages have arrived.</summary>
    public int Shown { get; private set; }

    /// <summary>Opens the chat.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var opened = await node.AskAsync<NodeReply.Opened>(target!.ToJoin(), cancellation);
        _chat = opened.Chat.Chat;
        _chats[opened.Chat.Chat] = opened.Chat;
    }

    /// <summary>Writes the newest messages there are, oldest first.</summary>
    public async Task PrintHistoryAsync(int count, CancellationToken cancellation)
    {
        var names = _chat is not null
            ? [_chat]
            : (await node.AskAsync<NodeReply.Chats>(new NodeCommand.ListChats(), cancellation)).All.Select(
                chat => chat.Chat
            );
        var messages = new List<ChatMessage>();
        foreach (var name in names)
        {
            var page = await node.AskAsync<NodeReply.History>(
                new NodeCommand.LoadHistory(name, count),
                cancellation
            );
            messages.AddRange(page.Messages);
        }

        foreach (var message in messages.OrderBy(message => message.SentAtUnixMilliseconds).TakeLast(count))
        {
            _printed.Add(message.Id);
            writer.Message(message);
        }
    }

    /// <summary>Writes what arrives.</summary>
    /// <param name="count">After how many to end; null for never.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(int? count, CancellationToken cancellation)
    {
        var isFirst = true;
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            switch (happened)
            {
                case NodeEvent.Ready when !isFirst && target is not null:
                    node.Post(target.ToJoin()); // another process runs the node now
                    break;
                case NodeEvent.Ready:
                    isFirst = false;
                    break;
                case NodeEvent.ChatChanged changed:
                    _chats[changed.Chat.Chat] = changed.Chat;
                    break;
                case NodeEvent.ChatReplaced replaced:
                    _chats[replaced.Chat.Chat] = replaced.Chat;
                    _chat = _chat == replaced.OldChat ? replaced.Chat.Chat : _chat;
                    break;
                case NodeEvent.ChatRemoved removed:
                    _chats.Remove(removed.Chat);
                    break;
                case NodeEvent.MessageShown { Message: { IsOwn: false } message } when IsMeant(message.Chat):
                    if (!_printed.Remove(message.Id))
                    {
                        writer.Message(message);
                        Shown++;
                    }

                    if (Shown == count)
                    {
                        return ExitCode.Done;
                    }

                    break;
                case NodeEvent.RequestReceived request when _requests.Add(request.Request):
                    writer.Request(request);
                    break;
                case NodeEvent.RequestEnded ended:
                    _requests.Remove(ended.Request);
                    break;
                case NodeEvent.Notice notice:
                    writer.Notice(notice);
                    break;
                case NodeEvent.JoinFailed { Failure: not JoinFailure.NobodyFound } failed
                    when target?.Failed(failed, _chat) == true:
                    return JoinFailures.Report(failed, "");
                case NodeEvent.Stopped stopped:
                    return JoinFailures.ReportStopped(stopped);
                default:
                    break;
            }
        }

        return ExitCode.Interrupted;
    }

    private bool IsMeant(string chat) =>
        target is null
        || chat == _chat
        || (_chats.GetValueOrDefault(chat) is { } summary && target.Names(summary));
}
