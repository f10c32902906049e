using PeerChat.Primitives;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of an epoch entry: previous control entry, commit (crypto.md sections 3 and 5).</summary>
/// <param name="PreviousControl">The author's control entry before.</param>
/// <param name="Commit">What s_0 is checked against.</param>
internal readonly record struct EpochControl(EntryId PreviousControl, Bytes32 Commit)
{
    private const int Size = 2 * Bytes32.Size;

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out EpochControl epoch)
    {
        var ok = source.Length == Size;
        epoch = ok
            ? new EpochControl(
                new EntryId(new Bytes32(source[..Bytes32.Size])),
                new Bytes32(source[Bytes32.Size..])
            )
            : default;
        return ok;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write() => [.. PreviousControl.Value.ToArray(), .. Commit.ToArray()];
}
