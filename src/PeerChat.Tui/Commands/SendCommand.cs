using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat send</c>: one message from a script, or one for each line, and out.</summary>
internal static class SendCommand
{
    private static string NoTarget => Words.Of("Say either --to PEER or --room ROOM.");

    /// <summary>Runs it.</summary>
    public static Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var (to, room) = call.OneOf("--to", "--room", NoTarget);
        if (to is null && room is null)
        {
            throw new UsageException(NoTarget);
        }

        var target = new ChatTarget(to, room?.TrimStart('#'), call.Text("--peer"));
        var wanted = call.Text("--wait") switch
        {
            "queued" => DeliveryState.Queued,
            "delivered" => DeliveryState.Delivered,
            _ => DeliveryState.Sent,
        };
        var timeout = call.Time("--timeout")!.Value;
        var isByLine = call.Flag("--lines");
        if (isByLine && call.Text("TEXT") is not (null or "-"))
        {
            throw new UsageException(Words.Of("--lines reads standard input; leave the text out."));
        }

        var text = isByLine ? null : MessageText.Read(call.Text("TEXT"));
        var options = call.ToNodeOptions() with { ReleaseOutboxUnasked = true };
        var writer = call.Flag("--json") ? new JsonWriter(Console.Out) : null;
        // Nearly every send is this one; what it leaves is sent by the same reference, so that it goes out once
        var reference = Reference.Make();
        return
            text is not null
            && writer is null
            && timeout >= ExpressSend.Patience
            && ExpressSend.TrySend(options, target.ToJoin(), text, reference, wanted, cancellation)
            ? Task.FromResult(ExitCode.Done)
            : RunAsync(options, target, wanted, writer, text, reference, timeout, cancellation);
    }

    private static async Task<int> RunAsync(
        NodeOptions options,
        ChatTarget target,
        DeliveryState wanted,
        IEventWriter? writer,
        string? text,
        string reference,
        TimeSpan timeout,
        CancellationToken cancellation
    )
    {
        // The time counts from when the last text is durable here: however short it is and however long the node takes to start, nothing
        // that was to be sent is lost
        using var deadline = new Deadline(null, cancellation);
        await using var node = await NodeFace.OpenAsync(options, new FaceOptions("send"), cancellation);
        using var sending = new Sending(node, target, wanted, writer);
        try
        {
            return await sending.RunAsync(
                text is null
                    ? MessageText.ReadLines().Select(line => (line, Reference.Make()))
                    : [(text, reference)],
                () => deadline.Begin(timeout),
                deadline.Token
            );
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            sending.WriteUnderWay();
            return JoinFailures.ReportTimeout(
                target,
                sending.Connection,
                timeout,
                Words.Of("The message stays queued and goes out when both run.")
            );
        }
    }
}
