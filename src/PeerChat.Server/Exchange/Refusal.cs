namespace PeerChat.Server.Exchange;

/// <summary>Why a connection or a message was not taken.</summary>
internal enum Refusal
{
    /// <summary>Nothing was refused: it left, or went on over a newer connection.</summary>
    None,

    /// <summary>Id, token or key are missing or not of their form.</summary>
    Parameters,

    /// <summary>The key is not this server's.</summary>
    Key,

    /// <summary>Somebody else holds the id.</summary>
    IdTaken,

    /// <summary>As many ids as there may be.</summary>
    Full,

    /// <summary>As many of one address as there may be, or too many in a short time.</summary>
    Address,

    /// <summary>A message longer than allowed.</summary>
    TooLong,

    /// <summary>Messages above the rate.</summary>
    Rate,

    /// <summary>Messages that are none.</summary>
    Nonsense,

    /// <summary>It reads too slowly what is for it.</summary>
    Slow,

    /// <summary>It has said nothing for too long.</summary>
    Silent,
}
