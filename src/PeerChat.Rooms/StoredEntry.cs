using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>An entry as the store keeps it: the exact bytes, and the fields that queries need.</summary>
/// <param name="Id">The hash of the header.</param>
/// <param name="Room">The room it belongs to.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Seq">Its number in the author's log, from 1.</param>
/// <param name="Clock">The author's hybrid clock.</param>
/// <param name="OrderClock">What it is ordered by: the greater of its clock and one more than that of any parent.</param>
/// <param name="Kind">The entry kind; 0 is content.</param>
/// <param name="Header">The header's exact bytes.</param>
/// <param name="Payload">The payload's exact bytes; empty if there is none.</param>
/// <param name="Signature">The verified signature; empty if none was kept.</param>
/// <param name="Arrival">When it was kept, as <see cref="IRoomStore.Append"/> numbers it; 0 before.</param>
/// <param name="PayloadState">What has become of the payload.</param>
public sealed record StoredEntry(
    EntryId Id,
    RoomId Room,
    AuthorId Author,
    ulong Seq,
    ulong Clock,
    ulong OrderClock,
    byte Kind,
    ReadOnlyMemory<byte> Header,
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> Signature,
    long Arrival = 0,
    PayloadState PayloadState = PayloadState.Held
)
{
    /// <summary>Where the epoch id begins in the bytes of a header.</summary>
    public const int EpochOffset = EntryHeader.EpochOffset;
}
