using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Epochs;

/// <summary>One epoch: who can read it, and its secret where it is here (crypto.md section 5).</summary>
internal sealed class Epoch(
    Bytes32 id,
    AuthorId author,
    ulong seq,
    EntryPosition position,
    Bytes32 commit,
    IEnumerable<AuthorId> recipients
)
{
    /// <summary>The id of the epoch entry; the room's in a room with one secret.</summary>
    public Bytes32 Id { get; } = id;

    /// <summary>Who made it.</summary>
    public AuthorId Author { get; } = author;

    /// <summary>The epoch entry's seq.</summary>
    public ulong Seq { get; } = seq;

    /// <summary>(clock, id), by which writers choose.</summary>
    public EntryPosition Position { get; } = position;

    /// <summary>What s_0 is checked against.</summary>
    public Bytes32 Commit { get; } = commit;

    /// <summary>Everybody in the epoch entry itself.</summary>
    public IReadOnlyList<AuthorId> FirstRecipients { get; } = [.. recipients];

    /// <summary>Everybody it was wrapped to, in the epoch entry or later by somebody who counts.</summary>
    public HashSet<AuthorId> Recipients { get; } = [.. recipients];

    /// <summary>The wraps that came later.</summary>
    public List<LaterWrap> Wraps { get; } = [];

    /// <summary>Writers use this generation: newcomers hold nothing earlier.</summary>
    public uint HighestWrapped { get; set; }

    /// <summary>The secret, once it is here.</summary>
    public EpochSecret? Secret { get; set; }

    /// <summary>How many entries the room had when the epoch came here.</summary>
    public ulong EntriesBefore { get; set; }
}
