using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>
/// A datagram from the network, or several of one sender that came together, in a borrowed buffer; whoever has read it calls
/// <see cref="Release"/> once.
/// </summary>
internal readonly struct ReceivedDatagram
{
    private readonly byte[] _buffer;
    private readonly int _length;
    private readonly int _size;
    private readonly DatagramPool? _pool;

    /// <summary>Makes a datagram over the first bytes of a buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="length">How many of its bytes were received.</param>
    /// <param name="local">The address of the socket.</param>
    /// <param name="remote">Who sent it.</param>
    /// <param name="interfaceIndex">By which interface it came.</param>
    /// <param name="isMulticastDns">Whether it is for discovery.</param>
    /// <param name="pool">Where the buffer goes back to; null when nobody wants it.</param>
    /// <param name="size">The length of each datagram but the last; 0 when there is only one.</param>
    public ReceivedDatagram(
        byte[] buffer,
        int length,
        TransportAddress local,
        TransportAddress remote,
        int interfaceIndex,
        bool isMulticastDns,
        DatagramPool? pool,
        int size = 0
    )
    {
        _buffer = buffer;
        _length = length;
        _size = size > 0 ? size : length;
        Local = local;
        Remote = remote;
        InterfaceIndex = interfaceIndex;
        IsMulticastDns = isMulticastDns;
        _pool = pool;
    }

    /// <summary>No datagram at all, where one was expected: the turn ends.</summary>
    public static ReceivedDatagram None(TransportAddress local) =>
        new([], 0, local, local, interfaceIndex: 0, isMulticastDns: false, pool: null);

    /// <summary>The address of the socket it arrived at.</summary>
    public TransportAddress Local { get; }

    /// <summary>Who sent it.</summary>
    public TransportAddress Remote { get; }

    /// <summary>The interface by which it came, or whose address the socket has.</summary>
    public int InterfaceIndex { get; }

    /// <summary>Whether it came to port 5353 and is for discovery; otherwise it came to one of our own ports.</summary>
    public bool IsMulticastDns { get; }

    /// <summary>Whether more can be read at once, so that the turn need not end here.</summary>
    public bool MoreFollows { get; init; }

    /// <summary>How many datagrams it holds.</summary>
    public int Count => _length == 0 ? 0 : (_length + _size - 1) / _size;

    /// <summary>All bytes; valid until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Payload => _buffer.AsMemory(0, _length);

    /// <summary>One datagram, to be changed in place; valid until <see cref="Release"/>.</summary>
    public Span<byte> Writable(int index = 0)
    {
        var start = index * _size;
        return _buffer.AsSpan(start, Math.Min(_size, _length - start));
    }

    /// <summary>Gives the buffer back.</summary>
    public void Release() => _pool?.Return(_buffer);
}
