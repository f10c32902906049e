using PeerChat.Node.Meeting;
using PeerChat.Rooms;

namespace PeerChat.Node.Engine;

/// <summary>A chat as the engine keeps it.</summary>
/// <param name="key">Its name on the surface.</param>
/// <param name="kind">Direct chat, open room or private room.</param>
internal sealed class Chat(string key, ChatKind kind)
{
    /// <summary>Its name on the surface.</summary>
    public string Key => key;

    /// <summary>Direct chat, open room or private room.</summary>
    public ChatKind Kind => kind;

    /// <summary>What to show as its name.</summary>
    public required string Title { get; set; }

    /// <summary>The room; null while the other's key or the room's secrets are not known.</summary>
    public Room? Room { get; set; }

    /// <summary>The contact of a direct chat.</summary>
    public KnownContact? Contact { get; set; }

    /// <summary>How the others are met.</summary>
    public MeetingPoint? Point { get; set; }

    /// <summary>How single members are met who may not know a private room's newest secret.</summary>
    public List<MeetingPoint> MemberPoints { get; } = [];

    /// <summary>The invitation by which one asks for admission to a private room; null once one belongs to it.</summary>
    public Rooms.Invitations.InvitationLink? Invitation { get; set; }

    /// <summary>Services at which the invitation to a private room said that its members can be met.</summary>
    public IReadOnlyList<Rooms.Signalling.ServiceHint> Services { get; init; } = [];

    /// <summary>The contact link by which one asks; null once its owner is a contact.</summary>
    public Rooms.Invitations.ContactLink? ContactLink { get; init; }

    /// <summary>The talk with a guest; null for every other kind.</summary>
    public Guests.GuestTalk? Guest { get; init; }

    /// <summary>Whether text that waits may become entries as soon as the room can be written.</summary>
    public bool OutboxReleased { get; set; } = true;

    /// <summary>What went wrong last, until something goes right.</summary>
    public string? Failure { get; set; }

    /// <summary>The knock key by which two sides of a link find out that both know the room; null for direct chats.</summary>
    public ReadOnlyMemory<byte>? RoomKnockKey { get; set; }

    /// <summary>What stood in the input line when it was last saved.</summary>
    public required string Draft { get; set; }

    /// <summary>Lines entered before, oldest first.</summary>
    public required List<string> InputLines { get; init; }

    /// <summary>The question which of several claimants is meant, while it is open.</summary>
    public NodeEvent.ChoiceNeeded? OpenChoice { get; set; }

    /// <summary>Whether the search cache has all pages of it that are full.</summary>
    public bool IsIndexed { get; set; }

    /// <summary>Messages added since the search cache was looked at.</summary>
    public int Unindexed { get; set; }

    /// <summary>When the others may be told again that one is writing.</summary>
    public Primitives.Instant TypingNotBefore { get; set; }

    /// <summary>The arrival of the last message read here; null where nothing has come yet that could be unread.</summary>
    public long? ReadTo { get; set; }

    /// <summary>Messages of others that came after that; null until they are counted.</summary>
    public UnreadCount? Unread { get; set; }

    /// <summary>The people known to be in a private room, so that newcomers can be told apart; null before it is known who is.</summary>
    public HashSet<Rooms.Identity.PeerId>? People { get; set; }

    /// <summary>What was last told to the faces.</summary>
    public ChatSummary? Told { get; set; }
}
