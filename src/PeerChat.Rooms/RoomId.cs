using PeerChat.Primitives;

namespace PeerChat.Rooms;

/// <summary>The id of a room (crypto.md section 3).</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct RoomId(Bytes32 Value) : IComparable<RoomId>
{
    /// <inheritdoc/>
    public int CompareTo(RoomId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
