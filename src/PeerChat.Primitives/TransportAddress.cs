using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PeerChat.Primitives;

/// <summary>An IP address and a UDP port as a value (RFC 8445 section 4): no allocation, usable as a key.</summary>
/// <remarks>An IPv4-mapped IPv6 address becomes IPv4, so that one peer has one address.</remarks>
public readonly record struct TransportAddress
{
    private readonly ulong _high;
    private readonly ulong _low;

    /// <summary>Makes an address from the framework's types.</summary>
    public TransportAddress(IPAddress address, int port)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        IsIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        ScopeId = IsIPv6 ? (uint)address.ScopeId : 0;
        Port = checked((ushort)port);
    }

    /// <summary>Makes an address from an endpoint.</summary>
    public TransportAddress(IPEndPoint endpoint)
        : this(endpoint.Address, endpoint.Port) { }

    /// <summary>Whether this is an IPv6 address; otherwise IPv4.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The interface index of a link-local IPv6 address; 0 elsewhere.</summary>
    public uint ScopeId { get; }

    /// <summary>The UDP port.</summary>
    public ushort Port { get; }

    /// <summary>Whether the address is the host itself (127.0.0.0/8 or ::1).</summary>
    public bool IsLoopback => IPAddress.IsLoopback(ToIPAddress());

    /// <summary>Reads the IP address from 4 or 16 network-order bytes.</summary>
    /// <exception cref="ArgumentException">The length is neither 4 nor 16.</exception>
    public static TransportAddress FromBytes(ReadOnlySpan<byte> address, int port) =>
        new(new IPAddress(address), port);

    /// <summary>Writes the 4 or 16 network-order bytes of the IP address; returns how many.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        var length = IsIPv6 ? 16 : 4;
        bytes[..length].CopyTo(destination);
        return length;
    }

    /// <summary>The same host with another port.</summary>
    public TransportAddress WithPort(int port) => new(ToIPAddress(), port);

    /// <summary>The IP address as a framework type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = WriteAddress(bytes);
        return IsIPv6 && ScopeId != 0
            ? new IPAddress(bytes[..length], ScopeId)
            : new IPAddress(bytes[..length]);
    }

    /// <summary>The address as a framework type.</summary>
    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), Port);

    /// <inheritdoc/>
    public override string ToString() => ToIPEndPoint().ToString();
}
