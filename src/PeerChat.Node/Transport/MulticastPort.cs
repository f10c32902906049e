using System.Net.Sockets;
using PeerChat.Rendezvous.Lan;

namespace PeerChat.Node.Transport;

/// <summary>The sockets of multicast DNS: one for each interface and address family, so that nothing strays to another.</summary>
/// <param name="sink">Who takes what is received, on threads of the pool.</param>
internal sealed class MulticastPort(DatagramSink sink) : IDisposable
{
    private readonly Dictionary<(int Index, bool IsIPv6), MulticastSocket> _sockets = [];

    /// <summary>Sockets that could not be opened at the last <see cref="Refresh"/>; the next one tries again.</summary>
    public int Failures { get; private set; }

    /// <summary>The interfaces and families that are served.</summary>
    public IReadOnlyCollection<(int Index, bool IsIPv6)> Links => _sockets.Keys;

    /// <summary>Datagrams that were received and not wanted.</summary>
    public long Dropped => _sockets.Values.Sum(socket => socket.Dropped);

    /// <summary>Datagrams that the system would not send.</summary>
    public long SendFailures => _sockets.Values.Sum(socket => socket.SendFailures);

    /// <summary>Opens sockets for interfaces that came, and closes those of interfaces that went or changed.</summary>
    public void Refresh(IReadOnlyList<LocalInterface> interfaces)
    {
        var wanted = interfaces
            .SelectMany(on => on.Addresses.Select(own => (on, own.Address)))
            .GroupBy(pair =>
                (pair.on.Index, IsIPv6: pair.Address.AddressFamily == AddressFamily.InterNetworkV6)
            )
            .ToDictionary(group => group.Key, group => group.First());
        foreach (var (key, socket) in _sockets.ToList())
        {
            var isSame =
                wanted.TryGetValue(key, out var want)
                && want.Address.Equals(socket.Address)
                && string.Equals(want.on.Name, socket.Interface.Name, StringComparison.Ordinal);
            if (!isSame)
            {
                _sockets.Remove(key);
                socket.Dispose();
            }
        }

        Failures = 0;
        foreach (var (key, (on, address)) in wanted.Where(each => !_sockets.ContainsKey(each.Key)))
        {
            if (MulticastSocket.TryOpen(on, address, sink) is { } socket)
            {
                _sockets.Add(key, socket);
            }
            else
            {
                Failures++;
            }
        }
    }

    /// <summary>Sends what discovery wants sent; false when that interface is not served or the system refuses.</summary>
    public bool Send(in MulticastDatagram datagram) =>
        _sockets.TryGetValue((datagram.InterfaceIndex, datagram.Destination.IsIPv6), out var socket)
        && socket.Send(datagram.Destination, datagram.Payload.Span);

    /// <summary>Closes all sockets.</summary>
    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
        {
            socket.Dispose();
        }

        _sockets.Clear();
    }
}
