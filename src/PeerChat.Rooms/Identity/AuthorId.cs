using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Identity;

/// <summary>The id of one author: the hash of a signing key made for one room on one installation (crypto.md section 1).</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct AuthorId(Bytes32 Value) : IComparable<AuthorId>
{
    /// <summary>H(L("author") ‖ key) of an author key, 65 bytes uncompressed SEC1.</summary>
    public static AuthorId Of(ReadOnlySpan<byte> authorKey) =>
        new(Digest.Labelled("author", authorKey.ToArray()));

    /// <inheritdoc/>
    public int CompareTo(AuthorId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
