using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PeerChat.Node.Control;

/// <summary>Who is at the other end of a local socket, as the system says.</summary>
/// <param name="User">The user id the process acted as when it connected or began to listen.</param>
/// <param name="ProcessId">The process, or 0 where the system does not tell.</param>
internal readonly record struct PeerCredentials(uint User, int ProcessId)
{
    private const int LinuxSocketLevel = 1; // SOL_SOCKET
    private const int LinuxPeerCredentials = 17; // SO_PEERCRED, unix(7): process, user, group
    private const int MacLocalLevel = 0; // SOL_LOCAL
    private const int MacPeerProcess = 2; // LOCAL_PEERPID

    /// <summary>Whether it is this user.</summary>
    public bool IsUs => User == UnixPath.CurrentUser;

    /// <summary>Asks the system.</summary>
    /// <exception cref="SocketException">The connection is gone already.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        Span<byte> answer = stackalloc byte[12];
        if (OperatingSystem.IsLinux())
        {
            _ = socket.GetRawSocketOption(LinuxSocketLevel, LinuxPeerCredentials, answer);
            return new PeerCredentials(
                BinaryPrimitives.ReadUInt32LittleEndian(answer[4..]),
                BinaryPrimitives.ReadInt32LittleEndian(answer)
            );
        }

        if (PeerUser(socket.SafeHandle, out var user, out _) != 0)
        {
            throw new SocketException((int)SocketError.NotConnected);
        }

        _ = socket.GetRawSocketOption(MacLocalLevel, MacPeerProcess, answer);
        return new PeerCredentials(user, BinaryPrimitives.ReadInt32LittleEndian(answer));
    }

    [DllImport("libc", EntryPoint = "getpeereid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int PeerUser(SafeHandle socket, out uint user, out uint group);
}
