using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>Who belongs to a private room by a set of control entries (crypto.md section 4).</summary>
internal sealed class RoomRoll
{
    /// <summary>Nobody: no genesis is known.</summary>
    public static readonly RoomRoll Empty = new();

    private readonly Dictionary<AuthorId, RollEntry> _authors;
    private readonly HashSet<EntryId> _counted;

    private RoomRoll()
        : this([], [], default) { }

    internal RoomRoll(
        Dictionary<AuthorId, RollEntry> authors,
        HashSet<EntryId> counted,
        HistoryPolicy policy
    ) => (_authors, _counted, Policy) = (authors, counted, policy);

    /// <summary>Every ranked author, also those who were removed or left.</summary>
    public IReadOnlyDictionary<AuthorId, RollEntry> Authors => _authors;

    /// <summary>What newcomers may read.</summary>
    public HistoryPolicy Policy { get; }

    /// <summary>Whether an add, promote, demote, remove or policy has its effect.</summary>
    public bool Counts(EntryId entry) => _counted.Contains(entry);

    /// <summary>Whether the author is ranked, not removed and has not left.</summary>
    public bool IsMember(AuthorId author) => _authors.TryGetValue(author, out var entry) && entry.IsMember;

    /// <summary>What is known of a ranked author; null of anybody else.</summary>
    public RollEntry? Find(AuthorId author) => _authors.GetValueOrDefault(author);

    /// <summary>Whether one author may remove or change another.</summary>
    public bool IsOver(AuthorId admin, AuthorId target) =>
        _authors.TryGetValue(admin, out var senior)
        && senior is { IsMember: true, Role: MemberRole.Admin }
        && _authors.TryGetValue(target, out var junior)
        && senior.Rank.Against(junior.Rank) < 0;
}
