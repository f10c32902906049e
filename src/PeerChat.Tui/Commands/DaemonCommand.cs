using System.IO.Pipelines;
using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat daemon</c>: runs the node without a screen.</summary>
internal static class DaemonCommand
{
    /// <summary>How long a node may take to leave: twice what it grants itself.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

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
            throw new UsageException(Words.Of("Say one of --detach, --stop and --unit."));
        }

        var options = call.ToNodeOptions() with
        {
            AcceptAny = call.Flag("--accept-any"),
            Accept = call.List("--accept"),
            // To be found is what it is for
            Announce = AnnouncePolicy.Always,
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
        var log = new DaemonLog(Console.Error, () => ProfileReader.LocateSocket(options));
        try
        {
            await foreach (var happened in node.Events.ReadAllAsync(hangUp.Token))
            {
                log.Write(happened);
                switch (happened)
                {
                    case NodeEvent.OwnerChanged { IsThisProcess: false } other:
                        PeerChatCommandLine.Say(
                            Words.Of(
                                $"Process {other.ProcessId} runs the node now; this daemon has nothing left to do and ends."
                            )
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
        if (await BackgroundNode.OwnerAsync(options, cancellation) is not { } running)
        {
            PeerChatCommandLine.Say(Words.Of("No node runs for this profile; there is nothing to stop."));
            return ExitCode.Done;
        }

        using var deadline = new Deadline(StopPatience, cancellation);
        try
        {
            // Over a face of its own a stop would end that face alone; a client of the protocol ends the node. Its input stays
            // open until the node is gone: a client that leaves takes back what it asked.
            var input = new Pipe();
            await input.Writer.WriteAsync(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stop\"}\n"u8.ToArray(),
                deadline.Token
            );
            using var over = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            var asking = RpcEndpoint.RunAsync(
                options,
                new FaceOptions("daemon", Ownership.Never),
                input.Reader.AsStream(),
                Stream.Null,
                over.Token
            );
            // Faces that are attached may run the node now, which is theirs to decide
            await BackgroundNode.WaitAsync(
                options,
                now => now?.ProcessId != running.ProcessId,
                deadline.Token
            );
            await input.Writer.CompleteAsync();
            await over.CancelAsync();
            await Task.WhenAny(asking); // however it ended: the node is gone
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                Words.Of(
                    $"Process {running.ProcessId} still runs the node after {Timeouts.Format(StopPatience)}."
                )
            );
            return ExitCode.Storage;
        }
    }
}
