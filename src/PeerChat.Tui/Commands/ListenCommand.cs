using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat listen</c>, also <c>tail</c>: prints what arrives, one line a message.</summary>
internal static class ListenCommand
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var (from, room) = call.OneOf(
            "--from",
            "--room",
            Words.Of("Say --from PEER or --room ROOM, not both.")
        );
        var target =
            from is null && room is null
                ? null
                : new ChatTarget(from, room?.TrimStart('#'), call.Text("--peer"));
        var options = call.ToNodeOptions() with
        {
            AcceptAny = call.Flag("--accept-any"),
            Accept = call.List("--accept"),
            ReleaseOutboxUnasked = true,
            Announce = AnnouncePolicy.Always,
        };
        IEventWriter writer = call.Flag("--json") ? new JsonWriter(Console.Out) : new LineWriter(Console.Out);
        var (count, history) = (call.Number("--count"), call.Number("--history") ?? 0);
        using var reader = new OutputGone(cancellation);
        using var deadline = new Deadline(call.Time("--timeout"), reader.Token);
        await using var node = await NodeFace.OpenAsync(options, new FaceOptions("listen"), reader.Token);
        var listening = new Listening(node, target, writer);
        try
        {
            if (target is not null)
            {
                await listening.OpenAsync(deadline.Token);
            }

            if (history > 0)
            {
                await listening.PrintHistoryAsync(history, deadline.Token);
            }

            return call.Flag("--follow") ? await listening.FollowAsync(count, deadline.Token) : ExitCode.Done;
        }
        catch (OperationCanceledException) when (reader.IsGone)
        {
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                count is { } wanted
                    ? Words.Count(
                        wanted,
                        $"{listening.Shown} of {wanted} message came within {Timeouts.Format(deadline.Limit)}.",
                        $"{listening.Shown} of {wanted} messages came within {Timeouts.Format(deadline.Limit)}."
                    )
                    : Words.Of($"The time of {Timeouts.Format(deadline.Limit)} is over.")
            );
            return count is null ? ExitCode.Done : ExitCode.NobodyFound;
        }
    }
}
