using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Messages;

/// <summary>A place in an author's log.</summary>
/// <param name="Author">Whose log.</param>
/// <param name="Seq">The number in it.</param>
internal readonly record struct SeqOf(AuthorId Author, ulong Seq);
