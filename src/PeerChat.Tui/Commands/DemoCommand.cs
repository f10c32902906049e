using System.Diagnostics;
using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat demo</c>: alice's screen, and a second real process in which bob answers, over WebRTC on loopback.</summary>
internal static class DemoCommand
{
    private const string Loopback = "loopback";

    private static string[] Replies =>
        [
            Words.Of(
                "Hello! I am bob, in a process of my own. All this goes over WebRTC data channels on loopback, encrypted."
            ),
            Words.Of("What you write is stored encrypted, and counts as delivered when it is durable here."),
            Words.Of("In another terminal: peerchat --user carol --room dev, and the same with dave."),
            Words.Of("Ctrl-C or /quit ends the demo and removes its files."),
        ];

    /// <summary>Runs alice's side.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var home = Directory.CreateTempSubdirectory("peerchat-demo-");
        var profile = Path.Combine(home.FullName, "bob");

        // By id: other people on this machine may be called bob too.
        var identity = ProfileReader.ReadIdentity(
            new NodeOptions { User = "bob", ProfileDirectory = profile }
        );
        using var bob = StartBob(profile);
        try
        {
            return await RunCommand.RunAsync(
                new NodeOptions
                {
                    User = "alice",
                    ProfileDirectory = Path.Combine(home.FullName, "alice"),
                    Interfaces = [Loopback],
                    ReleaseOutboxUnasked = true,
                },
                Ownership.WhenFree,
                [new NodeCommand.JoinPeer(identity.Id)],
                call.Flag("--plain"),
                RunCommand.LookOf(call),
                cancellation
            );
        }
        finally
        {
            if (!bob.HasExited)
            {
                bob.Kill();
                await bob.WaitForExitAsync(CancellationToken.None);
            }

            home.Delete(recursive: true);
        }
    }

    private static Process StartBob(string profile)
    {
        // `dotnet peerchat.dll` and the program of its own start differently.
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peerchat.dll"));
        }

        foreach (
            var argument in new[]
            {
                "demo-peer",
                "--user",
                "bob",
                "--profile",
                profile,
                "--interface",
                Loopback,
            }
        )
        {
            start.ArgumentList.Add(argument);
        }

        var bob =
            Process.Start(start)
            ?? throw new UsageException(Words.Of("The second process could not be started."));
        bob.BeginOutputReadLine();
        bob.BeginErrorReadLine();
        return bob;
    }

    /// <summary>Runs bob's side.</summary>
    public static async Task<int> RunPeerAsync(Call call, CancellationToken cancellation)
    {
        await using var node = PeerChatNode.Start(
            call.ToNodeOptions() with
            {
                AcceptAny = true,
                ReleaseOutboxUnasked = true,
            }
        );
        using var alone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = Task.Run(() => EndWithParentAsync(alone), CancellationToken.None); // reading a pipe blocks its thread
        var greeted = new HashSet<string>(StringComparer.Ordinal);
        var said = 0;
        try
        {
            await foreach (var happened in node.Events.ReadAllAsync(alone.Token))
            {
                if (
                    happened is NodeEvent.ChatChanged { Chat: { Connection: ConnectionState.Connected } chat }
                    && greeted.Add(chat.Chat)
                )
                {
                    node.Post(new NodeCommand.SendText(chat.Chat, Replies[0]));
                }
                else if (happened is NodeEvent.MessageShown { Message: { IsOwn: false } message })
                {
                    said++;
                    var answer =
                        said < Replies.Length ? Replies[said] : Words.Of($"You said: {message.Text}");
                    node.Post(new NodeCommand.SendText(message.Chat, answer));
                }
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }

        return ExitCode.Done;
    }

    /// <summary>Bob ends when alice does, also when she is killed: his standard input ends with her.</summary>
    private static async Task EndWithParentAsync(CancellationTokenSource alone)
    {
        while (await Console.In.ReadLineAsync(alone.Token) is not null) { }

        await alone.CancelAsync();
    }
}
