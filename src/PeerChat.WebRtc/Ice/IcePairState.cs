namespace PeerChat.WebRtc.Ice;

/// <summary>Where the checks of a pair stand (RFC 8445 section 6.1.2.6); nothing is ever frozen, see the README.</summary>
internal enum IcePairState
{
    /// <summary>No check was sent yet.</summary>
    Waiting,

    /// <summary>A check was sent and not answered yet.</summary>
    InProgress,

    /// <summary>A check was answered, and consent is fresh: the pair is valid.</summary>
    Succeeded,

    /// <summary>Nothing is sent unless the peer checks this pair.</summary>
    Failed,
}
