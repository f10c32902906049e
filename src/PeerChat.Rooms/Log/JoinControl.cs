using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of a join: previous control entry (zeros), key, leaf, idCommit, id of its add (crypto.md section 3).</summary>
/// <param name="Key">The author's signing key.</param>
/// <param name="Leaf">The author's first HPKE key.</param>
/// <param name="IdCommit">The commitment to an identity.</param>
/// <param name="Add">The entry that admits the author; zeros where the room has no such entries.</param>
internal sealed record JoinControl(
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Leaf,
    Bytes32 IdCommit,
    EntryId Add
)
{
    private const int Size = Bytes32.Size + (2 * P256.PointSize) + (2 * Bytes32.Size);

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out JoinControl? join)
    {
        join = null;
        if (source.Length != Size || source[..Bytes32.Size].IndexOfAnyExcept((byte)0) >= 0)
        {
            return false;
        }

        var reader = new SpanReader(source[Bytes32.Size..]);
        _ = reader.TryReadBytes(P256.PointSize, out var key);
        _ = reader.TryReadBytes(P256.PointSize, out var leaf);
        _ = reader.TryReadBytes(Bytes32.Size, out var commit);
        if (!P256.IsPoint(key) || !P256.IsPoint(leaf))
        {
            return false;
        }

        join = new JoinControl(
            key.ToArray(),
            leaf.ToArray(),
            new Bytes32(commit),
            new EntryId(new Bytes32(reader.Rest))
        );
        return true;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write() =>
        [.. new byte[Bytes32.Size], .. Key.Span, .. Leaf.Span, .. IdCommit.ToArray(), .. Add.Value.ToArray()];
}
