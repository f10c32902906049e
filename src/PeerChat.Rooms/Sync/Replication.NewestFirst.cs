using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Sync;

/// <content>Long histories: asked for from their end on, in parts that hang together from above.</content>
internal sealed partial class Replication
{
    /// <summary>Whether an author's missing entries are asked for from their end on.</summary>
    public bool IsNewestFirst(AuthorId author) =>
        _fetches.TryGetValue(author, out var fetch) && fetch.IsNewestFirst;

    /// <summary>Has an author's entries fetched in the order of the log from now on; what came otherwise was of no use.</summary>
    public void FetchOldestFirst(AuthorId author)
    {
        if (_fetches.TryGetValue(author, out var fetch))
        {
            fetch.IsOldestFirst = true;
            fetch.IsNewestFirst = false;
        }

        held.RemoveUnvouched(author);
    }

    /// <summary>Whether a link was asked for a range that ends at a seq without a signature.</summary>
    public bool MayEndUnsigned(int link, AuthorId author, ulong seq) =>
        _fetches.TryGetValue(author, out var fetch)
        && fetch.Parts.Exists(part => part.Link == link && part.MayEndUnsigned(seq));

    /// <summary>Notes that what a link sent is of no use: others are asked first.</summary>
    public void NoteUseless(int link, AuthorId author)
    {
        if (_fetches.TryGetValue(author, out var fetch))
        {
            fetch.Tried.Add(link);
        }
    }

    /// <summary>Notes that a range was kept ahead of its log: that is progress.</summary>
    public void NoteAhead(AuthorId author)
    {
        if (_fetches.TryGetValue(author, out var fetch))
        {
            fetch.PausedUntil = null;
            fetch.Tried.Clear();
        }
    }

    // One's own log is followed in its order: who has lost it writes on as soon as it is whole.
    private bool IsLong(AuthorLog author, Fetch fetch, ulong limit)
    {
        fetch.IsNewestFirst |=
            author != room.Own.Log
            && author.ForkedAt is null
            && (limit >= author.HeadSeq + Sizes.LongHistory || ahead.Has(author.Id));
        fetch.IsNewestFirst &= !fetch.IsOldestFirst;
        return fetch.IsNewestFirst;
    }

    private void AskNewestFirst(AuthorLog author, Fetch fetch, ulong limit, Instant now)
    {
        if (!fetch.HasPage && LastGap(author, fetch.Parts, limit) is { } end)
        {
            fetch.HasPage = TryAskFromEnd(author.Id, fetch, end, Sizes.Page, limit, now);
        }

        // The first entry binds the key to a person, and where writing began there is often a new epoch: nothing can be shown without.
        if (
            (!fetch.HasBeginning || author.HeadSeq == 0)
            && Gap(author, fetch.Parts, author.HeadSeq + 1, Math.Min(limit, author.HeadSeq + Sizes.Page))
                is { } beginning
        )
        {
            if (!TryAsk(author.Id, fetch, beginning, now))
            {
                return;
            }

            fetch.HasBeginning = true;
        }

        while (
            LastGap(author, fetch.Parts, limit) is { } gap
            && TryAskFromEnd(author.Id, fetch, gap, ulong.MaxValue, limit, now)
        ) { }
    }

    private bool TryAskFromEnd(AuthorId id, Fetch fetch, SeqRange gap, ulong atMost, ulong limit, Instant now)
    {
        // Where nobody who has its end can be asked now, somebody who has less of it may be: who claims most and gives nothing would
        // otherwise keep all others from being asked.
        var link = Choose(id, fetch, gap.To, out var isAlone);
        link ??= Choose(id, fetch, gap.From, out isAlone);
        if (link is null)
        {
            PauseIfIdle(fetch, now);
            return false;
        }

        var size = Math.Min(atMost, isAlone ? Sizes.Lone : Sizes.Shared);
        var to = Math.Min(gap.To, link.Known[id].Seq);
        var part = new SeqRange(to - gap.From < size ? gap.From : to - size + 1, to);
        var openEnd = to == gap.To && to < limit;
        fetch.Parts.Add(new FetchPart(link.Id, part, newestFirst: true, openEnd, now + AnswerPatience));
        link.Want(new Asked(id, part, NewestFirst: true, openEnd));
        return true;
    }

    // The last entries that are neither here, held nor asked for. What nothing vouches for yet counts as held as long as what lies behind
    // it does: from there it is vouched for or contradicted.
    private SeqRange? LastGap(AuthorLog author, List<FetchPart> parts, ulong end)
    {
        var limit = end;
        while (limit > author.HeadSeq)
        {
            SeqRange? cover = null;
            var below = author.HeadSeq;
            foreach (var (range, isVouched) in CoverOf(author.Id, parts, limit))
            {
                if (range.From <= limit && range.To >= limit && (isVouched || range.To < end))
                {
                    cover = cover is { } other && other.From <= range.From ? other : range;
                }
                else if (isVouched && range.To < limit)
                {
                    below = Math.Max(below, range.To);
                }
            }

            if (cover is not { } covered)
            {
                return new SeqRange(below + 1, limit);
            }

            limit = covered.From - 1;
        }

        return null;
    }

    private IEnumerable<(SeqRange Range, bool IsVouched)> CoverOf(
        AuthorId author,
        List<FetchPart> parts,
        ulong limit
    )
    {
        if (ahead.LastUpTo(author, limit) is { } kept)
        {
            yield return (kept, true);
        }

        foreach (var one in held.All)
        {
            if (one.Range.Author == author && (one.IsVouched || one.IsAsked))
            {
                yield return (new SeqRange(one.Range.First.Seq, one.Range.Last.Seq), one.IsVouched);
            }
        }

        foreach (var part in parts)
        {
            yield return (part.Range, true);
        }
    }
}
