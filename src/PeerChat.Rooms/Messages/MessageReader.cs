using Google.Protobuf;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms.Messages;

/// <summary>Makes messages of content entries.</summary>
internal sealed class MessageReader(RoomState room, EpochTable epochs, Receipts receipts, EntryKeys keys)
{
    /// <summary>How far one's own log was handed to any peer.</summary>
    public ulong SentSeq { get; set; }

    /// <summary>The message of an entry; null when it does not count.</summary>
    public RoomMessage? Read(StoredEntry entry)
    {
        if (
            entry.Kind != (byte)EntryKind.Content
            || !room.Authors.TryGet(entry.Author, out var author)
            || author.Profile is not { } profile
            || room.Rules.IsVoid(author, entry.Seq, EntryKind.Content)
        )
        {
            return null;
        }

        var (content, text) = ReadBody(entry);
        if (
            content == RoomMessageContent.RoomInfo
            || (content == RoomMessageContent.Unreadable && entry.Clock < room.OwnAdmission)
        )
        {
            return null; // a newcomer is not shown what was never meant for it
        }

        var isOwn = profile.Identity.PeerId == room.Self.PeerId;
        var delivered = isOwn ? receipts.DeliveredTo(entry.Author, entry.Seq) : 0;
        return new RoomMessage(
            entry.Id,
            entry.Author,
            profile.Identity.PeerId,
            profile.Name,
            isOwn,
            content,
            text,
            HybridClock.ToWall(entry.Clock),
            new EntryPosition(entry.OrderClock, entry.Id),
            StateOf(entry, isOwn, delivered),
            delivered,
            entry.Arrival
        );
    }

    /// <summary>The text of an entry; null when there is none to be read.</summary>
    public string? ReadText(StoredEntry entry) =>
        entry.Kind == (byte)EntryKind.Content && ReadBody(entry) is (RoomMessageContent.Text, var text)
            ? text
            : null;

    private RoomMessageState StateOf(StoredEntry entry, bool isOwn, int delivered)
    {
        if (!isOwn)
        {
            return RoomMessageState.Received;
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

    /// <summary>What an entry says of the room's title and topic; null when it is about something else.</summary>
    public Wire.RoomInfoBody? ReadInfo(StoredEntry entry)
    {
        if (
            !EntryHeader.TryParse(entry.Header.Span, out var header)
            || OpenPayload(header, entry.Payload.Span) is not { } content
        )
        {
            return null;
        }

        try
        {
            var body = Wire.ContentBody.Parser.ParseFrom(content);
            return body.BodyCase == Wire.ContentBody.BodyOneofCase.RoomInfo ? body.RoomInfo : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private byte[]? OpenPayload(EntryHeader header, ReadOnlySpan<byte> payload) =>
        epochs.SecretOf(header.Epoch, header.Generation) is { } secret
            ? ContentSealing.Open(secret, header, payload)
        : keys.TryGet(header.Id, out var key) ? ContentSealing.OpenWithKey(key, header, payload)
        : null;

    private (RoomMessageContent Content, string Text) ReadBody(StoredEntry entry)
    {
        if (
            !EntryHeader.TryParse(entry.Header.Span, out var header)
            || OpenPayload(header, entry.Payload.Span) is not { } content
        )
        {
            return (RoomMessageContent.Unreadable, "");
        }

        try
        {
            var body = Wire.ContentBody.Parser.ParseFrom(content);
            if (body.BodyCase == Wire.ContentBody.BodyOneofCase.RoomInfo)
            {
                return (RoomMessageContent.RoomInfo, "");
            }

            return body.BodyCase == Wire.ContentBody.BodyOneofCase.Text
                ? (RoomMessageContent.Text, body.Text.Text)
                : (RoomMessageContent.NeedsNewerVersion, "");
        }
        catch (InvalidProtocolBufferException)
        {
            return (RoomMessageContent.Unreadable, "");
        }
    }
}
