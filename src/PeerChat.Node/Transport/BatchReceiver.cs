using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PeerChat.Node.Transport;

/// <summary>Receives several datagrams of one sender in one call, where the system joins them (UDP_GRO on Linux).</summary>
/// <remarks>
/// The system says beside the bytes how long each datagram is. .NET does not show that, and guessing it from lengths in the bytes
/// would let a stranger who forges an address spoil the datagrams around his own; so the call is our own.
/// </remarks>
internal sealed class BatchReceiver
{
    private const int Udp = 17; // <linux/udp.h>
    private const int UdpGro = 104;

    /// <summary>The size of <c>struct sockaddr_in6</c>.</summary>
    public const int NameSize = 28;

    private const int ControlSize = 64; // one control message with a number has 24
    private const int ControlDataOffset = 16; // struct cmsghdr: length 8, level 4, type 4

    private readonly Socket _socket;
    private readonly byte[] _name = GC.AllocateArray<byte>(NameSize, pinned: true);
    private readonly byte[] _control = GC.AllocateArray<byte>(ControlSize, pinned: true);
    private readonly nint[] _vector = GC.AllocateArray<nint>(2, pinned: true); // struct iovec

    private BatchReceiver(Socket socket) => _socket = socket;

    /// <summary>Switches joining on; null where the system cannot, or its structures are others than those known here.</summary>
    public static BatchReceiver? TryCreate(Socket socket) =>
        OperatingSystem.IsLinux()
        && Environment.Is64BitProcess
        && BitConverter.IsLittleEndian
        && SocketOptions.TryCoalesce(socket)
            ? new BatchReceiver(socket)
            : null;

    /// <summary>Waits for datagrams.</summary>
    /// <param name="buffer">Where they go; pinned.</param>
    /// <param name="from">Who sent them.</param>
    /// <param name="size">The length of each but the last.</param>
    /// <returns>How many bytes came; negative when the call failed.</returns>
    public int Receive(byte[] buffer, SocketAddress from, out int size)
    {
        _vector[0] = Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        _vector[1] = buffer.Length;
        var header = new MessageHeader
        {
            Name = Marshal.UnsafeAddrOfPinnedArrayElement(_name, 0),
            NameLength = NameSize,
            Vector = Marshal.UnsafeAddrOfPinnedArrayElement(_vector, 0),
            VectorLength = 1,
            Control = Marshal.UnsafeAddrOfPinnedArrayElement(_control, 0),
            ControlLength = ControlSize,
        };
        var length = (int)ReceiveMessage(_socket.SafeHandle, ref header, 0);
        size = length;
        if (length <= 0)
        {
            return length;
        }

        from.Size = (int)header.NameLength;
        _name.AsSpan(0, from.Size).CopyTo(from.Buffer.Span);
        if (
            header.ControlLength >= ControlDataOffset + sizeof(int)
            && BitConverter.ToInt32(_control, 8) == Udp
            && BitConverter.ToInt32(_control, 12) == UdpGro
        )
        {
            size = BitConverter.ToInt32(_control, ControlDataOffset);
        }

        return length;
    }

    [DllImport("libc", EntryPoint = "recvmsg")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern nint ReceiveMessage(SafeHandle socket, ref MessageHeader header, int flags);

    // struct msghdr of 64-bit systems
    internal struct MessageHeader
    {
        public nint Name;
        public uint NameLength;
        public nint Vector;
        public nint VectorLength;
        public nint Control;
        public nint ControlLength;
        public int Flags;
    }
}
