namespace PeerChat.WebRtc;

/// <summary>What a datagram that came in was.</summary>
public enum GatheringVerdict
{
    /// <summary>Not of a server: for a connection, or for nobody.</summary>
    NotOurs,

    /// <summary>Of a server, and done with.</summary>
    Done,

    /// <summary>Of a peer, through a relay.</summary>
    Relayed,
}
