using PeerChat.Primitives;

namespace PeerChat.Rooms.Spreading;

/// <summary>A peer that is on its way into the active view.</summary>
/// <param name="Peer">Who.</param>
/// <param name="AskedAt">When it was asked; null while the link is being made.</param>
/// <param name="IsHigh">Whether it is added in any case, whoever has to go for it.</param>
/// <param name="Due">When it is given up.</param>
internal sealed record OverlayRequest(OverlayPeer Peer, Instant? AskedAt, bool IsHigh, Instant Due);
