using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>A ranked author of a private room.</summary>
/// <param name="Author">Who.</param>
/// <param name="Rank">The path of its admissions.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Add">The entry that admitted it; zeros for the creator.</param>
/// <param name="AddedBy">Who admitted it; itself for the creator.</param>
internal sealed record RollEntry(
    AuthorId Author,
    SeniorityRank Rank,
    MemberRole Role,
    EntryId Add,
    AuthorId AddedBy
)
{
    /// <summary>The clock of its admission; 0 for the creator.</summary>
    /// <remarks>
    /// Never before that of whoever admitted it: an add with a clock of long ago opens nothing to a newcomer that its author could not read.
    /// </remarks>
    public ulong AdmittedAt { get; init; }

    /// <summary>The least seq up to which its entries count, where it was removed.</summary>
    public ulong? CutAt { get; init; }

    /// <summary>Whether a leave of its own counts.</summary>
    public bool HasLeft { get; init; }

    /// <summary>Whether its role was taken away for good.</summary>
    public bool IsDemoted { get; init; }

    /// <summary>Ranked, not removed, not left.</summary>
    public bool IsMember => CutAt is null && !HasLeft;
}
