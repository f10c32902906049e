using System.IO.Pipes;
using System.Net.Sockets;
using PeerChat.Node.Profiles;

namespace PeerChat.Node.Control;

/// <summary>Connects to the process that runs a profile's node.</summary>
internal static class ControlConnector
{
    /// <summary>How long Windows looks for the pipe: it either exists or does not, apart from the moment between two accepts.</summary>
    private const int PipePatienceMilliseconds = 50;

    /// <summary>Connects.</summary>
    /// <returns>The connection; null when nobody listens.</returns>
    /// <exception cref="ControlSocketException">Somebody listens who is not this user, or it may not be connected to.</exception>
    public static Task<ControlConnection?> TryConnectAsync(
        ProfileFolder folder,
        CancellationToken cancellation
    ) =>
        OperatingSystem.IsWindows() ? TryPipeAsync(folder, cancellation)
        : ControlAddress.ForClient(folder) is { } path ? TrySocketAsync(path, cancellation)
        : Task.FromResult<ControlConnection?>(null);

    private static async Task<ControlConnection?> TrySocketAsync(string path, CancellationToken cancellation)
    {
        // Most starts find none; the failure of an asynchronous connect makes the runtime describe the whole stack as text, which costs it
        // 20 ms and the assemblies that read debug information
        if (!File.Exists(path))
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            var peer = PeerCredentials.Of(socket);
            if (peer.IsUs)
            {
                return new ControlConnection(new NetworkStream(socket, ownsSocket: true), peer.ProcessId);
            }
        }
        catch (SocketException failed) when (failed.SocketErrorCode == SocketError.AccessDenied)
        {
            socket.Dispose();
            throw new ControlSocketException(
                $"The control socket {path} may not be connected to, because it belongs to another user; use a profile of your own.",
                failed
            );
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null; // no such file, nobody behind it, no socket at all, or too many others at this moment
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        socket.Dispose();
        throw new ControlSocketException(
            $"Another user's program answers at the control socket {path}; PeerChat does not talk to it. Remove the file if it is not yours."
        );
    }

    private static async Task<ControlConnection?> TryPipeAsync(
        ProfileFolder folder,
        CancellationToken cancellation
    )
    {
        var pipe = new NamedPipeClientStream(
            ".",
            ControlAddress.PipeName(folder),
            PipeDirection.InOut,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly
        );
        try
        {
            await pipe.ConnectAsync(PipePatienceMilliseconds, cancellation);
            return new ControlConnection(pipe, 0);
        }
        catch (Exception failed) when (failed is TimeoutException or IOException)
        {
            await pipe.DisposeAsync();
            return null;
        }
        catch (UnauthorizedAccessException foreign)
        {
            await pipe.DisposeAsync();
            throw new ControlSocketException(
                $"Another user's program has the pipe {ControlAddress.PipeName(folder)}; PeerChat does not talk to it.",
                foreign
            );
        }
    }
}
