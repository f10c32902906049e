namespace PeerChat.Node.Links;

/// <summary>Where a link stands.</summary>
internal enum LinkPhase
{
    /// <summary>The offer is out, no answer has come.</summary>
    Offering,

    /// <summary>Both descriptions are known; ICE, DTLS and SCTP are at work.</summary>
    Connecting,

    /// <summary>Connected; the hello is under way.</summary>
    Greeting,

    /// <summary>A stranger's request waits for this side's user.</summary>
    AwaitingUser,

    /// <summary>The hello holds.</summary>
    Authenticated,

    /// <summary>Over.</summary>
    Closed,
}
