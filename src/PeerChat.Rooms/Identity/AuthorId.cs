using PeerChat.Primitives;

namespace PeerChat.Rooms.Identity;

/// <summary>The id of one author: the hash of a signing key made for one room on one installation (crypto.md section 1).</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct AuthorId(Bytes32 Value) : IComparable<AuthorId>
{
    /// <inheritdoc/>
    public int CompareTo(AuthorId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
