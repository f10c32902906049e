using PeerChat.Primitives;

namespace PeerChat.Simulation.Swarm;

/// <summary>A reliable, ordered channel between two peers.</summary>
internal sealed class SwarmLink(SwarmPeer one, SwarmPeer other, TimeSpan delay)
{
    private Instant _lastToOne;
    private Instant _lastToOther;

    public TimeSpan Delay => delay;

    public bool IsOpen { get; set; } = true;

    public SwarmPeer Other(SwarmPeer peer) => peer == one ? other : one;

    /// <summary>When what is sent now arrives: not before what was sent earlier.</summary>
    public Instant Arrival(SwarmPeer to, Instant earliest)
    {
        ref var last = ref to == one ? ref _lastToOne : ref _lastToOther;
        last = Instant.Max(last, earliest);
        return last;
    }
}
