using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Sync;

/// <summary>Decides whom to ask for what: the links of a room, and the search for what is missing.</summary>
internal sealed class Replication(RoomState room, HoldingArea held)
{
    /// <summary>How long a missing entry is waited for before anybody is asked: its author may be pushing it. A guess: one slow round trip.</summary>
    public static readonly TimeSpan PushGrace = TimeSpan.FromMilliseconds(200);

    /// <summary>How long one link may take to make progress before another is asked. A guess: several slow round trips.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(3);

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
                earliest = Instant.Earliest(earliest, fetch.Due);
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

    /// <summary>Looks again whether anything of an author is missing and to be had.</summary>
    public void Reconsider(AuthorId id, Instant now)
    {
        if (
            !room.Authors.TryGet(id, out var author)
            || author.Profile is null
            || !room.Rules.Admits(author.Profile.Identity.PeerId)
            || Missing(author) is null
        )
        {
            _fetches.Remove(id);
            return;
        }

        if (!_fetches.TryGetValue(id, out var fetch))
        {
            _fetches.Add(id, new Fetch(author.HeadSeq, now + PushGrace));
            return;
        }

        if (author.HeadSeq <= fetch.Head)
        {
            return;
        }

        fetch.Head = author.HeadSeq;
        fetch.Tried.Clear();
        if (fetch.Asked is not null && author.HeadSeq < fetch.AskedTo)
        {
            fetch.Due = now + AnswerPatience;
        }
        else
        {
            fetch.Asked = null;
            fetch.Due = now + PushGrace;
        }
    }

    /// <summary>Asks, or asks somebody else, where the time has come.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var (id, fetch) in _fetches.Where(f => f.Value.Due <= now).ToArray())
        {
            if (!room.Authors.TryGet(id, out var author) || Missing(author) is not { } missing)
            {
                _fetches.Remove(id);
                continue;
            }

            Ask(id, fetch, missing, now);
        }
    }

    private void Ask(AuthorId id, Fetch fetch, SeqRange missing, Instant now)
    {
        if (fetch.Asked is { } silent)
        {
            fetch.Tried.Add(silent);
            fetch.Asked = null;
        }

        var link = Candidates(id, missing.From)
            .Where(l => !fetch.Tried.Contains(l.Id))
            .MinBy(l => (_fetches.Values.Count(f => f.Asked == l.Id), l.Id));
        if (link is null)
        {
            fetch.Tried.Clear();
        }
        else
        {
            fetch.Asked = link.Id;
            fetch.AskedTo = Math.Min(missing.To, link.Known[id].Seq);
            link.WantsOwed[id] = new SeqRange(missing.From, fetch.AskedTo);
        }

        fetch.Due = now + AnswerPatience;
    }

    private IEnumerable<SyncLink> Candidates(AuthorId author, ulong from) =>
        _links.Values.Where(l => !l.IsEnded && l.Known.TryGetValue(author, out var head) && head.Seq >= from);

    // From the end of the log to what is held already, or to the furthest that any link has.
    private SeqRange? Missing(AuthorLog author)
    {
        var from = author.HeadSeq + 1;
        ulong to = 0;
        foreach (var link in Candidates(author.Id, from))
        {
            to = Math.Max(to, link.Known[author.Id].Seq);
        }

        if (author.ForkedAt is { } fork)
        {
            to = Math.Min(to, fork - 1);
        }

        if (held.FirstHeld(author.Id, from) is { } first)
        {
            to = Math.Min(to, first - 1);
        }

        return from <= to ? new SeqRange(from, to) : null;
    }

    private void Abandon(int link, Instant now)
    {
        foreach (var (id, fetch) in _fetches.ToArray())
        {
            fetch.Tried.Remove(link);
            if (fetch.Asked == link)
            {
                fetch.Asked = null;
                fetch.Due = now;
            }

            if (!room.Authors.TryGet(id, out var author) || Missing(author) is null)
            {
                _fetches.Remove(id);
            }
        }
    }
}
