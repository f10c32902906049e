namespace PeerChat.Rendezvous.Lan;

/// <summary>What discovery found out.</summary>
public abstract record LanEvent
{
    private LanEvent() { }

    /// <summary>A neighbour appeared, and all about it is known.</summary>
    /// <param name="Peer">The neighbour.</param>
    public sealed record PeerFound(LanPeer Peer) : LanEvent;

    /// <summary>A neighbour says something else than before; at most once a second for each.</summary>
    /// <param name="Peer">The neighbour as it is now.</param>
    public sealed record PeerChanged(LanPeer Peer) : LanEvent;

    /// <summary>A neighbour has an address behind a name that was asked for by <see cref="LanRendezvous.TryResolve"/>.</summary>
    /// <param name="HostName">The name as it was asked for.</param>
    /// <param name="Address">The address, with port 0.</param>
    public sealed record HostNameResolved(string HostName, Primitives.TransportAddress Address) : LanEvent;

    /// <summary>A neighbour said goodbye, or was not heard any more.</summary>
    /// <param name="InstanceId">The random id of its process.</param>
    public sealed record PeerLost(string InstanceId) : LanEvent;
}
