using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms;

/// <summary>A statement as the store keeps it.</summary>
/// <param name="Author">Whom it is by or about.</param>
/// <param name="Counter">Newer statements have greater counters.</param>
/// <param name="Bytes">The exact bytes.</param>
public sealed record StoredStatement(AuthorId Author, ulong Counter, ReadOnlyMemory<byte> Bytes);
