using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of a genesis: zeros, key, leaf, idCommit, type, policy, random (crypto.md section 3).</summary>
/// <param name="Key">The creator's signing key.</param>
/// <param name="Leaf">The creator's first HPKE key.</param>
/// <param name="IdCommit">The commitment to an identity.</param>
/// <param name="Policy">What newcomers may read at first.</param>
/// <param name="Random">Makes the room's id unlike any other.</param>
internal sealed record GenesisControl(
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Leaf,
    Bytes32 IdCommit,
    HistoryPolicy Policy,
    Bytes32 Random
)
{
    /// <summary>The type of a private room; the only one that has a genesis.</summary>
    public const byte PrivateRoom = 1;

    private const int Size =
        Bytes32.Size + (2 * P256.PointSize) + Bytes32.Size + 1 + HistoryPolicy.Size + Bytes32.Size;

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out GenesisControl? genesis)
    {
        genesis = null;
        if (source.Length != Size || source[..Bytes32.Size].IndexOfAnyExcept((byte)0) >= 0)
        {
            return false;
        }

        var reader = new SpanReader(source[Bytes32.Size..]);
        _ = reader.TryReadBytes(P256.PointSize, out var key);
        _ = reader.TryReadBytes(P256.PointSize, out var leaf);
        _ = reader.TryReadBytes(Bytes32.Size, out var commit);
        _ = reader.TryReadByte(out var type);
        _ = reader.TryReadBytes(HistoryPolicy.Size, out var policyBytes);
        if (
            type != PrivateRoom
            || !HistoryPolicy.TryParse(policyBytes, out var policy)
            || !P256.IsPoint(key)
            || !P256.IsPoint(leaf)
        )
        {
            return false;
        }

        genesis = new GenesisControl(
            key.ToArray(),
            leaf.ToArray(),
            new Bytes32(commit),
            policy,
            new Bytes32(reader.Rest)
        );
        return true;
    }

    /// <summary>What it says of its author, as a join says it.</summary>
    public JoinControl AsJoin() => new(Key, Leaf, IdCommit, default);

    /// <summary>Writes the bytes.</summary>
    public byte[] Write() =>
        [
            .. new byte[Bytes32.Size],
            .. Key.Span,
            .. Leaf.Span,
            .. IdCommit.ToArray(),
            PrivateRoom,
            .. Policy.Write(),
            .. Random.ToArray(),
        ];
}
