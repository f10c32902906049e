using PeerChat.Primitives;

namespace PeerChat.WebRtc.Turn;

/// <summary>A peer of an allocation: its permission, its channel and what waits for them (RFC 8656 sections 9 and 12).</summary>
/// <param name="address">Where it is; the port is 0 where only its IP address is let in.</param>
internal sealed class TurnPeer(TransportAddress address)
{
    /// <summary>Where it is.</summary>
    public TransportAddress Address => address;

    /// <summary>Its channel; 0 where none was to be had.</summary>
    public ushort Channel { get; set; }

    /// <summary>Whether the server knows the channel.</summary>
    public bool IsBound { get; set; }

    /// <summary>Whether the server relays to and from it.</summary>
    public bool IsPermitted { get; set; }

    /// <summary>Whether the permission is kept although nothing passes.</summary>
    public bool IsKept { get; set; }

    /// <summary>When permission and channel are renewed.</summary>
    public Instant? RenewAt { get; set; }

    /// <summary>Until when the server's refusal is respected.</summary>
    public Instant? DeniedUntil { get; set; }

    /// <summary>When something last passed.</summary>
    public Instant UsedAt { get; set; }

    /// <summary>What waits for the permission.</summary>
    public Queue<byte[]> Held { get; } = new();
}
