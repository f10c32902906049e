using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;

namespace PeerChat.Node.Meeting;

/// <summary>One node on the network that may be what a meeting point looks for.</summary>
internal sealed class Encounter(LanPeer peer, Instant? dialAt)
{
    /// <summary>What it says of itself.</summary>
    public LanPeer Peer { get; set; } = peer;

    /// <summary>When to dial; null while an attempt runs or a link stands.</summary>
    public Instant? DialAt { get; set; } = dialAt;

    /// <summary>The link of the attempt or conversation under way.</summary>
    public int? Link { get; set; }

    /// <summary>Failed attempts in a row.</summary>
    public int Failures { get; set; }
}
