using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>The sealing of content payloads under an epoch secret (crypto.md section 3).</summary>
internal static class ContentSealing
{
    private const string Use = "payload";

    /// <summary>Seals a content for the entry that begins with <paramref name="prefix"/>.</summary>
    public static byte[] Seal(
        IEntropy entropy,
        ReadOnlySpan<byte> secret,
        EntryPrefix prefix,
        ReadOnlySpan<byte> content
    ) =>
        Sealing.Seal(
            entropy,
            secret,
            Use,
            ContextOf(prefix.Room, prefix.Epoch, prefix.Generation, prefix.Author, prefix.Seq),
            prefix.Write(),
            Padding.Pad(content)
        );

    /// <summary>Opens a content payload; null when the secret is another or the author sealed nonsense.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> secret, EntryHeader header, ReadOnlySpan<byte> payload)
    {
        var padded = Sealing.Open(
            secret,
            Use,
            ContextOf(header.Room, header.Epoch, header.Generation, header.Author, header.Seq),
            header.AssociatedData,
            payload
        );
        return padded is not null && Padding.TryUnpad(padded, out var content) ? content.ToArray() : null;
    }

    /// <summary>The key of one content payload, for a newcomer who may read this entry and no other of its epoch.</summary>
    public static byte[]? KeyOf(ReadOnlySpan<byte> secret, EntryHeader header, ReadOnlySpan<byte> payload) =>
        Sealing.KeyOf(
            secret,
            Use,
            ContextOf(header.Room, header.Epoch, header.Generation, header.Author, header.Seq),
            payload
        );

    /// <summary>Opens a content payload with a key that was handed over.</summary>
    public static byte[]? OpenWithKey(ReadOnlySpan<byte> key, EntryHeader header, ReadOnlySpan<byte> payload)
    {
        var padded = Sealing.OpenWithKey(key, header.AssociatedData, payload);
        return padded is not null && Padding.TryUnpad(padded, out var content) ? content.ToArray() : null;
    }

    // room id ‖ epoch id ‖ generation ‖ author id ‖ seq
    private static byte[] ContextOf(RoomId room, Bytes32 epoch, uint generation, AuthorId author, ulong seq)
    {
        var context = new byte[(3 * Bytes32.Size) + sizeof(uint) + sizeof(ulong)];
        var writer = new SpanWriter(context);
        room.Value.CopyTo(writer.Advance(Bytes32.Size));
        epoch.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt32(generation);
        author.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt64(seq);
        return context;
    }
}
