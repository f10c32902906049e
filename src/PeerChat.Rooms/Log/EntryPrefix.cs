using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Log;

/// <summary>A header up to and including the control bytes: what a writer knows before the payload exists.</summary>
/// <remarks>
/// The order of making an entry: these bytes are the associated data of the payload's sealing; then the payload's size and
/// hash are put behind them; that is the header, and its hash is the id, which is signed. So the payload is bound to every
/// field of the header but its own size and hash, and those bind the header to the payload.
/// </remarks>
internal sealed record EntryPrefix(
    EntryKind Kind,
    RoomId Room,
    AuthorId Author,
    ulong Seq,
    EntryId Previous,
    ulong Clock,
    Bytes32 Epoch,
    uint Generation,
    IReadOnlyList<EntryId> Heads,
    ReadOnlyMemory<byte> Control
)
{
    /// <summary>The bytes, as they begin the header.</summary>
    public byte[] Write()
    {
        var bytes = new byte[
            EntryHeader.FixedSize
                - EntryHeader.PayloadFieldsSize
                + (Heads.Count * Bytes32.Size)
                + Control.Length
        ];
        var writer = new SpanWriter(bytes);
        writer.WriteByte(EntryHeader.Version);
        writer.WriteByte((byte)Kind);
        Room.Value.CopyTo(writer.Advance(Bytes32.Size));
        Author.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt64(Seq);
        Previous.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt64(Clock);
        Epoch.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt32(Generation);
        writer.WriteByte((byte)Heads.Count);
        foreach (var head in Heads)
        {
            head.Value.CopyTo(writer.Advance(Bytes32.Size));
        }

        writer.WriteUInt16((ushort)Control.Length);
        writer.WriteBytes(Control.Span);
        return bytes;
    }

    /// <summary>The whole header for a payload, which may be empty.</summary>
    public byte[] Complete(ReadOnlySpan<byte> payload)
    {
        Span<byte> fields = stackalloc byte[EntryHeader.PayloadFieldsSize];
        fields.Clear();
        if (!payload.IsEmpty)
        {
            var writer = new SpanWriter(fields);
            writer.WriteUInt32((uint)payload.Length);
            Digest.Hash(payload).CopyTo(writer.Advance(Bytes32.Size));
        }

        return [.. Write(), .. fields];
    }
}
