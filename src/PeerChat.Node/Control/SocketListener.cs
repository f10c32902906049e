using System.Net.Sockets;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;

namespace PeerChat.Node.Control;

/// <summary>The control socket on Linux and macOS: a Unix domain socket that only its user can connect to.</summary>
internal sealed class SocketListener : IControlListener
{
    /// <summary>Connections that wait to be accepted. More clients than may be served at once need not wait.</summary>
    private const int Backlog = ControlServer.MaxClients;

    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Socket _socket;

    private SocketListener(Socket socket, string path)
    {
        _socket = socket;
        Address = path;
    }

    /// <summary>The socket's path.</summary>
    public string Address { get; }

    /// <summary>Makes the socket. The caller holds the profile's lock, so what an earlier owner left there is nobody's.</summary>
    /// <exception cref="ControlSocketException">It cannot be made; the message says why and what to do.</exception>
    public static SocketListener Open(ProfileFolder folder) => Open(folder, ControlAddress.ForOwner(folder));

    /// <summary>The same with given places.</summary>
    internal static SocketListener Open(ProfileFolder folder, IEnumerable<string> places)
    {
        foreach (var path in places)
        {
            CheckFree(path);
            try
            {
                if (TryBind(path) is { } socket)
                {
                    ControlAddress.Publish(folder, path);
                    return new SocketListener(socket, path);
                }
            }
            catch (Exception exception) when (exception is SocketException || FileProblem.Is(exception))
            {
                throw new ControlSocketException(
                    $"The control socket {path} could not be made ({exception.Message.TrimEnd('.')}), so no other terminal or script can use "
                        + "this profile meanwhile; check the folder and start PeerChat again.",
                    exception
                );
            }
        }

        throw new ControlSocketException($"No place for the control socket of {folder.FullPath} is left.");
    }

    /// <inheritdoc/>
    public async Task<ControlConnection> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await _socket.AcceptAsync(cancellation);
            }
            catch (SocketException failed)
            {
                throw new IOException(failed.Message, failed);
            }

            try
            {
                if (PeerCredentials.Of(accepted) is { IsUs: true } peer)
                {
                    return new ControlConnection(
                        new NetworkStream(accepted, ownsSocket: true),
                        peer.ProcessId
                    );
                }

                accepted.Dispose();
            }
            catch (SocketException)
            {
                accepted.Dispose(); // gone before it could be looked at
            }
        }
    }

    /// <inheritdoc/>
    public void Withdraw()
    {
        try
        {
            File.Delete(Address);
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            // A leftover is harmless: nobody answers there, and the next owner replaces it.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Says what is in the way. Only a socket of this user is replaced.</summary>
    private static void CheckFree(string path)
    {
        foreach (var place in (ReadOnlySpan<string>)[path, path + ControlAddress.UnfinishedSuffix])
        {
            var found = UnixPath.Of(place);
            var obstacle = found switch
            {
                { Kind: UnixPathKind.None } => null,
                { Kind: UnixPathKind.Socket, IsOurs: true } => null,
                { Kind: UnixPathKind.Socket } => $"is a socket of another user (number {found.Owner})",
                { Kind: UnixPathKind.Folder } => "is a folder",
                { Kind: UnixPathKind.File } => "is a regular file",
                { Kind: UnixPathKind.Link } => "is a symbolic link",
                _ => "is neither a file nor a socket",
            };
            if (obstacle is not null)
            {
                throw new ControlSocketException(
                    $"{place} {obstacle}, where PeerChat's control socket belongs, so no other terminal or script can use this profile "
                        + "meanwhile; move it away and start PeerChat again."
                );
            }
        }
    }

    // Bound under another name and renamed when it listens: nobody meets it half made, the rename replaces a dead owner's socket in one step,
    // and the framework, which deletes the bound name when the socket is closed, never deletes a successor's.
    private static Socket? TryBind(string path)
    {
        var unfinished = path + ControlAddress.UnfinishedSuffix;
        File.Delete(unfinished);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(unfinished));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(unfinished, SocketMode);
            }

            socket.Listen(Backlog);
            File.Move(unfinished, path, overwrite: true);
            return socket;
        }
        catch (SocketException failed)
            when (failed.SocketErrorCode is SocketError.OperationNotSupported or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null; // a file system without sockets: memory cards, some shared folders; the next place may do
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
