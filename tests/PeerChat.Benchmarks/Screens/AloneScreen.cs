using System.Net.Sockets;
using PeerChat.Node;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Program;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Model;
using PeerChat.Tui.Screens;

namespace PeerChat.Benchmarks.Screens;

/// <summary>The screen without a node behind it, in a process of its own: what it costs to show, without keys, disk and network.</summary>
/// <remarks>Other clients check no signature and keep no history; this row is what can be compared with them line by line.</remarks>
internal static class AloneScreen
{
    /// <summary>The argument that starts it; the path of the feed's socket comes behind it.</summary>
    public const string Verb = "screen-alone";

    /// <summary>What the first full screen shows.</summary>
    public const string First = "friend";

    private const string Chat = "@friend";

    /// <summary>Runs until the screen is over.</summary>
    public static int Run(string? socket)
    {
        var environment = TerminalEnvironment.Detect(Environment.GetEnvironmentVariable);
        if (!TerminalHost.TryOpen(environment, out var terminal, out var reason))
        {
            Console.Error.WriteLine(reason);
            return 1;
        }

        using (terminal)
        using (var feed = socket is null ? null : Connect(socket))
        {
            using var answers = feed is null ? null : new StreamWriter(feed) { AutoFlush = true };
            FrameLoop<AppState, AppMessage, AppEffect>? loop = null;
            loop = new(
                terminal,
                new ScreenProgram(),
                effect => Execute(effect, answers),
                TimeProvider.System,
                environment
            );
            loop.Post(new AppMessage.Node(new NodeEvent.Ready("me", "pc1me", "k3d9-0abc", ["lo"], 1)));
            loop.Post(
                new AppMessage.Node(
                    new NodeEvent.ChatChanged(
                        new(Chat, First, ChatKind.Direct, ConnectionState.Connected, "direct", [], 0, "", [])
                    )
                )
            );
            loop.Post(new AppMessage.Node(new NodeEvent.HistoryLoaded(Chat, [], HasOlder: false)));
            if (feed is not null)
            {
                new Thread(() => Listen(feed, loop)) { IsBackground = true }.Start();
            }

            var state = AppState.Initial(terminal.Size, TimeZoneInfo.Utc, ChatTarget.Of(null));
            return loop.Run(state).ExitCode ?? 0;
        }
    }

    private static NetworkStream Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static void Listen(NetworkStream feed, FrameLoop<AppState, AppMessage, AppEffect> loop)
    {
        using var lines = new StreamReader(feed);
        for (var i = 1; lines.ReadLine() is { } line; i++)
        {
            var sent = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            loop.Post(
                new AppMessage.Node(
                    new NodeEvent.MessageShown(
                        new(
                            Chat,
                            $"{i:x8}",
                            First,
                            "pc1friend",
                            false,
                            line,
                            sent,
                            DeliveryState.Received,
                            0,
                            (ulong)i
                        )
                    )
                )
            );
        }
    }

    private static void Execute(AppEffect effect, StreamWriter? answers)
    {
        if (effect is AppEffect.Post { Command: NodeCommand.SendText })
        {
            answers?.WriteLine("sent");
        }
    }
}
