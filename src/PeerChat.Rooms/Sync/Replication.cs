using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Sync;

/// <summary>Decides whom to ask for what: the links of a room, and the search for what is missing.</summary>
internal sealed partial class Replication(RoomState room, HoldingArea held, AheadLog ahead, Quotas quotas)
{
    /// <summary>How long a missing entry is waited for before anybody is asked: its author may be pushing it. A guess: one slow round trip.</summary>
    public static readonly TimeSpan PushGrace = TimeSpan.FromMilliseconds(200);

    /// <summary>How long one link may take to make progress before another is asked. A guess: several slow round trips.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Entries that are missing before they are asked for from their end on, so that the newest of a long history is there to read at once.
    /// A guess: three frames.
    /// </summary>
    public const ulong LongHistory = 1_024;

    /// <summary>Entries of the page that is asked for ahead: a large screen.</summary>
    public const ulong PageEntries = 64;

    /// <summary>Entries asked of one link at once where nobody else has them: two such parts keep a path with a long round trip busy.</summary>
    public const ulong LonePart = 4_096;

    /// <summary>
    /// Entries asked of one link at once where several have them: so few that what others send ahead of a slow one fits
    /// <see cref="HoldingArea"/> in most rooms.
    /// </summary>
    public const ulong SharedPart = 512;

    /// <summary>Parts of one log that a link is asked for at once: the next is on its way while one comes.</summary>
    public const int PartsOfLink = 2;

    /// <summary>How long what somebody has is waited for before it is asked for.</summary>
    public TimeSpan Grace { get; set; } = PushGrace;

    /// <summary>In what pieces is asked.</summary>
    public PartSizes Sizes { get; set; } = PartSizes.Usual;

    private readonly SortedDictionary<int, SyncLink> _links = [];
    private readonly SortedDictionary<AuthorId, Fetch> _fetches = [];

    /// <summary>All links, ended ones too.</summary>
    public IReadOnlyCollection<SyncLink> Links => _links.Values;

    /// <summary>When somebody is to be asked.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var fetch in _fetches.Values)
            {
                earliest = Instant.Earliest(earliest, fetch.WakeAt);
            }

