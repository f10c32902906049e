using PeerChat.Primitives;

namespace PeerChat.Rooms.Sync;

/// <summary>The search for one author's missing entries: parts of them are asked of one link each.</summary>
internal sealed class Fetch(ulong head, ulong goal, Instant graceUntil)
{
    private ulong _graceFrom = head + 1;
    private Instant _graceUntil = graceUntil;

    /// <summary>Links that were asked in vain since the last progress.</summary>
    public HashSet<int> Tried { get; } = [];

    /// <summary>What was asked for and is awaited.</summary>
    public List<FetchPart> Parts { get; } = [];

    /// <summary>The log's head when progress was last seen.</summary>
    public ulong Head { get; set; } = head;

    /// <summary>The last seq that anybody who is linked has.</summary>
    public ulong Goal { get; private set; } = goal;

    /// <summary>Until when nobody is asked, as everybody was asked in vain.</summary>
    public Instant? PausedUntil { get; set; }

    /// <summary>Whether the newest page was asked for, ahead of what lies before it.</summary>
    public bool HasPage { get; set; }

    /// <summary>Whether the first page of what is missing was asked for, beside the newest.</summary>
    public bool HasBeginning { get; set; }

    /// <summary>Whether what is missing is asked for from its end.</summary>
    public bool IsNewestFirst { get; set; }

    /// <summary>Whether it is not to be asked for so any more.</summary>
    public bool IsOldestFirst { get; set; }

    /// <summary>When somebody may have to be asked.</summary>
    public Instant? WakeAt { get; private set; }

    /// <summary>How far others may be asked now; what comes after it may be on its way from its author.</summary>
    public ulong LimitAt(Instant now) => now >= _graceUntil ? Goal : Math.Min(Goal, _graceFrom - 1);

    /// <summary>Takes in that somebody has more, or that nobody has as much any more.</summary>
    public void Aim(ulong goal, Instant now, TimeSpan grace)
    {
        if (goal > Goal)
        {
            _graceFrom = _graceUntil <= now ? Goal + 1 : _graceFrom;
            _graceUntil = now + grace;
        }

        Goal = goal;
    }

    /// <summary>Settles when it is looked at next.</summary>
    public void SetWake(Instant now)
    {
        WakeAt = PausedUntil;
        if (_graceUntil > now && _graceFrom <= Goal)
        {
            WakeAt = Instant.Earliest(WakeAt, _graceUntil);
        }

        foreach (var part in Parts)
        {
            WakeAt = Instant.Earliest(WakeAt, part.Due);
        }
    }

    /// <summary>Has it looked at as soon as there is time.</summary>
    public void Wake(Instant now) => WakeAt = now;
}
