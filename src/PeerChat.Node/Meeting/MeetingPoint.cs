using PeerChat.Primitives;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Meeting;

/// <summary>Somebody, or a room's members, to be met: the secrets of the offers and what is known of where they are.</summary>
/// <param name="chat">The chat it is for, as the surface names it.</param>
/// <param name="context">The context of the hello.</param>
internal sealed class MeetingPoint(string chat, HelloContext context)
{
    /// <summary>The chat it is for.</summary>
    public string Chat => chat;

    /// <summary>The context of the hello.</summary>
    public HelloContext Context => context;

    /// <summary>The keys of the offers; null while they are being derived.</summary>
    public SignalKeys? Keys { get; set; }

    /// <summary>The knock key of the hello; empty for strangers.</summary>
    public ReadOnlyMemory<byte> KnockKey { get; init; }

    /// <summary>The name looked for; of an id that was never met it becomes known with the announcement.</summary>
    public string? Name { get; set; }

    /// <summary>The identity looked for.</summary>
    public PeerId? Expected { get; set; }

    /// <summary>Whether the user looks for it now; otherwise one is merely willing.</summary>
    public bool IsActive { get; set; }

    /// <summary>An address to dial without finding it first.</summary>
    public TransportAddress? Direct { get; set; }

    /// <summary>Where it was met before, best first; dialled beside <see cref="Direct"/>, and less and less often.</summary>
    public IReadOnlyList<TransportAddress> Remembered { get; set; } = [];

    /// <summary>Services at which a link said that it can be met, beside those that the user named.</summary>
    public IReadOnlyList<ServiceHint> Hints { get; set; } = [];

    /// <summary>From when on services are used: what is nearer is tried a moment before.</summary>
    public Instant? ReachFrom { get; set; }

    /// <summary>When the next offer is given to services; null where none is to be.</summary>
    public Instant? ReachDialAt { get; set; }

    /// <summary>The link of the offer under way through services.</summary>
    public int? ReachLink { get; set; }

    /// <summary>Offers through services in a row that came to nothing.</summary>
    public int ReachFailures { get; set; }

    /// <summary>Until when one looks out for others of the room because a member asked for it.</summary>
    public Instant? LooksUntil { get; set; }

    /// <summary>Until when one leaves it to others, having reached nobody.</summary>
    public Instant? StepsAsideUntil { get; set; }

    /// <summary>Who has tried before, where <see cref="LooksUntil"/> was asked for.</summary>
    public IReadOnlyList<PeerId> Tried { get; set; } = [];

    /// <summary>When a member was last asked to look out.</summary>
    public Instant? HandedOverAt { get; set; }

    /// <summary>When a member last asked to look out.</summary>
    public Instant? TakenOverAt { get; set; }

    /// <summary>When <see cref="Direct"/> is dialled next.</summary>
    public Instant? DirectDialAt { get; set; }

    /// <summary>The link of the attempt or conversation at <see cref="Direct"/>.</summary>
    public int? DirectLink { get; set; }

    /// <summary>Failed attempts at <see cref="Direct"/> in a row.</summary>
    public int DirectFailures { get; set; }

    /// <summary>The nodes on the network that may be it, by instance.</summary>
    public Dictionary<string, Encounter> Encounters { get; } = new(StringComparer.Ordinal);

    /// <summary>When the first claimant of a bare name was seen; claimants are gathered for a second from then.</summary>
    public Instant? FirstClaimAt { get; set; }

    /// <summary>The claims last shown to the user, so that each set is shown once.</summary>
    public string ClaimsShown { get; set; } = "";

    /// <summary>Whether the user was told of a likely firewall.</summary>
    public bool FirewallNoticed { get; set; }

    /// <summary>Whether the user was told that the name answers with another key.</summary>
    public bool MismatchNoticed { get; set; }

    /// <summary>Whether several listen under the same tag, so that nobody needs to know who the others are.</summary>
    public bool IsDoor => Context is HelloContext.Room or HelloContext.OpenRoom or HelloContext.Stranger;

    /// <summary>Whether anybody can guess what leads here, so that it counts as public.</summary>
    public bool IsGuessable => Context is HelloContext.Stranger or HelloContext.OpenRoom;

    /// <summary>Whether the user agreed that it is looked for where anybody may claim the name.</summary>
    public bool LooksBeyond { get; set; }

    /// <summary>Whether one only waits here, for those who have an invitation.</summary>
    public bool IsInviter => Context == HelloContext.Invitation && !IsJoiner;

    /// <summary>Where to dial without looking: what was given by hand first.</summary>
    public IReadOnlyList<TransportAddress> DirectAddresses =>
        Direct is { } given ? [given, .. Remembered.Where(other => other != given)] : Remembered;

    /// <summary>Whether one asks for admission here, with an invitation.</summary>
    public bool IsJoiner { get; init; }

    /// <summary>Whether it is a bare name, where several keys may answer.</summary>
    public bool IsBareName => Context == HelloContext.Stranger;
}
