namespace PeerChat.Rooms.Signalling;

/// <summary>What the ledger says about an offer or an answer that was opened.</summary>
public enum OfferOutcome
{
    /// <summary>Go on with it.</summary>
    Accepted,

    /// <summary>The same came before, by another rung or as a replay.</summary>
    Repeated,

    /// <summary>It is our own offer, sent back.</summary>
    OwnOffer,

    /// <summary>It answers no offer of ours that is still open.</summary>
    UnknownOffer,

    /// <summary>It answers another offer under this id than the one we made.</summary>
    OtherOffer,

    /// <summary>The offer has been answered too often.</summary>
    TooMany,
}
