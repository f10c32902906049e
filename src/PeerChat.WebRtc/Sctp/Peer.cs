using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;

namespace PeerChat.WebRtc.Sctp;

/// <summary>What we know of the other side once its INIT or INIT ACK came.</summary>
/// <param name="Init">What it announced.</param>
/// <param name="Features">The extensions that both sides have.</param>
/// <param name="Inbound">What we received from it.</param>
internal sealed record Peer(InitChunk Init, PeerFeatures Features, InboundAssociation Inbound)
{
    /// <summary>The tag of packets to it.</summary>
    public VerificationTag Tag => Init.InitiateTag;
}
