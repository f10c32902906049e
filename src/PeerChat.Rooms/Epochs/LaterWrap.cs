using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Epochs;

/// <summary>A wrap entry, as far as the writer's rule asks for it.</summary>
/// <param name="By">Who wrote it.</param>
/// <param name="Seq">Its seq.</param>
/// <param name="Recipient">To whom.</param>
/// <param name="Generation">At which generation.</param>
internal readonly record struct LaterWrap(AuthorId By, ulong Seq, AuthorId Recipient, uint Generation);
