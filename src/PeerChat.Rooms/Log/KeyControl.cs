using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of a key entry: previous control entry, new leaf (crypto.md section 3).</summary>
/// <param name="PreviousControl">The author's control entry before.</param>
/// <param name="Leaf">The author's HPKE key from now on.</param>
internal sealed record KeyControl(EntryId PreviousControl, ReadOnlyMemory<byte> Leaf)
{
    private const int Size = Bytes32.Size + P256.PointSize;

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out KeyControl? key)
    {
        key = null;
        if (source.Length != Size || !P256.IsPoint(source[Bytes32.Size..]))
        {
            return false;
        }

        key = new KeyControl(
            new EntryId(new Bytes32(source[..Bytes32.Size])),
            source[Bytes32.Size..].ToArray()
        );
        return true;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write() => [.. PreviousControl.Value.ToArray(), .. Leaf.Span];
}
