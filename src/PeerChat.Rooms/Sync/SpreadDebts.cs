using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Spreading;

namespace PeerChat.Rooms.Sync;

/// <summary>What a large room owes one link: words of the overlay, and pushes along trees. All of it bounded; sync has the rest.</summary>
internal sealed class SpreadDebts
{
    /// <summary>Words that wait for a link that takes nothing: several rounds of walks; the oldest are dropped, as if they were lost.</summary>
    public const int MaxWords = 64;

    private readonly Queue<OverlayMessage> _words = new();
    private readonly Queue<(TreeOf Tree, bool IsEager)> _trees = new();
    private readonly Queue<Announcement> _announcements = new();
    private readonly Queue<Announcement> _pulls = new();
    private readonly SortedDictionary<AuthorId, (SeqRange Range, int Round)> _pushes = [];

    /// <summary>Adds a word of HyParView.</summary>
    public void Say(OverlayMessage word) => Add(_words, word, MaxWords);

    /// <summary>Adds a graft or a prune.</summary>
    public void Change(TreeOf tree, bool isEager) => Add(_trees, (tree, isEager), MaxWords);

    /// <summary>Adds an announcement.</summary>
    public void Announce(Announcement message) =>
        Add(_announcements, message, Plumtree.MaxPendingAnnouncements);

    /// <summary>Adds a message to ask for.</summary>
    public void Pull(Announcement message) => Add(_pulls, message, Plumtree.MaxPendingAnnouncements);

    /// <summary>Adds entries to push. For a link that is slow they become one range, of which it gets what fits a frame.</summary>
    public void Push(AuthorId author, SeqRange range, int round) =>
        _pushes[author] = _pushes.TryGetValue(author, out var owed)
            ? (
                new SeqRange(Math.Min(owed.Range.From, range.From), Math.Max(owed.Range.To, range.To)),
                Math.Max(owed.Round, round)
            )
            : (range, round);

    /// <summary>The next word.</summary>
    public OverlayMessage? TakeWord() => _words.TryDequeue(out var word) ? word : null;

    /// <summary>All grafts and prunes.</summary>
    public IReadOnlyList<(TreeOf Tree, bool IsEager)> TakeTrees() => TakeAll(_trees, MaxWords);

    /// <summary>The next announcements.</summary>
    public IReadOnlyList<Announcement> TakeAnnouncements() => TakeAll(_announcements, Plumtree.MaxAnnounced);

    /// <summary>The next messages to ask for.</summary>
    public IReadOnlyList<Announcement> TakePulls() => TakeAll(_pulls, Plumtree.MaxAnnounced);

    /// <summary>The next entries to push.</summary>
    public (AuthorId Author, SeqRange Range, int Round)? TakePush()
    {
        if (_pushes.Count == 0)
        {
            return null;
        }

        var (author, (range, round)) = _pushes.First();
        _pushes.Remove(author);
        return (author, range, round);
    }

    private static void Add<T>(Queue<T> queue, T item, int limit)
    {
        if (queue.Count >= limit)
        {
            queue.Dequeue();
        }

        queue.Enqueue(item);
    }

    private static List<T> TakeAll<T>(Queue<T> queue, int limit)
    {
        var taken = new List<T>();
        while (taken.Count < limit && queue.TryDequeue(out var item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
