using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>What is known of a verified range that waits for what lies before it in its log.</summary>
/// <param name="Author">Who wrote it.</param>
/// <param name="First">The seq of its first entry.</param>
/// <param name="Last">The seq of its last entry.</param>
/// <param name="Previous">The id of the entry before it, which its first one names.</param>
/// <param name="FirstClock">The clock of its first entry.</param>
/// <param name="LastClock">The clock of its last entry.</param>
/// <param name="Size">Bytes of its headers and payloads.</param>
/// <param name="HasControl">Whether it holds other entries than content.</param>
/// <param name="Ids">The first eight bytes of each entry's id, in order.</param>
public sealed record AheadRange(
    AuthorId Author,
    ulong First,
    ulong Last,
    EntryId Previous,
    ulong FirstClock,
    ulong LastClock,
    long Size,
    bool HasControl,
    ReadOnlyMemory<byte> Ids
)
{
    /// <summary>Bytes that <see cref="Ids"/> has of each id.</summary>
    public const int IdSize = 8;

    /// <summary>How many entries it has.</summary>
    public int Count => (int)(Last - First + 1);
}
