using PeerChat.Primitives;
using PeerChat.WebRtc.Turn;

namespace PeerChat.WebRtc;

/// <summary>How a server of the user's list is.</summary>
/// <param name="Server">The server.</param>
/// <param name="Address">The address it gave; null without.</param>
/// <param name="Failure">Why there is none; <see cref="TurnFailure.None"/> also while it is being asked.</param>
/// <param name="Detail">More of it, in English.</param>
public sealed record IceServerState(
    IceServer Server,
    TransportAddress? Address,
    TurnFailure Failure,
    string Detail
);
