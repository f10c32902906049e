using System.CommandLine;
using System.Text;
using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat send</c>: one message from a script, and out.</summary>
internal static class SendCommand
{
    private const string DefaultTimeout = "30s";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common)
    {
        var to = new Option<string?>("--to")
        {
            Description = "Whom: a name, or a full id.",
            HelpName = "PEER",
        };
        var room = new Option<string?>("--room") { Description = "Which open room.", HelpName = "ROOM" };
        var peer = new Option<string?>("--peer")
        {
            Description = "Dial this address instead of looking on the local network.",
            HelpName = "HOST[:PORT]",
        };
        var wait = new Option<string>("--wait")
        {
            Description =
                "Until when to stay: sent (another device has it in hand) or delivered (it is durable there).",
            DefaultValueFactory = _ => "sent",
        };
        wait.AcceptOnlyFromAmong("sent", "delivered");
        var timeout = new Option<string>("--timeout")
        {
            Description = "How long to try.",
            HelpName = "TIME",
            DefaultValueFactory = _ => DefaultTimeout,
        };
        var text = new Argument<string?>("TEXT")
        {
            Description = "The message; '-' or nothing reads standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("send", "Send one message, and end when it is sent or delivered.") { text };
        foreach (var option in new Option[] { to, room, peer, wait, timeout })
        {
            command.Options.Add(option);
        }

        common.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var target = parsed.GetValue(to);
                var inRoom = parsed.GetValue(room);
                if (target is null == inRoom is null)
                {
                    throw new UsageException("Say either --to PEER or --room ROOM.");
                }

                return RunAsync(
                    common.Read(parsed) with
                    {
                        ReleaseOutboxUnasked = true,
                    },
                    new ChatTarget(target, inRoom, parsed.GetValue(peer)),
                    ReadText(parsed.GetValue(text)),
                    parsed.GetValue(wait) == "delivered",
                    Timeouts.Parse(parsed.GetValue(timeout)!),
                    cancellation
                );
            }
        );
        return command;
    }

    private static string ReadText(string? text)
    {
        if (text is null or "-")
        {
            using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
            var buffer = new char[NodeCommand.MaxTextBytes + 2];
            var read = input.ReadBlock(buffer);
            text = new string(buffer, 0, read);
            text = text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > NodeCommand.MaxTextBytes)
        {
            throw new UsageException(
                $"The message is longer than the limit of {NodeCommand.MaxTextBytes:N0} bytes (64 KiB); split it, or send it as a file."
            );
        }

        return text.Length == 0 ? throw new UsageException("There is no text to send.") : text;
    }

    private static async Task<int> RunAsync(
        NodeOptions options,
        ChatTarget target,
        string text,
        bool untilDelivered,
        TimeSpan timeout,
        CancellationToken cancellation
    )
    {
        const string Reference = "send";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        await using var node = PeerChatNode.Start(options);
        node.Post(target.ToJoin());
        var (chat, message, state) = ((string?)null, (string?)null, ConnectionState.Searching);
        try
        {
            await foreach (var happened in node.Events.ReadAllAsync(deadline.Token))
            {
                switch (happened)
                {
                    case NodeEvent.ChatChanged { Chat: var summary } when target.Names(summary):
                        state = summary.Connection;
                        if (chat is null)
                        {
                            node.Post(new NodeCommand.SendText(summary.Chat, text, Reference));
                        }

                        chat = summary.Chat;
                        break;
                    case NodeEvent.ChatReplaced replaced when replaced.OldChat == chat:
                        (chat, state) = (replaced.Chat.Chat, replaced.Chat.Connection);
                        break;
                    case NodeEvent.MessageShown { Reference: Reference } shown:
                        message = shown.Message.Id;
                        break;
                    case NodeEvent.MessageReplaced replaced when replaced.OldId == message:
                        message = replaced.Message.Id;
                        break;
                    case NodeEvent.MessageStateChanged changed when changed.Message == message:
                        if (
                            changed.State == DeliveryState.Delivered
                            || (!untilDelivered && changed.State == DeliveryState.Sent)
                        )
                        {
                            return ExitCode.Done;
                        }

                        break;
                    case NodeEvent.JoinFailed failed when target.Failed(failed, chat):
                        return JoinFailures.Report(failed, "The message stays queued.");
                    case NodeEvent.Notice { Code: NoticeCode.FirewallLikely or NoticeCode.PortInUse } notice:
                        PeerChatCommandLine.Say(notice.Text);
                        break;
                    case NodeEvent.Stopped stopped:
                        return JoinFailures.ReportStopped(stopped);
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return JoinFailures.ReportTimeout(
                target,
                state,
                timeout,
                "The message stays queued and goes out when both run."
            );
        }

        return ExitCode.Interrupted;
    }
}
