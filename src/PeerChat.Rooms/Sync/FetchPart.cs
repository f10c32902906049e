using PeerChat.Primitives;

namespace PeerChat.Rooms.Sync;

/// <summary>Entries of one log that one link was asked for and has not sent yet.</summary>
internal sealed class FetchPart(int link, SeqRange range, Instant due)
{
    /// <summary>Who was asked.</summary>
    public int Link { get; } = link;

    /// <summary>The first entry that was asked for.</summary>
    public ulong First { get; } = range.From;

    /// <summary>What has not come yet; it comes from the lowest number on.</summary>
    public SeqRange Range { get; private set; } = range;

    /// <summary>When somebody else is asked.</summary>
    public Instant Due { get; private set; } = due;

    /// <summary>Whether all of it has come.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Notes that entries came over the link.</summary>
    public void Progress(ulong from, ulong to, Instant due)
    {
        if (to >= Range.To)
        {
            IsDone |= from <= Range.To;
        }
        else if (to >= Range.From)
        {
            (Range, Due) = (Range with { From = to + 1 }, due);
        }
    }
}
