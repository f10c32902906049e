using System.Text.RegularExpressions;
using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary>Watches the node's events until something happens.</summary>
/// <param name="node">The node.</param>
/// <param name="target">The chat that matters; null for all.</param>
/// <param name="writer">Where what happened is written.</param>
internal sealed class Waiting(IPeerChatNode node, ChatTarget? target, IEventWriter writer)
{
    private readonly Dictionary<string, ChatSummary> _chats = new(StringComparer.Ordinal);
    private string? _chat;

    /// <summary>Waits until the person is connected.</summary>
    public async Task<int> ForPersonAsync(CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        return await FollowAsync(happened => Task.FromResult(IsOnline(happened)), cancellation);
    }

    /// <summary>Waits for a message whose text matches.</summary>
    public async Task<int> ForMessageAsync(Regex expression, CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        return await FollowAsync(happened => Task.FromResult(IsMatch(happened, expression)), cancellation);
    }

    /// <summary>Waits until one's own message is on another device.</summary>
    public async Task<int> ForDeliveryAsync(string message, CancellationToken cancellation)
    {
        if (await FindAsync(message, cancellation) is not { } found)
        {
            PeerChatCommandLine.Say(Words.Of($"There is no message {message} in any chat."));
            return ExitCode.NobodyFound;
        }

        if (!found.IsOwn)
        {
            throw new UsageException(
                Words.Of($"{message} is not your own message; it was delivered to you.")
            );
        }

        return IsDelivered(found)
            ? ExitCode.Done
            : await FollowAsync(
                async happened =>
                    happened
                        is NodeEvent.InStep
                            or NodeEvent.MessageStateChanged { State: DeliveryState.Delivered }
                            or NodeEvent.MessageReplaced
                    && await FindAsync(message, cancellation) is { } now
                    && IsDelivered(now),
                cancellation
            );
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        if (target is not null)
        {
            var opened = await node.AskAsync<NodeReply.Opened>(target.ToJoin(), cancellation);
            _chat = opened.Chat.Chat;
            _chats[opened.Chat.Chat] = opened.Chat;
        }
    }

    private async Task<int> FollowAsync(Func<NodeEvent, Task<bool>> isIt, CancellationToken cancellation)
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
                case NodeEvent.JoinFailed { Failure: not JoinFailure.NobodyFound } failed
                    when target?.Failed(failed, _chat) == true:
                    return JoinFailures.Report(failed, "");
                case NodeEvent.Stopped stopped:
                    return JoinFailures.ReportStopped(stopped);
                default:
                    break;
            }

            if (await isIt(happened))
            {
                return ExitCode.Done;
            }
        }

        return ExitCode.Interrupted;
    }

    private bool IsOnline(NodeEvent happened)
    {
        var chat = happened switch
        {
            NodeEvent.ChatChanged changed => changed.Chat,
            NodeEvent.ChatReplaced replaced => replaced.Chat,
            // The chat may have been connected already when it was opened
            NodeEvent.InStep when _chat is not null => _chats.GetValueOrDefault(_chat),
            _ => null,
        };
        if (
            chat is null
            || chat.Connection != ConnectionState.Connected
            || (chat.Chat != _chat && !target!.Names(chat))
        )
        {
            return false;
        }

        foreach (var member in chat.Members.Where(member => member is { IsSelf: false, Connected: true }))
        {
            writer.Person(member);
        }

        return true;
    }

    private bool IsMatch(NodeEvent happened, Regex expression)
    {
        if (
            happened is not NodeEvent.MessageShown { Message: { IsOwn: false } message }
            || !IsMeant(message.Chat)
            || !expression.IsMatch(message.Text)
        )
        {
            return false;
        }

        writer.Message(message);
        return true;
    }

    private bool IsMeant(string chat) =>
        target is null
        || chat == _chat
        || (_chats.GetValueOrDefault(chat) is { } summary && target.Names(summary));

    private bool IsDelivered(ChatMessage message)
    {
        if (message.State != DeliveryState.Delivered)
        {
            return false;
        }

        writer.Message(message);
        return true;
    }

    private async Task<ChatMessage?> FindAsync(string message, CancellationToken cancellation)
    {
        var chats = await node.AskAsync<NodeReply.Chats>(new NodeCommand.ListChats(), cancellation);
        foreach (var chat in chats.All)
        {
            if (
                await node.AskAsync(new NodeCommand.FindMessage(chat.Chat, message), cancellation)
                is NodeReply.Found { Message: { } found }
            )
            {
                return found;
            }
        }

        return null;
    }
}
