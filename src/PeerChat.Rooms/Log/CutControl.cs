using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Log;

/// <summary>
/// The control bytes of a demote or remove: previous control entry, author id, its last seq, that entry's id, its last control
/// entry (crypto.md section 3).
/// </summary>
/// <param name="PreviousControl">The author's control entry before.</param>
/// <param name="Target">Who is cut.</param>
/// <param name="Cut">What of it still counts.</param>
internal readonly record struct CutControl(EntryId PreviousControl, AuthorId Target, Cut Cut)
{
    private const int Size = (4 * Bytes32.Size) + sizeof(ulong);

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out CutControl control)
    {
        control = default;
        if (source.Length != Size)
        {
            return false;
        }

        var reader = new SpanReader(source);
        _ = reader.TryReadBytes(Bytes32.Size, out var previous);
        _ = reader.TryReadBytes(Bytes32.Size, out var target);
        _ = reader.TryReadUInt64(out var seq);
        _ = reader.TryReadBytes(Bytes32.Size, out var id);
        control = new CutControl(
            new EntryId(new Bytes32(previous)),
            new AuthorId(new Bytes32(target)),
            new Cut(seq, new EntryId(new Bytes32(id)), new EntryId(new Bytes32(reader.Rest)))
        );
        return (seq == 0) == control.Cut.Id.Value.IsZero;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write()
    {
        var bytes = new byte[Size];
        var writer = new SpanWriter(bytes);
        PreviousControl.Value.CopyTo(writer.Advance(Bytes32.Size));
        Target.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt64(Cut.Seq);
        Cut.Id.Value.CopyTo(writer.Advance(Bytes32.Size));
        Cut.Control.Value.CopyTo(writer.Advance(Bytes32.Size));
        return bytes;
    }
}
