using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms.Log;

/// <summary>Ranges that cannot be judged yet: bounded, in memory, and never acknowledged (crypto.md section 3).</summary>
internal sealed class HoldingArea
{
    /// <summary>Ranges held at once; what is pushed out is asked for again. A guess: eight links with eight each.</summary>
    public const int MaxRanges = 64;

    /// <summary>Bytes held at once, over all ranges: 32 full frames.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>
    /// How long a missing head keeps its entry waiting in a room where somebody forked. The head may lie on the other branch, which
    /// nobody passes on any more; without a limit one forked author would silence all who had cited it. A guess: longer than one
    /// round of asking every link.
    /// </summary>
    public static readonly TimeSpan ForkPatience = TimeSpan.FromSeconds(10);

    private readonly List<HeldRange> _ranges = [];

    /// <summary>All that is held, oldest first.</summary>
    public IReadOnlyList<HeldRange> All => _ranges;

    /// <summary>When time alone may let something in.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var held in _ranges)
            {
                earliest = Instant.Earliest(earliest, held.RetryAt);
            }

            return earliest;
        }
    }

    /// <summary>Holds a range; the oldest make room for it.</summary>
    public void Add(HeldRange held)
    {
        _ranges.RemoveAll(r => r.Range.Author == held.Range.Author && r.Range.Last.Id == held.Range.Last.Id);
        _ranges.Add(held);
        while (_ranges.Count > MaxRanges || _ranges.Sum(r => r.Range.Size) > MaxBytes)
        {
            _ranges.RemoveAt(0);
        }
    }

    /// <summary>Lets a range go.</summary>
    public void Remove(HeldRange held) => _ranges.Remove(held);

    /// <summary>Lets go of what waits for somebody to vouch for it.</summary>
    public void RemoveUnvouched(AuthorId author) =>
        _ranges.RemoveAll(held => held.Range.Author == author && held.Outcome == IntakeOutcome.Unvouched);

    /// <summary>Puts a range back with what it waits for now; it keeps its age.</summary>
    public void Replace(HeldRange held, HeldRange by)
    {
        var at = _ranges.IndexOf(held);
        if (at >= 0)
        {
            _ranges[at] = by;
        }
    }

    /// <summary>The first entries held of an author that something vouches for and that reach to a seq or beyond it; null when nothing does.</summary>
    public SeqRange? NextHeld(AuthorId author, ulong from)
    {
        SeqRange? first = null;
        foreach (var held in _ranges)
        {
            var range = held.Range;
            if (
                range.Author == author
                && held.IsVouched
                && range.Last.Seq >= from
                && (first is not { } other || range.First.Seq < other.From)
            )
            {
                first = new SeqRange(range.First.Seq, range.Last.Seq);
            }
        }

        return first;
    }
}
