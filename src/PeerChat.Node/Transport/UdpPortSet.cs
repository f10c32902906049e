using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;

namespace PeerChat.Node.Transport;

/// <summary>The UDP ports of this peer: one for each address of the interfaces in use.</summary>
/// <param name="pin">Whether packets must not leave by other interfaces, because the user named some.</param>
/// <param name="preferredPort">The port to take if it is free; 0 for any.</param>
/// <param name="sink">Who takes what is received.</param>
/// <param name="errorSink">Who hears what could not be sent, or was sent in vain.</param>
internal sealed class UdpPortSet(
    bool pin,
    int preferredPort,
    DatagramSink sink,
    PathErrorSink? errorSink = null
) : IDisposable
{
    private readonly Dictionary<TransportAddress, UdpPort> _ports = [];
    private int _portToTry = preferredPort;

    /// <summary>The open ports.</summary>
    public IReadOnlyCollection<UdpPort> Ports => _ports.Values;

    /// <summary>Where received buffers come from.</summary>
    public DatagramPool Pool { get; } = new();

    /// <summary>Addresses that could not be bound at the last <see cref="Refresh"/>; the next one tries again.</summary>
    public int Failures { get; private set; }

    /// <summary>Opens ports for addresses that came, and closes those of addresses that went; true when anything changed.</summary>
    public bool Refresh(IReadOnlyList<LocalInterface> interfaces)
    {
        var wanted = interfaces
            .SelectMany(on => on.Addresses.Select(own => (on, own.Address)))
            .DistinctBy(pair => pair.Address)
            .ToDictionary(pair => new TransportAddress(pair.Address, 0));
        var gone = _ports.Keys.Where(local => !wanted.ContainsKey(local.WithPort(0))).ToList();
        foreach (var local in gone)
        {
            _ports.Remove(local, out var port);
            port!.Dispose();
        }

        Failures = 0;
        var opened = 0;
        var bound = _ports.Keys.Select(local => local.WithPort(0)).ToHashSet();
        foreach (var (key, (on, address)) in wanted)
        {
            if (bound.Contains(key))
            {
                continue;
            }

            // The same number everywhere, where it can be had, makes for one SRV record.
            if (UdpPort.TryOpen(on, address, _portToTry, pin, Pool, sink, errorSink) is { } port)
            {
                _ports.Add(port.Local, port);
                _portToTry = port.Local.Port;
                opened++;
            }
            else
            {
                Failures++;
            }
        }

        return gone.Count + opened > 0;
    }

    /// <summary>Sends from one of our addresses with the next <see cref="Flush"/>, or before; does nothing when it is not ours.</summary>
    public void Queue(in Datagram datagram)
    {
        if (!_ports.TryGetValue(datagram.Local, out var port))
        {
            return;
        }

        if (datagram.IsProbe)
        {
            port.SendWhole(datagram.Remote, datagram.Payload.Span);
        }
        else
        {
            port.Queue(datagram.Remote, datagram.Payload.Span);
        }
    }

    /// <summary>Sends what was queued.</summary>
    public void Flush()
    {
        foreach (var port in _ports.Values)
        {
            port.Flush();
        }
    }

    /// <summary>The interfaces with their open ports, as discovery wants them.</summary>
    public IReadOnlyList<LanInterface> DescribeForLan(IReadOnlyList<LocalInterface> interfaces) =>
        [
            .. interfaces.Select(on => new LanInterface(
                on.Index,
                on.Name,
                on.IsLoopback,
                [.. on.Addresses.Select(own => new LanAddress(WithOurPort(own), own.PrefixLength))]
            )),
        ];

    /// <summary>Closes all ports.</summary>
    public void Dispose()
    {
        foreach (var port in _ports.Values)
        {
            port.Dispose();
        }

        _ports.Clear();
    }

    private TransportAddress WithOurPort(LocalAddress own)
    {
        var bare = new TransportAddress(own.Address, 0);
        return _ports.Keys.FirstOrDefault(local => local.WithPort(0) == bare, bare);
    }
}
