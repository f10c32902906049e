using PeerChat.Rooms.Files;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms.Messages;

/// <summary>Makes messages of content entries.</summary>
internal sealed class MessageReader(
    RoomState room,
    BodyOpener opener,
    Annotations annotations,
    Receipts receipts,
    ReadMarks readMarks,
    Recalls recalls,
    EntryKeys keys
)
{
    /// <summary>How far one's own log was handed to any peer.</summary>
    public ulong SentSeq { get; set; }

    /// <summary>The message of an entry; null when it does not count, or is not one that shows by itself.</summary>
    public RoomMessage? Read(StoredEntry entry) => Read(entry, isNew: false);

    /// <summary>The same of an entry about which nothing can have been said yet, so that nothing is looked for.</summary>
    public RoomMessage? Read(StoredEntry entry, bool isNew)
    {
        if (
            entry.Kind != (byte)EntryKind.Content
            || !room.Authors.TryGet(entry.Author, out var author)
            || author.Profile is not { } profile
            || room.Rules.IsVoid(author, entry.Seq, EntryKind.Content)
            || room.IsBlocked(author)
            || ReadBody(entry, author) is not { } body
        )
        {
            return null;
        }

        var (content, text, replyTo, file) = body;
        if (
            content == RoomMessageContent.Unreadable
            && (entry.Clock < room.OwnAdmission || keys.Awaited.Contains(entry.Id))
        )
        {
            return null; // a newcomer is not shown what was never meant for it, nor what it may be able to read in a moment
        }

        var isOwn = profile.Identity.PeerId == room.Self.PeerId;
        var delivered = isOwn ? receipts.DeliveredTo(entry.Author, entry.Seq) : 0;
        var readBy = isOwn ? readMarks.CountOf(entry.Author, entry.Seq, room.Self.PeerId) : 0;
        var isText = content == RoomMessageContent.Text;
        var (newText, reactions) =
            !isNew && (isText || file is not null)
                ? annotations.Of(entry.Id, profile.Identity.PeerId)
                : (null, []);
        newText = isText ? newText : null;
        return new RoomMessage(
            entry.Id,
            entry.Author,
            profile.Identity.PeerId,
            profile.Name,
            isOwn,
            content,
            newText ?? text,
            HybridClock.ToWall(entry.Clock),
            new EntryPosition(entry.OrderClock, entry.Id),
            StateOf(entry, isOwn, delivered, readBy),
            delivered,
            entry.Arrival,
            replyTo,
            newText is not null,
            reactions,
            readBy,
            content == RoomMessageContent.Recalled && recalls.IsOwn(entry.Id, author)
                ? recalls.ProgressOf(entry.Id, author, receipts)
                : null,
            file
        );
    }

    private RoomMessageState StateOf(StoredEntry entry, bool isOwn, int delivered, int readBy)
    {
        if (!isOwn)
        {
            return RoomMessageState.Received;
        }

        if (readBy > 0)
        {
            return RoomMessageState.Read;
        }

        if (delivered > 0)
        {
            return RoomMessageState.Delivered;
        }

        // What another device of one's own wrote came over a link, so it has been handed over.
        return entry.Author != room.Own.Id || entry.Seq <= SentSeq
            ? RoomMessageState.Sent
            : RoomMessageState.Queued;
    }

    private (RoomMessageContent Content, string Text, EntryId? ReplyTo, FileAnnouncement? File)? ReadBody(
        StoredEntry entry,
        AuthorLog author
    )
    {
        switch (entry.PayloadState)
        {
            case PayloadState.Recalled:
                return (RoomMessageContent.Recalled, "", null, null);
            case PayloadState.Traceless:
                return null;
            case PayloadState.Expired:
                return (RoomMessageContent.Expired, "", null, null);
            case PayloadState.Missing:
                return recalls.Contains(entry.Id, author)
                    ? null
                    : (RoomMessageContent.Missing, "", null, null);
            default:
                break;
        }

        return opener.TryOpen(entry) switch
        {
            MessageBody.Plain plain => (RoomMessageContent.Text, plain.Text, null, null),
            MessageBody.File file => (RoomMessageContent.File, file.Announced.Name, null, file.Announced),
            MessageBody.Reply reply => (RoomMessageContent.Text, reply.Text, reply.Target, null),
            MessageBody.Newer { IsQuiet: false } newer => (
                RoomMessageContent.NeedsNewerVersion,
                newer.Fallback,
                null,
                null
            ),
            null => (RoomMessageContent.Unreadable, "", null, null),
            _ => null,
        };
    }
}
