namespace PeerChat.Node.Guests;

/// <summary>What happened on a connection to a PeerJS page.</summary>
internal abstract record GuestLinkEvent
{
    private GuestLinkEvent() { }

    /// <summary>Texts can be sent.</summary>
    internal sealed record Opened : GuestLinkEvent;

    /// <summary>The page sent a text.</summary>
    internal sealed record TextReceived(string Text) : GuestLinkEvent;

    /// <summary>The page sent more than a chat line may have; it was dropped.</summary>
    internal sealed record TooLong : GuestLinkEvent;

    /// <summary>It is over.</summary>
    internal sealed record Ended : GuestLinkEvent;
}
