using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Sync;

/// <summary>Entries of one log that one side of a link asked the other for.</summary>
/// <param name="Author">Whose log.</param>
/// <param name="Range">Which entries.</param>
/// <param name="NewestFirst">Whether the last frame of them comes first.</param>
/// <param name="OpenEnd">Whether the last of them need not be signed, since the asker has or gets what follows it.</param>
internal readonly record struct Asked(
    AuthorId Author,
    SeqRange Range,
    bool NewestFirst = false,
    bool OpenEnd = false
)
{
    /// <summary>Whether it is a page to read at once rather than a part of a history.</summary>
    public bool IsPage => NewestFirst && Range.To - Range.From < Replication.PageEntries;
}