            return earliest;
        }
    }

    /// <summary>The link with this number; null when there is none or it has ended.</summary>
    public SyncLink? Find(int link) =>
        _links.TryGetValue(link, out var found) && !found.IsEnded ? found : null;

    /// <summary>Adds a link.</summary>
    public void Add(SyncLink link) => _links.Add(link.Id, link);

    /// <summary>Whether there is a link of this number, ended or not.</summary>
    public bool Contains(int link) => _links.ContainsKey(link);

    /// <summary>Takes a link away, and turns to others with what it was asked for.</summary>
    public void Remove(int link, Instant now)
    {
        _links.Remove(link);
        Abandon(link, now);
    }

    /// <summary>Ends a link whose peer misbehaved.</summary>
    public void End(SyncLink link, Instant now)
    {
        link.IsEnded = true;
        link.Known.Clear();
        Abandon(link.Id, now);
    }

    /// <summary>Notes that the peer has a log up to an entry.</summary>
    public static void NoteKnown(SyncLink link, AuthorId author, LogHead head)
    {
        if (
            (link.Known.TryGetValue(author, out var known) && known.Seq >= head.Seq)
            || (!link.Known.ContainsKey(author) && link.Known.Count >= AuthorTable.MaxAuthors)
        )
        {
            return;
        }

        link.Known[author] = head;
    }

    /// <summary>Whether an entry is the last of its log that anybody who is linked has.</summary>
    public bool IsNewest(AuthorId author, ulong seq) => Furthest(author) <= seq;

    /// <summary>Whether entries of a log are missing that somebody who is linked has.</summary>
    public bool IsFetching(AuthorId author) => _fetches.ContainsKey(author);

    /// <summary>Whether anybody is linked who did not misbehave.</summary>
    public bool HasLinks => _links.Values.Any(link => !link.IsEnded);

    /// <summary>Notes that entries of a log came over a link, whatever became of them.</summary>
    public void NoteArrived(int link, AuthorId author, ulong from, ulong to, Instant now)
    {
        if (!_fetches.TryGetValue(author, out var fetch) || !room.Authors.TryGet(author, out var log))
        {
            return;
        }

        foreach (var part in fetch.Parts.Where(p => p.Link == link))
        {
            part.Progress(from, to, now + AnswerPatience);
            if (part.IsDone && part.First == log.HeadSeq + 1 && !fetch.IsNewestFirst)
            {
                fetch.Tried.Add(link); // it came, and nothing of it could be kept: not asked again without a pause
            }
        }

        fetch.Parts.RemoveAll(p => p.IsDone);
    }

    /// <summary>Looks again whether anything of an author is missing and to be had, and asks for it.</summary>
    public void Reconsider(AuthorId id, Instant now)
    {
        if (
            !room.Authors.TryGet(id, out var author)
            || author.Profile is null
            || !room.Rules.Admits(author.Profile.Identity.PeerId)
            || quotas.IsHeldBack(author, now)
            || GoalOf(author) is not { } goal
        )
        {
            _fetches.Remove(id);
            return;
        }

        if (!_fetches.TryGetValue(id, out var fetch))
        {
            // Nobody pushes more than a few unasked.
            var isPushed = goal - author.HeadSeq <= Room.MaxUnaskedEntries;
            fetch = new Fetch(author.HeadSeq, goal, isPushed ? now + Grace : now);
            _fetches.Add(id, fetch);
        }

        fetch.Aim(goal, now, Grace);
        if (author.HeadSeq > fetch.Head)
        {
            fetch.Head = author.HeadSeq;
            fetch.PausedUntil = null;
            fetch.Tried.Clear();
        }

        Plan(author, fetch, now);
    }

    /// <summary>Asks, or asks somebody else, where the time has come.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var id in _fetches.Where(f => f.Value.WakeAt <= now).Select(f => f.Key).ToArray())
        {
            Reconsider(id, now);
        }
    }

    private void Plan(AuthorLog author, Fetch fetch, Instant now)
    {
        foreach (var late in fetch.Parts.Where(p => p.Due <= now))
        {
            fetch.Tried.Add(late.Link);
        }

        fetch.Parts.RemoveAll(p => p.Due <= now || p.Range.To <= author.HeadSeq);
        if (fetch.PausedUntil <= now)
        {
            fetch.PausedUntil = null;
        }

        var limit = fetch.LimitAt(now);
        if (fetch.PausedUntil is null)
        {
            if (IsLong(author, fetch, limit))
            {
                AskNewestFirst(author, fetch, limit, now);
            }

            while (
                !fetch.IsNewestFirst
                && Gap(author, fetch.Parts, author.HeadSeq + 1, limit) is { } gap
                && TryAsk(author.Id, fetch, gap, now)
            ) { }
        }

        fetch.SetWake(now);
    }

    private bool TryAsk(AuthorId id, Fetch fetch, SeqRange gap, Instant now)
    {
        if (Choose(id, fetch, gap.From, out var isAlone) is not { } link)
        {
            PauseIfIdle(fetch, now);
            return false;
        }

        var size = isAlone ? Sizes.Lone : Sizes.Shared;
        var to = Math.Min(gap.To, link.Known[id].Seq);
        var part = new SeqRange(gap.From, to - gap.From < size ? to : gap.From + size - 1);
        fetch.Parts.Add(
            new FetchPart(link.Id, part, newestFirst: false, openEnd: false, now + AnswerPatience)
        );
        link.Want(new Asked(id, part));
        return true;
    }

    // Who has an entry, was not asked in vain and has the fewest questions open; null where there is nobody at the moment.
    private SyncLink? Choose(AuthorId id, Fetch fetch, ulong seq, out bool isAlone)
    {
        var having = Candidates(id, seq).ToList();
        isAlone = having.Count == 1;
        return having
            .Where(l => !fetch.Tried.Contains(l.Id) && fetch.Parts.Count(p => p.Link == l.Id) < PartsOfLink)
            .MinBy(l => (_fetches.Values.Sum(f => f.Parts.Count(p => p.Link == l.Id)), l.Id));
    }

    // Where nobody could be chosen and nothing is awaited, all were asked in vain.
    private static void PauseIfIdle(Fetch fetch, Instant now)
    {
        if (fetch.Parts.Count == 0)
        {
            fetch.Tried.Clear();
            fetch.PausedUntil = now + AnswerPatience;
        }
    }

    private IEnumerable<SyncLink> Candidates(AuthorId author, ulong from) =>
        _links.Values.Where(l => !l.IsEnded && l.Known.TryGetValue(author, out var head) && head.Seq >= from);

    private ulong Furthest(AuthorId author)
    {
        ulong furthest = 0;
        foreach (var link in _links.Values)
        {
            if (!link.IsEnded && link.Known.TryGetValue(author, out var head))
            {
                furthest = Math.Max(furthest, head.Seq);
            }
        }

        return furthest;
    }

    // The furthest that any link has; null when all up to there is here or held.
    private ulong? GoalOf(AuthorLog author)
    {
        var goal = Furthest(author.Id);
        goal = author.ForkedAt is { } fork ? Math.Min(goal, fork - 1) : goal;
        return Gap(author, [], author.HeadSeq + 1, goal) is null ? null : goal;
    }

    // The first entries that are neither held nor asked for.
    private SeqRange? Gap(AuthorLog author, List<FetchPart> parts, ulong from, ulong limit)
    {
        while (from <= limit)
        {
            var next = held.NextHeld(author.Id, from);
            if (
                ahead.NextFrom(author.Id, from) is { } kept
                && (next is not { } first || kept.From < first.From)
            )
            {
                next = kept;
            }

            foreach (var part in parts)
            {
                if (part.Range.To >= from && (next is not { } other || part.Range.From < other.From))
                {
                    next = part.Range;
                }
            }

            if (next is not { } covered || covered.From > from)
            {
                return new SeqRange(from, next is { } there ? Math.Min(limit, there.From - 1) : limit);
            }

            if (covered.To >= limit)
            {
                return null;
            }

            from = covered.To + 1;
        }

        return null;
    }

    private void Abandon(int link, Instant now)
    {
        foreach (var (id, fetch) in _fetches.ToArray())
        {
            fetch.Tried.Remove(link);
            if (fetch.Parts.RemoveAll(p => p.Link == link) > 0)
            {
                fetch.Wake(now);
            }

            if (!room.Authors.TryGet(id, out var author) || GoalOf(author) is null)
            {
                _fetches.Remove(id);
            }
        }
    }
}
