using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using PeerChat.WebRtc.Sctp.Resets;

namespace PeerChat.WebRtc.Sctp;

/// <summary>What we know of the other side once its INIT or INIT ACK came.</summary>
/// <param name="Init">What it announced.</param>
/// <param name="Features">The extensions that both sides have.</param>
/// <param name="Inbound">What we received from it.</param>
/// <param name="IncomingResets">What it asked of us about its streams.</param>
internal sealed record Peer(
    InitChunk Init,
    PeerFeatures Features,
    InboundAssociation Inbound,
    IncomingResets IncomingResets
)
{
    /// <summary>The tag of packets to it.</summary>
    public VerificationTag Tag => Init.InitiateTag;
}
