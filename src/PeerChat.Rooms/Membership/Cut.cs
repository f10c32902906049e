using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>Up to where a removed or demoted author still counts (crypto.md section 4).</summary>
/// <param name="Seq">The last entry that counts; 0 for none.</param>
/// <param name="Id">That entry's id.</param>
/// <param name="Control">The last control entry that counts; zeros for none.</param>
internal readonly record struct Cut(ulong Seq, EntryId Id, EntryId Control);
