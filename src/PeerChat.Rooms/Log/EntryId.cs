using PeerChat.Primitives;

namespace PeerChat.Rooms.Log;

/// <summary>The id of one entry: the hash of its header without the signature (crypto.md section 3).</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct EntryId(Bytes32 Value) : IComparable<EntryId>
{
    /// <inheritdoc/>
    public int CompareTo(EntryId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
