namespace PeerChat.Rooms;

/// <summary>Bytes for the other end of a link.</summary>
/// <param name="IsBulk">Whether it carries entries: the <c>entries</c> channel; otherwise <c>control</c>.</param>
/// <param name="Bytes">The frame.</param>
public readonly record struct RoomFrame(bool IsBulk, ReadOnlyMemory<byte> Bytes);
