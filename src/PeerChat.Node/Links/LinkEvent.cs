using PeerChat.Node.Links.Wire;
using PeerChat.Rooms.Identity;
using PeerChat.WebRtc;

namespace PeerChat.Node.Links;

/// <summary>What happens on a link, for the engine.</summary>
internal abstract record LinkEvent
{
    private LinkEvent() { }

    /// <summary>The connection stands, the hello begins.</summary>
    public sealed record Connected : LinkEvent;

    /// <summary>The peer hides an address behind a name of multicast DNS.</summary>
    public sealed record HostNameLearnt(WebRtc.Sdp.SdpHostNameCandidate Candidate) : LinkEvent;

    /// <summary>A stranger has proven an identity and asks to chat.</summary>
    public sealed record RequestReceived(PublicIdentity Peer, DisplayName Name) : LinkEvent;

    /// <summary>The hello holds in both directions as far as this side can see.</summary>
    public sealed record Authenticated : LinkEvent;

    /// <summary>A frame of the authenticated peer.</summary>
    public sealed record FrameReceived(LinkFrame Frame) : LinkEvent;

    /// <summary>The peer opened a channel to ask for blocks of a file.</summary>
    public sealed record FileOpened(ushort Channel) : LinkEvent;

    /// <summary>Something came on a channel for a file; the memory is to be given back.</summary>
    public sealed record FileReceived(PeerConnectionEvent.MessageReceived Message) : LinkEvent;

    /// <summary>A channel for a file is closed, by either side.</summary>
    public sealed record FileClosed(ushort Channel) : LinkEvent;

    /// <summary>A datagram came that a member passes on, or is to pass on.</summary>
    public sealed record Relayed(ulong Handle, byte[] Payload) : LinkEvent;

    /// <summary>The link is over. Comes once, last.</summary>
    /// <param name="Failure">Why.</param>
    /// <param name="Sentence">What to tell the user.</param>
    public sealed record Closed(LinkFailure Failure, string Sentence) : LinkEvent;
}
