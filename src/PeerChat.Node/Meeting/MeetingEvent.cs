using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;

namespace PeerChat.Node.Meeting;

/// <summary>What the meeting board wants done.</summary>
internal abstract record MeetingEvent
{
    private MeetingEvent() { }

    /// <summary>Make an offer.</summary>
    /// <param name="Point">What it is to meet.</param>
    /// <param name="Encounter">The node found on the network; null for an address dialled directly.</param>
    /// <param name="Addresses">Where to send it.</param>
    public sealed record Dial(
        MeetingPoint Point,
        Encounter? Encounter,
        IReadOnlyList<TransportAddress> Addresses
    ) : MeetingEvent;

    /// <summary>More than one key claims the name.</summary>
    public sealed record ChoiceNeeded(MeetingPoint Point, IReadOnlyList<LanPeer> Claims) : MeetingEvent;

    /// <summary>The contact's name is claimed by another key than the pinned one.</summary>
    public sealed record KeyDiffers(MeetingPoint Point, LanPeer Claim) : MeetingEvent;
}
