using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of a promote: previous control entry, author id (crypto.md section 3).</summary>
/// <param name="PreviousControl">The author's control entry before.</param>
/// <param name="Target">Who becomes admin.</param>
internal readonly record struct PromoteControl(EntryId PreviousControl, AuthorId Target)
{
    private const int Size = 2 * Bytes32.Size;

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out PromoteControl promote)
    {
        var ok = source.Length == Size;
        promote = ok
            ? new PromoteControl(
                new EntryId(new Bytes32(source[..Bytes32.Size])),
                new AuthorId(new Bytes32(source[Bytes32.Size..]))
            )
            : default;
        return ok;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write() => [.. PreviousControl.Value.ToArray(), .. Target.Value.ToArray()];
}
