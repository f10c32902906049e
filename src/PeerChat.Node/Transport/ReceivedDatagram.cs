using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>A datagram from the network in a borrowed buffer; whoever has read it calls <see cref="Release"/> once.</summary>
internal readonly struct ReceivedDatagram
{
    private readonly byte[] _buffer;
    private readonly int _length;
    private readonly DatagramPool? _pool;

    /// <summary>Makes a datagram over the first bytes of a buffer.</summary>
    public ReceivedDatagram(
        byte[] buffer,
        int length,
        TransportAddress local,
        TransportAddress remote,
        int interfaceIndex,
        bool isMulticastDns,
        DatagramPool? pool
    )
    {
        _buffer = buffer;
        _length = length;
        Local = local;
        Remote = remote;
        InterfaceIndex = interfaceIndex;
        IsMulticastDns = isMulticastDns;
        _pool = pool;
    }

    /// <summary>The address of the socket it arrived at.</summary>
    public TransportAddress Local { get; }

    /// <summary>Who sent it.</summary>
    public TransportAddress Remote { get; }

    /// <summary>The interface by which it came, or whose address the socket has.</summary>
    public int InterfaceIndex { get; }

    /// <summary>Whether it came to port 5353 and is for discovery; otherwise it came to one of our own ports.</summary>
    public bool IsMulticastDns { get; }

    /// <summary>The bytes; valid until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Payload => _buffer.AsMemory(0, _length);

    /// <summary>The bytes, to be changed in place; valid until <see cref="Release"/>.</summary>
    public Span<byte> Writable => _buffer.AsSpan(0, _length);

    /// <summary>Gives the buffer back.</summary>
    public void Release() => _pool?.Return(_buffer);
}
