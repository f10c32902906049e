using System.Diagnostics.CodeAnalysis;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Membership;

/// <summary>The authors of a room, ordered by id.</summary>
internal sealed class AuthorTable
{
    /// <summary>Authors a room may have (crypto.md section 5); those beyond it have to wait.</summary>
    public const int MaxAuthors = 1024;

    private readonly SortedDictionary<AuthorId, AuthorLog> _authors = [];

    /// <summary>All authors, ascending by id.</summary>
    public IReadOnlyCollection<AuthorLog> All => _authors.Values;

    /// <summary>How many authors there are.</summary>
    public int Count => _authors.Count;

    /// <summary>Whether any author has forked.</summary>
    public bool HasFork { get; set; }

    /// <summary>Looks an author up.</summary>
    public bool TryGet(AuthorId id, [NotNullWhen(true)] out AuthorLog? author) =>
        _authors.TryGetValue(id, out author);

    /// <summary>The author, new where it is not known; null when the room is full.</summary>
    public AuthorLog? GetOrAdd(AuthorId id) =>
        Count < MaxAuthors || _authors.ContainsKey(id) ? Add(id) : null;

    /// <summary>The author, new where it is not known, for one's own and for what the store holds: those are never refused.</summary>
    public AuthorLog Add(AuthorId id)
    {
        if (!_authors.TryGetValue(id, out var author))
        {
            author = new AuthorLog(id);
            _authors.Add(id, author);
        }

        return author;
    }
}
