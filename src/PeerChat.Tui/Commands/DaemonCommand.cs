using PeerChat.Node;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat daemon</c>: runs the node without a screen.</summary>
internal static class DaemonCommand
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        if (call.Flag(DaemonArguments.InBackground))
        {
            Detachment.BeginSession();
        }

        var (isDetached, isStop, isUnit) = (call.Flag("--detach"), call.Flag("--stop"), call.Flag("--unit"));
        if ((isDetached ? 1 : 0) + (isStop ? 1 : 0) + (isUnit ? 1 : 0) > 1)
        {
            throw new UsageException("Say one of --detach, --stop and --unit.");
        }

        var options = call.ToNodeOptions() with
        {
            AcceptAny = call.Flag("--accept-any"),
            Accept = call.List("--accept"),
        };
        if (isUnit)
        {
            Console.Out.Write(ServiceUnit.Text(DaemonArguments.Of(options)));
            return ExitCode.Done;
        }

        return isStop ? await StopAsync(options, cancellation)
            : isDetached ? await BackgroundNode.StartAsync(options, cancellation)
            : await StayAsync(options, cancellation);
    }

    private static async Task<int> StayAsync(NodeOptions options, CancellationToken cancellation)
    {
        using var hangUp = new HangUp(cancellation);
        await using var node = await NodeFace.OpenAsync(
            options,
            new FaceOptions("daemon", Ownership.TakeOver),
            hangUp.Token
        );
        var log = new DaemonLog(Console.Error);
        try
        {
            await foreach (var happened in node.Events.ReadAllAsync(hangUp.Token))
            {
                log.Write(happened);
                switch (happened)
                {
                    case NodeEvent.OwnerChanged { IsThisProcess: false } other:
                        PeerChatCommandLine.Say(
                            $"Process {other.ProcessId} runs the node now; this daemon has nothing left to do and ends."
                        );
                        return ExitCode.OwnerGone;
                    case NodeEvent.Stopped { Failure: { } failure }:
                        PeerChatCommandLine.Say(failure);
                        return ExitCode.Storage;
                    case NodeEvent.Stopped:
                        return ExitCode.Done;
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            await node.DisposeAsync(); // says goodbye on the network
            PeerChatCommandLine.Say(Texts.Offline);
        }

        return ExitCode.Done;
    }

    private static async Task<int> StopAsync(NodeOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var node = await NodeFace.OpenAsync(
                options,
                new FaceOptions("daemon", Ownership.Never, WithEvents: false),
                cancellation
            );
            await node.AskAsync<NodeReply.Done>(new NodeCommand.StopNode(), cancellation);
            return ExitCode.Done;
        }
        catch (NodeStartException nobody) when (nobody.Failure == NodeStartFailure.NotRunning)
        {
            PeerChatCommandLine.Say("No node runs for this profile; there is nothing to stop.");
            return ExitCode.Done;
        }
    }
}
