namespace PeerChat.WebRtc.Sctp;

/// <summary>How much trouble is taken to deliver one message (RFC 3758, RFC 7496 sections 3.1 and 3.2).</summary>
/// <param name="IsUnordered">Whether it may be delivered before others of its stream.</param>
/// <param name="MaxRetransmissions">How often a chunk of it is repeated before the message is given up; null: as often as needed.</param>
/// <param name="LifeTime">How long after sending it is still of use; null: for ever.</param>
internal readonly record struct SendOptions(
    bool IsUnordered = false,
    int? MaxRetransmissions = null,
    TimeSpan? LifeTime = null
);
