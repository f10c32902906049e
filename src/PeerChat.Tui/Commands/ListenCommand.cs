using System.CommandLine;
using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat listen</c>: prints what arrives, one line a message.</summary>
internal static class ListenCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common)
    {
        var from = new Option<string?>("--from")
        {
            Description = "Only from this name or full id.",
            HelpName = "PEER",
        };
        var room = new Option<string?>("--room")
        {
            Description = "Only from this open room.",
            HelpName = "ROOM",
        };
        var peer = new Option<string?>("--peer")
        {
            Description = "Dial this address too, instead of only waiting.",
            HelpName = "HOST[:PORT]",
        };
        var accept = new Option<string[]>("--accept")
        {
            Description = "Accept a first-contact request from this name or full id (repeatable).",
            HelpName = "PEER",
            DefaultValueFactory = _ => [],
        };
        var acceptAny = new Option<bool>("--accept-any")
        {
            Description = "Accept first-contact requests from anybody.",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a line (docs/SCRIPTING.md)." };
        var count = new Option<int?>("--count")
        {
            Description = "End after so many messages.",
            HelpName = "N",
        };
        var timeout = new Option<string?>("--timeout")
        {
            Description = "End after this time (exit code 3).",
            HelpName = "TIME",
        };
        var command = new Command("listen", "Print messages as they arrive.");
        foreach (var option in new Option[] { from, room, peer, accept, acceptAny, json, count, timeout })
        {
            command.Options.Add(option);
        }

        common.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                if (parsed.GetValue(from) is not null && parsed.GetValue(room) is not null)
                {
                    throw new UsageException("Say --from PEER or --room ROOM, not both.");
                }

                if (parsed.GetValue(count) is < 1)
                {
                    throw new UsageException("--count takes a number from 1.");
                }

                var target =
                    parsed.GetValue(from) is null && parsed.GetValue(room) is null
                        ? null
                        : new ChatTarget(parsed.GetValue(from), parsed.GetValue(room), parsed.GetValue(peer));
                return RunAsync(
                    common.Read(parsed) with
                    {
                        AcceptAny = parsed.GetValue(acceptAny),
                        Accept = parsed.GetValue(accept) ?? [],
                        ReleaseOutboxUnasked = true,
                        Announce = AnnouncePolicy.Always,
                    },
                    target,
                    parsed.GetValue(json) ? new JsonWriter(Console.Out) : new LineWriter(Console.Out),
                    parsed.GetValue(count),
                    parsed.GetValue(timeout) is { } text ? Timeouts.Parse(text) : null,
                    cancellation
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        NodeOptions options,
        ChatTarget? target,
        IEventWriter writer,
        int? count,
        TimeSpan? timeout,
        CancellationToken cancellation
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (timeout is { } limit)
        {
            deadline.CancelAfter(limit);
        }

        await using var node = PeerChatNode.Start(options);
        if (target is not null)
        {
            node.Post(target.ToJoin());
        }

        var chats = new Dictionary<string, ChatSummary>(StringComparer.Ordinal);
        var shown = 0;
        try
        {
            await foreach (var happened in node.Events.ReadAllAsync(deadline.Token))
            {
                switch (happened)
                {
                    case NodeEvent.ChatChanged changed:
                        chats[changed.Chat.Chat] = changed.Chat;
                        break;
                    case NodeEvent.ChatReplaced replaced:
                        chats[replaced.Chat.Chat] = replaced.Chat;
                        break;
                    case NodeEvent.MessageShown { Message: { IsOwn: false } message }:
                        if (
                            target is null
                            || (chats.GetValueOrDefault(message.Chat) is { } chat && target.Names(chat))
                        )
                        {
                            writer.Message(message);
                            if (++shown == count)
                            {
                                return ExitCode.Done;
                            }
                        }

                        break;
                    case NodeEvent.RequestReceived request:
                        writer.Request(request);
                        break;
                    case NodeEvent.Notice notice:
                        writer.Notice(notice);
                        break;
                    case NodeEvent.JoinFailed { Failure: not JoinFailure.NobodyFound } failed
                        when target?.Failed(failed, chat: null) == true:
                        return JoinFailures.Report(failed, "");
                    case NodeEvent.Stopped stopped:
                        return JoinFailures.ReportStopped(stopped);
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            PeerChatCommandLine.Say(
                count is { } wanted
                    ? $"{shown} of {wanted} messages came within {timeout!.Value.TotalSeconds:0.###} s."
                    : $"The time of {timeout!.Value.TotalSeconds:0.###} s is over."
            );
            return count is null ? ExitCode.Done : ExitCode.NobodyFound;
        }

        return ExitCode.Interrupted;
    }
}
