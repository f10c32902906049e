using System.Diagnostics;
using System.Net.Sockets;

namespace PeerChat.Benchmarks;

/// <summary>The control socket of a daemon that a benchmark has started.</summary>
/// <param name="daemon">The process.</param>
/// <param name="home">The folder with its profile.</param>
internal sealed class ControlSocket(Process daemon, string home)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly string _path = Path.Combine(home, "control.sock");

    /// <summary>Waits until it can be connected to.</summary>
    /// <exception cref="InvalidOperationException">The daemon has ended, or opens none in 20 s.</exception>
    public async Task WaitAsync()
    {
        for (var from = Stopwatch.GetTimestamp(); !File.Exists(_path); await Task.Delay(Pause))
        {
            if (daemon.HasExited || Stopwatch.GetElapsedTime(from) > Patience)
            {
                throw new InvalidOperationException($"The daemon in {home} opens no control socket.");
            }
        }
    }

    /// <summary>Connects.</summary>
    public async Task<RpcConnection> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path));
        return new RpcConnection(new NetworkStream(socket, ownsSocket: true));
    }
}
