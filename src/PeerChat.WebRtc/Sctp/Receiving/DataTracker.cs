using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Knows which TSNs have come: the cumulative TSN ack, the gaps, the duplicates (RFC 9260 section 6.2).</summary>
/// <param name="initialTsn">The peer's first TSN.</param>
/// <param name="maxAhead">How far beyond the cumulative TSN ack a TSN may be.</param>
internal sealed class DataTracker(Tsn initialTsn, int maxAhead)
{
    /// <summary>Duplicates that one SACK reports; more tell the sender nothing new (guess; others do the same).</summary>
    public const int MaxDuplicates = 20;

    /// <summary>Gap ack blocks in one SACK; the first ones matter, and DATA wants the room (guess; others do the same).</summary>
    public const int MaxGapAckBlocks = 20;

    private readonly TsnBitmap _received = new();
    private readonly List<Tsn> _duplicates = new(MaxDuplicates);
    private readonly int _maxAhead = Math.Min(maxAhead, TsnBitmap.Capacity);
    private Tsn _highest = initialTsn.Previous;

    /// <summary>The last TSN before the first gap.</summary>
    public Tsn CumulativeTsnAck { get; private set; } = initialTsn.Previous;

    /// <summary>Whether TSNs are missing below one that has come.</summary>
    public bool HasGaps => _highest.IsAfter(CumulativeTsnAck);

    /// <summary>TSNs that came again since the last SACK.</summary>
    public int DuplicateCount => _duplicates.Count;

    /// <summary>What a TSN is to the receiver, before it is taken.</summary>
    public TsnStanding StandingOf(Tsn tsn)
    {
        var distance = tsn.DistanceFrom(CumulativeTsnAck);
        if (distance <= 0)
        {
            return TsnStanding.Duplicate;
        }

        if (distance > _maxAhead)
        {
            return TsnStanding.TooFarAhead;
        }

        return _received.Contains(tsn) ? TsnStanding.Duplicate
            : distance == 1 ? TsnStanding.Next
            : TsnStanding.Ahead;
    }

    /// <summary>Notes a TSN that is new.</summary>
    public void Add(Tsn tsn)
    {
        _received.Add(tsn);
        _highest = tsn.IsAfter(_highest) ? tsn : _highest;
        AdvanceOverReceived();
    }

    /// <summary>Moves the cumulative TSN ack to where the peer says that nothing will come before (RFC 3758 section 3.6).</summary>
    /// <returns>How far it lies ahead; zero or less when that is old, and nothing moved when it is too far.</returns>
    public int Forward(Tsn tsn, out bool isTooFar)
    {
        var distance = tsn.DistanceFrom(CumulativeTsnAck);
        isTooFar = distance > _maxAhead;
        if (distance <= 0 || isTooFar)
        {
            return distance;
        }

        for (var passed = CumulativeTsnAck.Next; !passed.IsAfter(tsn); passed = passed.Next)
        {
            _received.Remove(passed);
        }

        CumulativeTsnAck = tsn;
        _highest = tsn.IsAfter(_highest) ? tsn : _highest;
        AdvanceOverReceived();
        return distance;
    }

    /// <summary>Notes a TSN that came again; those beyond the limit are forgotten.</summary>
    public void AddDuplicate(Tsn tsn)
    {
        if (_duplicates.Count < MaxDuplicates)
        {
            _duplicates.Add(tsn);
        }
    }

    /// <summary>Fills in the runs of TSNs beyond the first gap; returns how many.</summary>
    public int GetGapAckBlocks(Span<GapAckBlock> blocks)
    {
        var count = 0;
        var limit = _highest.DistanceFrom(CumulativeTsnAck);
        var start = _received.Find(CumulativeTsnAck, 1, limit, value: true);
        while (start <= limit && count < blocks.Length)
        {
            var end = _received.Find(CumulativeTsnAck, start, limit, value: false);
            blocks[count++] = new GapAckBlock((ushort)start, (ushort)(end - 1));
            start = _received.Find(CumulativeTsnAck, end, limit, value: true);
        }

        return count;
    }

    /// <summary>Takes the duplicates, for one SACK; returns how many.</summary>
    public int TakeDuplicates(Span<Tsn> duplicates)
    {
        var count = Math.Min(duplicates.Length, _duplicates.Count);
        for (var i = 0; i < count; i++)
        {
            duplicates[i] = _duplicates[i];
        }

        _duplicates.Clear();
        return count;
    }

    private void AdvanceOverReceived()
    {
        while (_received.Contains(CumulativeTsnAck.Next))
        {
            CumulativeTsnAck = CumulativeTsnAck.Next;
            _received.Remove(CumulativeTsnAck);
        }
    }
}
