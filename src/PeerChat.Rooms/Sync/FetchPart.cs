using PeerChat.Primitives;

namespace PeerChat.Rooms.Sync;

/// <summary>Entries of one log that one link was asked for and has not sent yet.</summary>
internal sealed class FetchPart(int link, SeqRange range, bool newestFirst, bool openEnd, Instant due)
{
    /// <summary>Who was asked.</summary>
    public int Link { get; } = link;

    /// <summary>The first entry that was asked for.</summary>
    public ulong First { get; } = range.From;

    /// <summary>The last.</summary>
    public ulong Last { get; } = range.To;

    /// <summary>What has not come yet; it comes from the lowest number on, or from the highest where it was asked for so.</summary>
    public SeqRange Range { get; private set; } = range;

    /// <summary>When somebody else is asked.</summary>
    public Instant Due { get; private set; } = due;

    /// <summary>Whether all of it has come.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether a frame without a signature may end at a seq: where something behind it is here, asked for, or has just been sent.</summary>
    public bool MayEndUnsigned(ulong seq) =>
        newestFirst && seq >= Range.From && (seq < Last || (openEnd && seq == Last));

    /// <summary>Notes that entries came over the link.</summary>
    public void Progress(ulong from, ulong to, Instant due)
    {
        if (newestFirst)
        {
            if (from <= Range.From)
            {
                IsDone |= to >= Range.From;
            }
            else if (from <= Range.To)
            {
                (Range, Due) = (Range with { To = from - 1 }, due);
            }
        }
        else if (to >= Range.To)
        {
            IsDone |= from <= Range.To;
        }
        else if (to >= Range.From)
        {
            (Range, Due) = (Range with { From = to + 1 }, due);
        }
    }
}
