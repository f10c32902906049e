using System.Net;
using System.Net.Sockets;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>Turns socket addresses into ours and back without allocating for peers it has seen lately.</summary>
/// <remarks>One book per direction and thread; it has no lock.</remarks>
internal sealed class AddressBook(AddressFamily family)
{
    // A peer talks to a few hundred addresses at most; a flood from made-up ones only costs the cache.
    private const int Slots = 256; // a power of two
    private const int MaxKnown = 1024;

    private readonly (SocketAddress Key, TransportAddress Value)?[] _received = new (
        SocketAddress,
        TransportAddress
    )?[Slots];
    private readonly Dictionary<TransportAddress, SocketAddress> _sent = [];
    private readonly IPEndPoint _any = new(
        family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any,
        0
    );

    /// <summary>A socket address to receive into.</summary>
    public SocketAddress NewSocketAddress() => new(family);

    /// <summary>Our form of a sender's address.</summary>
    public TransportAddress FromSocket(SocketAddress source)
    {
        var slot = source.GetHashCode() & (Slots - 1);
        if (_received[slot] is { } known && known.Key.Equals(source))
        {
            return known.Value;
        }

        var copy = new SocketAddress(source.Family, source.Size);
        source.Buffer.Span[..source.Size].CopyTo(copy.Buffer.Span);
        var value = new TransportAddress((IPEndPoint)_any.Create(copy));
        _received[slot] = (copy, value);
        return value;
    }

    /// <summary>The socket's form of a destination.</summary>
    public SocketAddress ToSocket(TransportAddress destination, uint linkScope)
    {
        if (_sent.TryGetValue(destination, out var known))
        {
            return known;
        }

        if (_sent.Count >= MaxKnown)
        {
            _sent.Clear();
        }

        var endpoint = destination.ToIPEndPoint();
        if (endpoint.Address.IsIPv6LinkLocal && endpoint.Address.ScopeId == 0)
        {
            endpoint.Address.ScopeId = linkScope;
        }

        known = endpoint.Serialize();
        _sent.Add(destination, known);
        return known;
    }
}
