using System.Text;
using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>What an opened content payload says, checked; see content.proto.</summary>
internal abstract record MessageBody
{
    /// <summary>Bytes of UTF-8 a reaction may have: the longest emoji sequence of Unicode 16 has 35.</summary>
    public const int MaxReactionBytes = 64;

    /// <summary>Bytes of UTF-8 shown in place of something unknown. A guess: two lines.</summary>
    public const int MaxFallbackBytes = 1024;

    /// <summary>Authors in one read mark: those who wrote since the last one, at the pace of reading. A guess.</summary>
    public const int MaxReadAuthors = 64;

    private MessageBody() { }

    /// <summary>A text.</summary>
    public sealed record Plain(string Text) : MessageBody;

    /// <summary>A text that answers another message.</summary>
    public sealed record Reply(EntryId Target, string Text) : MessageBody;

    /// <summary>Another text for an earlier message.</summary>
    public sealed record Edit(EntryId Target, string Text) : MessageBody;

    /// <summary>A reaction, given or taken back.</summary>
    public sealed record Reaction(EntryId Target, string Emoji, bool Remove) : MessageBody;

    /// <summary>Up to where somebody has read.</summary>
    public sealed record ReadMark(IReadOnlyList<SeqOf> Authors) : MessageBody;

    /// <summary>What a private room is called and what it is about.</summary>
    public sealed record Info(string Title, string Topic) : MessageBody;

    /// <summary>A file or folder.</summary>
    public sealed record File(FileAnnouncement Announced) : MessageBody;

    /// <summary>Something of a later version.</summary>
    public sealed record Newer(string Fallback, bool IsQuiet) : MessageBody;

    /// <summary>The message that this is about; null where it stands for itself.</summary>
    public EntryId? About =>
        this switch
        {
            Edit edit => edit.Target,
            Reaction reaction => reaction.Target,
            _ => null,
        };

    /// <summary>Reads a body; null when it is nonsense, whoever sealed it.</summary>
    public static MessageBody? TryParse(ReadOnlySpan<byte> content)
    {
        try
        {
            return Check(Wire.ContentBody.Parser.ParseFrom(content));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The bytes to seal.</summary>
    public byte[] Write() =>
        (
            this switch
            {
                Plain plain => new Wire.ContentBody { Text = new Wire.TextBody { Text = plain.Text } },
                Reply reply => new Wire.ContentBody
                {
                    Reply = new Wire.ReplyBody { Target = BytesOf(reply.Target), Text = reply.Text },
                },
                Edit edit => new Wire.ContentBody
                {
                    Edit = new Wire.EditBody { Target = BytesOf(edit.Target), Text = edit.Text },
                    Quiet = true,
                },
                Reaction reaction => new Wire.ContentBody
                {
                    Reaction = new Wire.ReactionBody
                    {
                        Target = BytesOf(reaction.Target),
                        Emoji = reaction.Emoji,
                        Remove = reaction.Remove,
                    },
                    Quiet = true,
                },
                ReadMark mark => WireOf(mark),
                Info info => new Wire.ContentBody
                {
                    RoomInfo = new Wire.RoomInfoBody { Title = info.Title, Topic = info.Topic },
                    Quiet = true,
                },
                File file => file.Announced.ToWire(),
                Newer newer => new Wire.ContentBody { Fallback = newer.Fallback, Quiet = newer.IsQuiet },
                _ => throw new System.Diagnostics.UnreachableException(),
            }
        ).ToByteArray();

    /// <summary>Whether a reaction may look so: something to be seen, without spaces and control characters.</summary>
    public static bool IsReaction(string emoji) =>
        emoji.Length > 0
        && Encoding.UTF8.GetByteCount(emoji) <= MaxReactionBytes
        && emoji.EnumerateRunes().All(rune => !Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune))
        && emoji
            .EnumerateRunes()
            .Any(rune =>
                Rune.GetUnicodeCategory(rune)
                    is not (
                        System.Globalization.UnicodeCategory.Format
                        or System.Globalization.UnicodeCategory.NonSpacingMark
                        or System.Globalization.UnicodeCategory.OtherNotAssigned
                    )
            );

    private static MessageBody? Check(Wire.ContentBody body) =>
        body.BodyCase switch
        {
            Wire.ContentBody.BodyOneofCase.Text => new Plain(body.Text.Text),
            Wire.ContentBody.BodyOneofCase.Reply when IdOf(body.Reply.Target) is { } target => new Reply(
                target,
                body.Reply.Text
            ),
            Wire.ContentBody.BodyOneofCase.Edit
                when IdOf(body.Edit.Target) is { } target && body.Edit.Text.Length > 0 => new Edit(
                target,
                body.Edit.Text
            ),
            Wire.ContentBody.BodyOneofCase.Reaction
                when IdOf(body.Reaction.Target) is { } target && IsReaction(body.Reaction.Emoji) =>
                new Reaction(target, body.Reaction.Emoji, body.Reaction.Remove),
            Wire.ContentBody.BodyOneofCase.ReadMark => Check(body.ReadMark),
            Wire.ContentBody.BodyOneofCase.RoomInfo
                when RoomInfo.IsGood(body.RoomInfo.Title) && RoomInfo.IsGood(body.RoomInfo.Topic) => new Info(
                body.RoomInfo.Title,
                body.RoomInfo.Topic
            ),
            Wire.ContentBody.BodyOneofCase.File when FileAnnouncement.Check(body.File) is { } announced =>
                new File(announced),
            Wire.ContentBody.BodyOneofCase.None => new Newer(
                Encoding.UTF8.GetByteCount(body.Fallback) <= MaxFallbackBytes ? body.Fallback : "",
                body.Quiet
            ),
            _ => null,
        };

    private static ReadMark? Check(Wire.ReadMarkBody body) =>
        body.Authors.Count is >= 1 and <= MaxReadAuthors
        && body.Authors.All(one => one.Author.Length == Bytes32.Size && one.Seq > 0)
            ? new ReadMark([
                .. body.Authors.Select(one => new SeqOf(
                    new Identity.AuthorId(new Bytes32(one.Author.Span)),
                    one.Seq
                )),
            ])
            : null;

    private static Wire.ContentBody WireOf(ReadMark mark)
    {
        var body = new Wire.ReadMarkBody();
        body.Authors.AddRange(
            mark.Authors.Select(one => new Wire.ReadUpTo
            {
                Author = ByteString.CopyFrom(one.Author.Value.ToArray()),
                Seq = one.Seq,
            })
        );
        return new Wire.ContentBody { ReadMark = body, Quiet = true };
    }

    private static EntryId? IdOf(ByteString bytes) =>
        bytes.Length == Bytes32.Size ? new EntryId(new Bytes32(bytes.Span)) : null;

    private static ByteString BytesOf(EntryId id) => ByteString.CopyFrom(id.Value.ToArray());
}
