using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat doctor</c>: what works, what does not, what to change.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>Asks the node until its servers have answered, or patience ends.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        await using var node = await NodeFace.OpenAsync(
            call.ToNodeOptions(),
            new FaceOptions(call.Row.Name, WithEvents: false),
            cancellation
        );
        using var patience = new Deadline(call.Time("--timeout"), cancellation);
        NodeReply.Diagnosis diagnosis;
        while (true)
        {
            diagnosis = await node.AskAsync<NodeReply.Diagnosis>(
                new NodeCommand.Diagnose(call.Text("WHO")),
                cancellation
            );
            var isOpen = Array.Exists(
                diagnosis.Checks,
                check =>
                    check
                        is {
                            Area: "server" or "nat" or "mapping" or "peerserver" or "tracker",
                            Verdict: DiagnosisVerdict.Unknown
                        }
            );
            if (!isOpen || patience.IsOver)
            {
                break;
            }

            try
            {
                await Task.Delay(Pause, patience.Token);
            }
            catch (OperationCanceledException) when (patience.IsOver)
            {
                break;
            }
        }

        foreach (
            var line in call.Flag("--json") ? MeetingLines.JsonOf(diagnosis) : MeetingLines.Of(diagnosis)
        )
        {
            Console.Out.WriteLine(line);
        }

        return Array.Exists(diagnosis.Checks, check => check.Verdict == DiagnosisVerdict.Bad)
            ? ExitCode.Unreachable
            : ExitCode.Done;
    }
}
