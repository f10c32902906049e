namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>What a TSN that comes in is to the receiver.</summary>
internal enum TsnStanding
{
    /// <summary>It follows the cumulative TSN ack.</summary>
    Next,

    /// <summary>It is new, and others before it are missing.</summary>
    Ahead,

    /// <summary>It came before.</summary>
    Duplicate,

    /// <summary>No gap ack block could report it.</summary>
    TooFarAhead,
}
