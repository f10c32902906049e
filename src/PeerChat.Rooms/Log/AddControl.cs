using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of an add: previous control entry, author id, role (crypto.md section 3).</summary>
/// <param name="PreviousControl">The author's control entry before.</param>
/// <param name="Target">Whom it admits.</param>
/// <param name="Role">As what.</param>
internal readonly record struct AddControl(EntryId PreviousControl, AuthorId Target, MemberRole Role)
{
    private const int Size = (2 * Bytes32.Size) + 1;

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out AddControl add)
    {
        add = default;
        if (source.Length != Size || source[^1] > (byte)MemberRole.Admin)
        {
            return false;
        }

        add = new AddControl(
            new EntryId(new Bytes32(source[..Bytes32.Size])),
            new AuthorId(new Bytes32(source.Slice(Bytes32.Size, Bytes32.Size))),
            (MemberRole)source[^1]
        );
        return true;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write() => [.. PreviousControl.Value.ToArray(), .. Target.Value.ToArray(), (byte)Role];
}
