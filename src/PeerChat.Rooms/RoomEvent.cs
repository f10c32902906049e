using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>What a room tells its host.</summary>
public abstract record RoomEvent
{
    private protected RoomEvent() { }

    /// <summary>A message was stored, one's own or another's. Its place is not always the end.</summary>
    public sealed record MessageAdded(RoomMessage Message) : RoomEvent
    {
        /// <summary>Whether it was held back until it could be read, so that what arrived after it may have been told before.</summary>
        public bool IsLate { get; init; }
    }

    /// <summary>A message no longer counts.</summary>
    public sealed record MessageHidden(EntryId Id) : RoomEvent;

    /// <summary>A message looks different: edited, reacted to, recalled, or its content has come. <see cref="Room.Find"/> has it.</summary>
    public sealed record MessageChanged(EntryId Id) : RoomEvent;

    /// <summary>The content of messages was deleted; the host sees to it that nothing of it is left on the disk.</summary>
    public sealed record ContentErased(IReadOnlyList<StoredEntry> Entries) : RoomEvent;

    /// <summary>
    /// The content of messages was deleted because the room keeps nothing that old; the host sees to it that nothing of it is left on the
    /// disk, neither of the texts in places of its own. Load the history again.
    /// </summary>
    /// <param name="Entries">The entries, as they were.</param>
    /// <param name="Texts">What they said.</param>
    public sealed record ContentExpired(IReadOnlyList<StoredEntry> Entries, IReadOnlyList<string> Texts)
        : RoomEvent;

    /// <summary>
    /// The wall clock jumped so far ahead that nothing is deleted by it until it is confirmed: by another member's entry, by days of running, or by
    /// the user, who sets the time of keeping again.
    /// </summary>
    /// <param name="Ahead">How far it is ahead of what it should be.</param>
    public sealed record ClockDoubted(TimeSpan Ahead) : RoomEvent;

    /// <summary>One's own message moved on.</summary>
    public sealed record StateChanged(EntryId Id, RoomMessageState State, int DeliveredTo) : RoomEvent;

    /// <summary>Messages can be read that could not before, or are not there any more that were ahead of their log; load the history again.</summary>
    public sealed record HistoryChanged : RoomEvent;

    /// <summary>An author joined, left or changed its name.</summary>
    /// <param name="Member">Who.</param>
    /// <param name="IsMember">Whether it belongs to the room now.</param>
    public sealed record MemberChanged(RoomMember Member, bool IsMember) : RoomEvent;

    /// <summary><see cref="Room.CanWrite"/> is another now.</summary>
    public sealed record CanWriteChanged(bool CanWrite) : RoomEvent;

    /// <summary>An author wrote an entry of a kind that this version does not know.</summary>
    public sealed record NewerVersionNeeded(AuthorId Author) : RoomEvent;

    /// <summary>An author has two entries at one place of its log; its later messages are hidden.</summary>
    public sealed record AuthorForked(AuthorId Author) : RoomEvent;

    /// <summary>One's own log was rolled back and had gone on elsewhere; a new author took over.</summary>
    public sealed record AuthorReplaced(AuthorId Old, AuthorId New) : RoomEvent;

    /// <summary>Roles, policy, title or topic of a private room changed.</summary>
    public sealed record RollChanged : RoomEvent;

    /// <summary>One was removed from the private room.</summary>
    public sealed record Removed : RoomEvent;

    /// <summary>The members of a private room meet under another secret from now on; see <see cref="Room.Rendezvous"/>.</summary>
    public sealed record RendezvousChanged : RoomEvent;

    /// <summary>A link to a member of a large room is wanted; the host answers with a link, or lets it be.</summary>
    /// <param name="Peer">Who.</param>
    /// <param name="Contact">What that member's host said reaches it; not to be believed.</param>
    public sealed record LinkWanted(PeerId Peer, ReadOnlyMemory<byte> Contact) : RoomEvent;

    /// <summary>A quota was reached: what is too much of somebody is not kept, acknowledged or passed on, and nobody is to blame.</summary>
    /// <param name="Person">Whose entry it was.</param>
    /// <param name="Name">The name they chose.</param>
    /// <param name="Kind">Which quota.</param>
    public sealed record QuotaReached(PeerId Person, DisplayName Name, QuotaKind Kind) : RoomEvent;

    /// <summary>A peer broke the protocol; nothing more is taken from or given to its link.</summary>
    public sealed record PeerMisbehaved(int Link, PeerMisbehaviour Reason) : RoomEvent;
}
