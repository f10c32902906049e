using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat offer</c> and <c>peerchat answer</c>: two meet by codes that they paste.</summary>
internal static class MeetCommands
{
    private static readonly TimeSpan ServerPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes an offer, and takes the answer from standard input.</summary>
    public static Task<int> RunOfferAsync(Call call, CancellationToken cancellation) =>
        RunAsync(
            call,
            async (node, deadline) =>
            {
                var known = await ContactsAsync(node, deadline);
                var code = await MakeAsync(node, new NodeCommand.MakeOffer(), deadline);
                Print(call, code);
                PeerChatCommandLine.Say(
                    Words.Of(
                        $"Send this code to the other person; it holds for {code.LifetimeSeconds / 60} minutes. Then paste their answer here:"
                    )
                );
                while (true)
                {
                    var line = await StandardInput.Lines.ReadLineAsync(deadline);
                    if (line is null)
                    {
                        PeerChatCommandLine.Say(Words.Of("Standard input ended before the answer came."));
                        return ExitCode.NobodyFound;
                    }

                    if (line.Trim().Length == 0)
                    {
                        continue;
                    }

                    var reply = await node.AskAsync(new NodeCommand.TakeCode(line), deadline);
                    if (reply is NodeReply.Done)
                    {
                        break;
                    }

                    PeerChatCommandLine.Say(
                        reply is NodeReply.Refused refused
                            ? refused.Text
                            : Words.Of("That is an offer; paste the answer to yours.")
                    );
                }

                return await WaitAsync(
                    call,
                    node,
                    contact => contact.Connected && !known.Contains(contact.PeerId),
                    deadline
                );
            },
            cancellation
        );

    /// <summary>Answers an offer, and waits until the other side has the answer.</summary>
    public static Task<int> RunAnswerAsync(Call call, CancellationToken cancellation) =>
        RunAsync(
            call,
            async (node, deadline) =>
            {
                var text = call.Text("CODE") ?? await StandardInput.Lines.ReadLineAsync(deadline) ?? "";
                var code = await MakeAsync(node, new NodeCommand.TakeCode(text), deadline);
                Print(call, code);
                PeerChatCommandLine.Say(
                    Words.Of("Send this answer back; the connection begins when they have pasted it.")
                );
                var wanted = code.Chat!.Chat[1..];
                return await WaitAsync(
                    call,
                    node,
                    contact => contact.Connected && contact.PeerId == wanted,
                    deadline
                );
            },
            cancellation
        );

    private static async Task<int> RunAsync(
        Call call,
        Func<NodeFace, CancellationToken, Task<int>> act,
        CancellationToken cancellation
    )
    {
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                call.ToNodeOptions(),
                new FaceOptions(call.Row.Name),
                deadline.Token
            );
            return await act(node, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                Words.Of($"Nobody was met within {Timeouts.Format(deadline.Limit)}; make a new offer.")
            );
            return ExitCode.NobodyFound;
        }
    }

    private static async Task<NodeReply.PastedCode> MakeAsync(
        NodeFace node,
        NodeCommand command,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            switch (await node.AskAsync(command, cancellation))
            {
                case NodeReply.PastedCode code:
                    return code;
                case NodeReply.Refused { Code: RefusalCode.NotYet }:
                    await Task.Delay(ServerPause, cancellation); // a STUN server is being asked
                    break;
                case NodeReply.Refused refused:
                    throw new CommandFailedException(Asking.CodeOf(refused.Code), refused.Text);
                default:
                    throw new UsageException(
                        Words.Of("That is an answer; it belongs to the one who made the offer.")
                    );
            }
        }
    }

    private static async Task<HashSet<string>> ContactsAsync(NodeFace node, CancellationToken cancellation)
    {
        var contacts = await node.AskAsync<NodeReply.Contacts>(new NodeCommand.ListContacts(), cancellation);
        return [.. contacts.All.Where(contact => contact.Connected).Select(contact => contact.PeerId)];
    }

    private static async Task<int> WaitAsync(
        Call call,
        NodeFace node,
        Func<ContactSummary, bool> isIt,
        CancellationToken cancellation
    )
    {
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            if (happened is NodeEvent.Stopped stopped)
            {
                return JoinFailures.ReportStopped(stopped);
            }

            var contacts = await node.AskAsync<NodeReply.Contacts>(
                new NodeCommand.ListContacts(),
                cancellation
            );
            if (Array.Find(contacts.All, contact => isIt(contact)) is { } met)
            {
                Console.Out.WriteLine(call.Flag("--json") ? JsonLines.Of(met) : ReplyLines.Of(met));
                return ExitCode.Done;
            }
        }

        return ExitCode.Interrupted;
    }

    private static void Print(Call call, NodeReply.PastedCode code)
    {
        foreach (var line in call.Flag("--json") ? [MeetingLines.JsonOf(code)] : MeetingLines.Of(code))
        {
            Console.Out.WriteLine(line);
        }
    }
}
