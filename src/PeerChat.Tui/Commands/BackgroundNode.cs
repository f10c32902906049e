using PeerChat.Node;
using PeerChat.Node.Profiles;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>Starts a process in the background that runs the node.</summary>
internal static class BackgroundNode
{
    /// <summary>How long the new process may take until it answers: far above any start on a busy machine.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long one look may take. A node that ends in the middle of it leaves the looker waiting for the next one, of which there may be
    /// none; the look after it finds that out at once.
    /// </summary>
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(2);

    /// <summary>Starts it, waits until it answers, and says who runs the node.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> StartAsync(NodeOptions options, CancellationToken cancellation)
    {
        using var started = Start(options);
        using var deadline = new Deadline(StartPatience, cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        try
        {
            var answering = WaitAsync(options, now => now?.ProcessId == started.ProcessId, over.Token);
            if (await started.EndsBeforeAsync(answering, over.Token))
            {
                await over.CancelAsync();
                await Task.WhenAny(answering); // however that look ended: nobody is there to answer
                PeerChatCommandLine.Say(started.Epitaph);
                return started.ExitCode;
            }

            var status = await answering;
            Console.Out.WriteLine(
                Words.Of(
                    $"{status!.Name} is online: process {status.ProcessId} runs the node. Its log is {started.LogPath}; "
                        + $"'peerchat attach' shows the screen, 'peerchat daemon --stop' ends it."
                )
            );
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                Words.Of(
                    $"The process in the background did not come to run the node within {Timeouts.Format(StartPatience)}; {started.LogPath} says why."
                )
            );
            return ExitCode.Storage;
        }
    }

    /// <summary>Starts it and does not wait.</summary>
    /// <returns>The process; it goes on when that is disposed of.</returns>
    /// <exception cref="NodeStartException">It could not be started.</exception>
    public static BackgroundProcess Start(NodeOptions options)
    {
        // What is relative or remembered now must mean the same to a process in another folder
        var name = ProfileReader.ReadIdentity(options).Name; // makes the profile where there is none
        var folder = ProfileReader.Locate(options with { User = name }).Folder;
        if (Environment.GetEnvironmentVariable(ProfileLocation.HomeVariable) is { Length: > 0 } home)
        {
            Environment.SetEnvironmentVariable(ProfileLocation.HomeVariable, Path.GetFullPath(home));
        }

        foreach (var (variable, value) in DaemonArguments.SecretsOf(options))
        {
            Environment.SetEnvironmentVariable(variable, value);
        }

        var log = Path.Combine(folder, "daemon.log");
        var before = File.Exists(log) ? new FileInfo(log).Length : 0;
        IReadOnlyList<string> arguments =
        [
            .. DaemonArguments.Of(options with { User = name }),
            DaemonArguments.InBackground,
        ];
        // What was typed travels through a pipe: no file, no command line and no environment ever holds it
        var process = (options.Passphrase as PassphraseSource)?.Given is { } given
            ? Detachment.Start(
                [.. arguments, "--passphrase-file", PassphraseSource.StandardInput],
                log,
                [.. given, (byte)'\n']
            )
            : Detachment.Start(arguments, log);
        return new BackgroundProcess(process, log, before);
    }

    /// <summary>Waits until who runs the node is as wanted; null stands for nobody.</summary>
    public static async Task<NodeStatus?> WaitAsync(
        NodeOptions options,
        Predicate<NodeStatus?> isWanted,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            using var look = new Deadline(LookPatience, cancellation);
            try
            {
                var status = await OwnerAsync(options, look.Token);
                if (isWanted(status))
                {
                    return status;
                }
            }
            catch (OperationCanceledException) when (look.IsOver)
            {
                // The next look begins anew
            }

            await Task.Delay(LookInterval, cancellation);
        }
    }

    /// <summary>The node that runs, as it says itself; null where none does.</summary>
    public static async Task<NodeStatus?> OwnerAsync(NodeOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var node = await NodeFace.OpenAsync(
                options,
                new FaceOptions("daemon", Ownership.Never, WithEvents: false),
                cancellation
            );
            return (await node.AskAsync<NodeReply.Status>(new NodeCommand.GetStatus(), cancellation)).Node;
        }
        catch (Exception notYet)
            when (notYet is NodeGoneException
                || notYet
                    is NodeStartException { Failure: NodeStartFailure.NotRunning or NodeStartFailure.InUse }
            )
        {
            return null;
        }
    }
}
