using PeerChat.Primitives;

namespace PeerChat.Rooms.Identity;

/// <summary>The id of a person's identity: the hash of the signing and the agreement key (crypto.md section 1).</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct PeerId(Bytes32 Value) : IComparable<PeerId>
{
    /// <inheritdoc/>
    public int CompareTo(PeerId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
