using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Hello;

/// <summary>What a hello has to say.</summary>
public abstract record HelloEvent
{
    private HelloEvent() { }

    /// <summary>A stranger proved an identity and asks to be let in; answer with Accept or Decline.</summary>
    /// <param name="Peer">Who asks; proved.</param>
    /// <param name="Name">The name it chose; proves nothing.</param>
    public sealed record RequestReceived(PublicIdentity Peer, DisplayName Name) : HelloEvent;

    /// <summary>Both sides know each other; the last event.</summary>
    /// <param name="Peer">Who the peer is; proved.</param>
    /// <param name="Name">The name it chose; proves nothing.</param>
    /// <param name="Version">The smaller of the two newest versions.</param>
    /// <param name="Features">The features that both sides have.</param>
    public sealed record Authenticated(PublicIdentity Peer, DisplayName Name, ushort Version, ulong Features)
        : HelloEvent;

    /// <summary>The hello failed; the last event. Close the connection.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Sentence">Why, in a sentence of English for logs.</param>
    /// <param name="Peer">Who answered instead, when the reason is <see cref="HelloFailure.OtherIdentity"/>.</param>
    public sealed record Failed(HelloFailure Reason, string Sentence, PublicIdentity? Peer = null)
        : HelloEvent;
}
