namespace PeerChat.WebRtc;

/// <summary>How an ICE candidate was learnt (RFC 8445 section 5.1.1).</summary>
public enum IceCandidateType
{
    /// <summary>An address of the host itself.</summary>
    Host,

    /// <summary>An address that a check showed.</summary>
    PeerReflexive,

    /// <summary>An address that a STUN server showed.</summary>
    ServerReflexive,

    /// <summary>An address on a TURN server.</summary>
    Relayed,
}
