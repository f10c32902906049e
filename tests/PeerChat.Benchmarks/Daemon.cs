using System.Diagnostics;
using System.Net.Sockets;

namespace PeerChat.Benchmarks;

/// <summary><c>peerchat daemon</c> on a profile of its own, and connections to its control socket.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Process _process;

    private Daemon(Process process, string home) => (_process, Home) = (process, home);

    /// <summary>The folder with the profile.</summary>
    public string Home { get; }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    private string Socket => Path.Combine(Home, "control.sock");

    /// <summary>Starts one, and waits until it can be connected to.</summary>
    public static async Task<Daemon> StartAsync(ChatOptions options, Scratch scratch)
    {
        var home = scratch.Fresh("daemon");
        var process = ProgramRun.Start(
            options.Program,
            home,
            "daemon",
            "--user",
            Names.Of("dora"),
            "--profile",
            home
        );
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var daemon = new Daemon(process, home);
        for (var from = Stopwatch.GetTimestamp(); !File.Exists(daemon.Socket); await Task.Delay(Pause))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(from) > Patience)
            {
                throw new InvalidOperationException("The daemon opens no control socket.");
            }
        }

        return daemon;
    }

    /// <summary>Connects.</summary>
    public async Task<RpcConnection> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
        return new RpcConnection(new NetworkStream(socket, ownsSocket: true));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ProgramRun.EndAsync(_process);
        _process.Dispose();
    }
}
