namespace PeerChat.Rooms.Hello;

/// <summary>Why a hello failed; the connection is closed and nothing that came over it is believed.</summary>
public enum HelloFailure
{
    /// <summary>The first flight has another size, an empty range of versions or an unknown context.</summary>
    MalformedHello,

    /// <summary>The peer is here for another reason than the signalling said.</summary>
    ContextMismatch,

    /// <summary>The peer does not know the secret of this context, or is not the other end of this channel.</summary>
    WrongKnock,

    /// <summary>The peer's newest version is older than our oldest.</summary>
    PeerTooOld,

    /// <summary>Our newest version is older than the peer's oldest.</summary>
    PeerTooNew,

    /// <summary>The second flight has missing or trailing bytes.</summary>
    MalformedAuth,

    /// <summary>A key of the peer is not an uncompressed point of P-256, or both are the same.</summary>
    InvalidKey,

    /// <summary>The peer shows our own identity without proving it: an echo.</summary>
    OwnIdentity,

    /// <summary>The peer proved our own identity: a copy of this profile.</summary>
    OwnCopy,

    /// <summary>The signature is not over this channel, these first flights, this name, and us or nobody as the one meant.</summary>
    InvalidSignature,

    /// <summary>The peer proved an identity, but not the one that was dialled.</summary>
    OtherIdentity,

    /// <summary>The peer's name breaks the rules for names.</summary>
    InvalidName,

    /// <summary>A frame came where the peer has none to send.</summary>
    UnexpectedFrame,

    /// <summary>The hello did not end in time.</summary>
    TimedOut,

    /// <summary>The user here declined the request of a stranger.</summary>
    Declined,

    /// <summary>The connection closed before the hello ended.</summary>
    Closed,

    /// <summary>The peer closed the connection without accepting our request.</summary>
    RequestNotAccepted,
}
