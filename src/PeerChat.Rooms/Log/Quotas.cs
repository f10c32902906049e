using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Log;

/// <summary>Counts what others make this machine keep of a room, person by person, and says when it is enough (crypto.md section 3: not yet).</summary>
/// <remarks>
/// Content counts; control entries have a limit of their own. A person is all authors that its identity certified. The sums are kept as
/// statements; what was stored by a version that did not count is taken for <see cref="UncountedBytes"/> an entry.
/// </remarks>
internal sealed class Quotas(RoomState room)
{
    /// <summary>Bytes that an entry is taken for which nobody counted: a short message with its header.</summary>
    public const int UncountedBytes = 512;

    private readonly Dictionary<AuthorId, long> _bytes = [];
    private readonly HashSet<AuthorId> _unsaved = [];
    private readonly Dictionary<PeerId, Person> _people = [];
    private readonly HashSet<(PeerId, QuotaKind)> _told = [];
    private long _total;

    /// <summary>The limits.</summary>
    public RoomQuota Limits { get; set; } = new();

    /// <summary>Whether anybody is not asked for more at the moment, so that what others cite may not come.</summary>
    public bool HoldsBack { get; private set; }

    /// <summary>When those who are held back are looked at again.</summary>
    public Instant? NextDeadline { get; private set; }

    /// <summary>Takes up what was counted before.</summary>
    public void Restore()
    {
        foreach (var stored in room.Store.ReadStatements(room.Id, StatementKind.Usage))
        {
            _bytes[stored.Author] = (long)stored.Counter;
        }

        foreach (var author in room.Authors.All.Where(one => !room.IsOwn(one)))
        {
            _bytes.TryAdd(author.Id, (long)author.HeadSeq * UncountedBytes);
            _total += _bytes[author.Id];
        }
    }

    /// <summary>Whether a content entry may be kept; what it would break otherwise.</summary>
    public QuotaKind? Check(AuthorLog author, EntryHeader header, int size, Instant now, WallTime wall)
    {
        if (header.Kind != EntryKind.Content || room.IsOwn(author) || PersonOf(author, now) is not { } person)
        {
            return null;
        }

        var broken =
            person.Bytes + size > Limits.PersonBytes ? QuotaKind.PersonBytes
            : person.Entries >= Limits.PersonEntries ? QuotaKind.PersonEntries
            : _total + size > Limits.RoomBytes ? QuotaKind.RoomBytes
            : wall - HybridClock.ToWall(header.Clock) < RoomQuota.HistoryAge && !person.Rate.TryTake(now)
                ? QuotaKind.PersonRate
            : (QuotaKind?)null;
        if (broken is { } kind)
        {
            person.HeldBackUntil =
                now + (kind == QuotaKind.PersonRate ? RoomQuota.Pause : RoomQuota.FullPause);
            (HoldsBack, NextDeadline) = (true, Instant.Earliest(NextDeadline, person.HeldBackUntil));
            if (_told.Add((author.Profile!.Identity.PeerId, kind)))
            {
                room.Emit(
                    new RoomEvent.QuotaReached(author.Profile.Identity.PeerId, author.Profile.Name, kind)
                );
            }
        }

        return broken;
    }

    /// <summary>Whether so much more of a person's content, and of the room's, would still be within the limits.</summary>
    public bool HasRoomFor(AuthorLog author, long bytes, long entries, long ofAll, Instant now) =>
        room.IsOwn(author)
        || PersonOf(author, now) is not { } person
        || (
            person.Bytes + bytes <= Limits.PersonBytes
            && person.Entries + entries <= Limits.PersonEntries
            && _total + ofAll <= Limits.RoomBytes
        );

    /// <summary>Whether nothing more is to be asked of an author's log for now.</summary>
    public bool IsHeldBack(AuthorLog author, Instant now) =>
        HoldsBack
        && author.Profile is { } profile
        && _people.TryGetValue(profile.Identity.PeerId, out var person)
        && person.HeldBackUntil > now;

    /// <summary>Looks again at those who are held back; says whose logs may be asked for anew.</summary>
    public IReadOnlyList<AuthorId> HandleDeadline(Instant now)
    {
        if (NextDeadline > now || NextDeadline is null)
        {
            return [];
        }

        var free = _people
            .Where(pair => pair.Value.HeldBackUntil <= now)
            .Select(pair => pair.Key)
            .ToHashSet();
        NextDeadline = null;
        HoldsBack = false;
        foreach (var (id, person) in _people)
        {
            if (free.Contains(id))
            {
                person.HeldBackUntil = null;
            }
            else if (person.HeldBackUntil is { } until)
            {
                (HoldsBack, NextDeadline) = (true, Instant.Earliest(NextDeadline, until));
            }
        }

        return
        [
            .. room
                .Authors.All.Where(one =>
                    one.Profile is { } profile && free.Contains(profile.Identity.PeerId)
                )
                .Select(one => one.Id),
        ];
    }

    /// <summary>Counts what was kept, or with a negative size what was deleted.</summary>
    public void Add(AuthorLog author, int entries, long size)
    {
        if (room.IsOwn(author))
        {
            return;
        }

        _bytes[author.Id] = Math.Max(0, _bytes.GetValueOrDefault(author.Id) + size);
        _total = Math.Max(0, _total + size);
        _unsaved.Add(author.Id);
        if (author.Profile is { } profile && _people.TryGetValue(profile.Identity.PeerId, out var person))
        {
            person.Entries += entries;
            person.Bytes = Math.Max(0, person.Bytes + size);
        }
    }

    /// <summary>Writes what was counted since.</summary>
    public void Save()
    {
        foreach (var author in _unsaved)
        {
            room.Store.WriteStatement(room.Id, StatementKind.Usage, author, (ulong)_bytes[author], default);
        }

        _unsaved.Clear();
    }

    /// <summary>Who is behind an author is known now, or another one: people are summed up anew.</summary>
    public void Forget(PeerId person)
    {
        if (_people.TryGetValue(person, out var known) && known.HeldBackUntil is null)
        {
            _people.Remove(person);
        }
    }

    private Person? PersonOf(AuthorLog author, Instant now)
    {
        if (author.Profile is not { } profile)
        {
            return null;
        }

        var id = profile.Identity.PeerId;
        if (!_people.TryGetValue(id, out var person))
        {
            person = new Person(
                new TokenBucket(now, Limits.PersonBurst, TimeSpan.FromSeconds(1.0 / RoomQuota.PersonRate))
            );
            foreach (var one in room.Authors.All.Where(one => one.Profile?.Identity.PeerId == id))
            {
                person.Entries += (long)one.HeadSeq;
                person.Bytes += _bytes.GetValueOrDefault(one.Id);
            }

            _people.Add(id, person);
        }

        return person;
    }

    private sealed class Person(TokenBucket rate)
    {
        public TokenBucket Rate { get; } = rate;

        public long Bytes { get; set; }

        public long Entries { get; set; }

        public Instant? HeldBackUntil { get; set; }
    }
}
