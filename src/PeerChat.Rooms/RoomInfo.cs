using System.Text;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>What a private room is called and what it is about.</summary>
/// <param name="Title">Its title, empty while none is known.</param>
/// <param name="Topic">Its topic, empty where none was set.</param>
/// <param name="Position">The (clock, id) of the entry that says so; zeros where an inviter said it.</param>
public sealed record RoomInfo(string Title, string Topic, EntryPosition Position)
{
    /// <summary>Bytes of UTF-8 that a title or topic may have: a line of a terminal, four times over.</summary>
    public const int MaxBytes = 512;

    /// <summary>Nothing is known.</summary>
    public static readonly RoomInfo Unknown = new("", "", default);

    /// <summary>Whether a title or topic is short enough and has no control characters.</summary>
    public static bool IsGood(string text) =>
        Encoding.UTF8.GetByteCount(text) <= MaxBytes && !text.Any(char.IsControl);

    internal byte[] Write()
    {
        var title = Encoding.UTF8.GetBytes(Title);
        var topic = Encoding.UTF8.GetBytes(Topic);
        var bytes = new byte[sizeof(ulong) + Bytes32.Size + sizeof(ushort) + title.Length + topic.Length];
        var writer = new SpanWriter(bytes);
        writer.WriteUInt64(Position.OrderClock);
        Position.Id.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt16((ushort)title.Length);
        writer.WriteBytes(title);
        writer.WriteBytes(topic);
        return bytes;
    }

    internal static RoomInfo Read(ReadOnlySpan<byte> stored)
    {
        var reader = new SpanReader(stored);
        return
            reader.TryReadUInt64(out var clock)
            && reader.TryReadBytes(Bytes32.Size, out var id)
            && reader.TryReadUInt16(out var size)
            && reader.TryReadBytes(size, out var title)
            ? new RoomInfo(
                Encoding.UTF8.GetString(title),
                Encoding.UTF8.GetString(reader.Rest),
                new EntryPosition(clock, new EntryId(new Bytes32(id)))
            )
            : Unknown;
    }
}
