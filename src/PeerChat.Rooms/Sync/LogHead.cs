using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Sync;

/// <summary>How far a log goes somewhere.</summary>
/// <param name="Seq">The last entry's number.</param>
/// <param name="Id">The last entry's id.</param>
internal readonly record struct LogHead(ulong Seq, EntryId Id);
