using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>What routers and other machines say of datagrams that were sent (ICMP), with the address each was for: the error queue of Linux, ip(7).</summary>
/// <remarks>A socket that is not connected hears of none of it otherwise: whose program was killed would be noticed by its silence alone.</remarks>
internal sealed class ErrorQueue
{
    private const int ErrorQueueFlag = 0x2000; // MSG_ERRQUEUE
    private const int DontWaitFlag = 0x40; // MSG_DONTWAIT
    private const int ControlDataOffset = 16; // struct cmsghdr: length 8, level 4, type 4
    private const int ErrorSize = 16; // struct sock_extended_err
    private const int ConnectionRefused = 111; // ECONNREFUSED
    private const byte OriginIcmp = 2;
    private const byte OriginIcmp6 = 3;
    private const int MaxErrors = 64; // at one look: a flood of them must not keep a thread

    private readonly Socket _socket;
    private readonly Lock _lock = new();
    private readonly byte[] _name = GC.AllocateArray<byte>(BatchReceiver.NameSize, pinned: true);
    private readonly byte[] _control = GC.AllocateArray<byte>(256, pinned: true);
    private readonly SocketAddress _address;
    private readonly IPEndPoint _any;

    private ErrorQueue(Socket socket)
    {
        _socket = socket;
        _address = new SocketAddress(socket.AddressFamily, BatchReceiver.NameSize);
        _any = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any,
            0
        );
    }

    /// <summary>Switches the queue on; null where the system has none, or its structures are others than those known here.</summary>
    public static ErrorQueue? TryCreate(Socket socket) =>
        OperatingSystem.IsLinux()
        && Environment.Is64BitProcess
        && BitConverter.IsLittleEndian
        && SocketOptions.TryQueueErrors(socket)
            ? new ErrorQueue(socket)
            : null;

    /// <summary>Takes what is queued, and says for each address at whose port nobody listens that it is so.</summary>
    public void Drain(Action<TransportAddress> refused)
    {
        lock (_lock)
        {
            for (var i = 0; i < MaxErrors && TryTake(out var isRefused); i++)
            {
                if (isRefused)
                {
                    refused(new TransportAddress((IPEndPoint)_any.Create(_address)));
                }
            }
        }
    }

    private bool TryTake(out bool isRefused)
    {
        isRefused = false;
        var header = new BatchReceiver.MessageHeader
        {
            Name = Marshal.UnsafeAddrOfPinnedArrayElement(_name, 0),
            NameLength = BatchReceiver.NameSize,
            Control = Marshal.UnsafeAddrOfPinnedArrayElement(_control, 0),
            ControlLength = _control.Length,
        };
        try
        {
            if (
                BatchReceiver.ReceiveMessage(_socket.SafeHandle, ref header, ErrorQueueFlag | DontWaitFlag)
                < 0
            )
            {
                return false;
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        _address.Size = (int)header.NameLength;
        _name.AsSpan(0, _address.Size).CopyTo(_address.Buffer.Span);
        isRefused =
            header.NameLength > 0
            && header.ControlLength >= ControlDataOffset + ErrorSize
            && BitConverter.ToInt32(_control, ControlDataOffset) == ConnectionRefused
            && _control[ControlDataOffset + sizeof(int)] is OriginIcmp or OriginIcmp6;
        return true;
    }
}
