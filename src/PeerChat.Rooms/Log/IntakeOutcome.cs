namespace PeerChat.Rooms.Log;

/// <summary>What became of a received range (crypto.md section 3, three outcomes).</summary>
internal enum IntakeOutcome
{
    /// <summary>All of it is here now, or was, or is of no use.</summary>
    Done,

    /// <summary>Its author, or the identity behind it, is not known yet.</summary>
    UnknownAuthor,

    /// <summary>Entries before it are missing.</summary>
    Gap,

    /// <summary>It ends without a signature, and nothing verified names its last entry.</summary>
    Unvouched,

    /// <summary>An entry that it cites is missing.</summary>
    MissingHead,

    /// <summary>Its clock is more than five minutes ahead.</summary>
    FutureClock,

    /// <summary>More than is kept of its author; it is asked for again later.</summary>
    Quota,

    /// <summary>The sender broke the protocol.</summary>
    Malformed,

    /// <summary>It proves that its author has two entries at one place.</summary>
    Forked,
}
