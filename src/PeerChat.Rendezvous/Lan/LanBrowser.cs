using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>The asking half of discovery: a continuous query (RFC 6762 section 5.2) and the cache of its answers.</summary>
/// <remarks>
/// RFC 6762 section 7.3 would have a host drop a query that it sees another host send. Ours name the
/// asker among the known answers, so no two are alike and there is nothing to drop.
/// </remarks>
internal sealed class LanBrowser(IEntropy entropy)
{
    /// <summary>Neighbours in the cache. A large office has dozens; beyond that the list is of no use to a person.</summary>
    public const int MaxPeers = 256;

    /// <summary>Neighbours that one source address may bring, so that a single liar cannot fill the cache.</summary>
    public const int MaxPeersPerSource = 64;

    // RFC 6762 section 5.2 asks for 20-120 ms before the first query, against many devices that come up at the same
    // moment after a power cut. Ours starts because a person or a script started it; 20 ms keep apart what
    // one script starts, and a person would notice more. On loopback there is no medium to share.
    private static readonly TimeSpan MaxFirstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1); // RFC 6762 section 5.2
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMinutes(60); // RFC 6762 section 5.2
    private const double MaxJitterPercent = 2; // RFC 6762 section 5.2

    private readonly Dictionary<string, LanEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<int, BrowseSchedule> _schedules = [];
    private IReadOnlyList<LanInterface> _interfaces = [];
    private bool _isOn;
    private Instant? _deadline;
    private bool _isDeadlineKnown;

    /// <summary>New neighbours for which there was no room.</summary>
    public long OverCapacity { get; private set; }

    /// <summary>Addresses in records that do not belong to the link.</summary>
    public long OffLink { get; private set; }

    /// <summary>When <see cref="HandleDeadline"/> has something to do.</summary>
    public Instant? NextDeadline
    {
        get
        {
            // Asked for after every datagram, while the cache may hold hundreds of records.
            if (!_isDeadlineKnown)
            {
                _deadline = FindDeadline();
                _isDeadlineKnown = true;
            }

            return _deadline;
        }
    }

    /// <summary>Takes the interfaces; queries start anew on those whose addresses changed.</summary>
    public void SetInterfaces(IReadOnlyList<LanInterface> interfaces, Instant now, Queue<LanEvent> events)
    {
        var changed = interfaces
            .Where(next => !_interfaces.Any(old => old.Index == next.Index && SameAddresses(old, next)))
            .ToList();
        foreach (var gone in _interfaces.Where(old => interfaces.All(next => next.Index != old.Index)))
        {
            _schedules.Remove(gone.Index);
            foreach (var entry in _entries.Values)
            {
                entry.RemoveOn(gone.Index);
            }
        }

        _interfaces = interfaces;
        foreach (var next in changed.Where(_ => _isOn))
        {
            _schedules[next.Index] = new BrowseSchedule(FirstQueryAt(next, now));
        }

        ReportAll(now, events);
        _isDeadlineKnown = false;
    }

    /// <summary>Starts or stops asking. Stopping forgets all neighbours.</summary>
    public void Browse(bool on, Instant now, Queue<LanEvent> events)
    {
        if (on == _isOn)
        {
            return;
        }

        _isOn = on;
        _schedules.Clear();
        foreach (var each in _interfaces.Where(_ => on))
        {
            _schedules[each.Index] = new BrowseSchedule(FirstQueryAt(each, now));
        }

        foreach (var entry in _entries.Values.Where(_ => !on))
        {
            foreach (var each in _interfaces)
            {
                entry.RemoveOn(each.Index);
            }
        }

        ReportAll(now, events);
        _isDeadlineKnown = false;
    }

    /// <summary>Asks again now, but not twice within a second, and starts the back-off anew.</summary>
    public void Requery(Instant now)
    {
        _isDeadlineKnown = false;
        foreach (var schedule in _schedules.Values)
        {
            var at = schedule.LastQuery is { } last ? Instant.Max(now, last + FirstInterval) : now;
            schedule.NextQuery = Instant.Min(schedule.NextQuery, at);
            schedule.Queries = 0;
        }
    }

    /// <summary>Takes a response in.</summary>
    public void HandleResponse(
        Instant now,
        LanInterface onInterface,
        TransportAddress remote,
        DnsMessage message,
        string? ownInstanceId,
        Queue<LanEvent> events
    )
    {
        if (!_isOn)
        {
            return;
        }

        var source = remote.WithPort(0);
        var touched = new HashSet<LanEntry>();
        foreach (var record in message.Answers.Concat(message.Additionals))
        {
            var isPointer = record.Type == DnsType.Ptr && record.Name.Equals(ServiceName.PeerChat);
            var named = isPointer ? record.Target! : record.Name;
            if (
                (isPointer || record.Type is DnsType.Srv or DnsType.Txt)
                && ServiceName.InstanceIdOf(named) is { } id
                && !string.Equals(id, ownInstanceId, StringComparison.Ordinal)
                && EntryFor(id, source, mayAdd: record.Ttl > 0) is { } entry
            )
            {
                touched.Add(entry);
                Take(now, onInterface, entry, record);
            }
        }

        // Addresses last: they belong to hosts that SRV records of the same message may have named.
        foreach (var record in message.Answers.Concat(message.Additionals))
        {
            if (record.Type is DnsType.A or DnsType.Aaaa)
            {
                TakeAddress(now, onInterface, record, touched);
            }
        }

        foreach (var entry in touched)
        {
            entry.On(onInterface.Index)?.Settle(now);
            Report(now, entry, events);
            // Perhaps earlier than the true one, which only costs a look; the whole cache is not searched each time.
            _deadline = Instant.Earliest(NextDeadline, entry.NextDeadline);
        }
    }

    /// <summary>Sends the queries that are due, and forgets what has run out.</summary>
    public void HandleDeadline(
        Instant now,
        DnsRecord? ownPointer,
        Queue<MulticastDatagram> outbox,
        Queue<LanEvent> events
    )
    {
        if (NextDeadline is not { } due || due > now)
        {
            return;
        }

        foreach (var entry in _entries.Values.Where(entry => entry.NextDeadline <= now).ToList())
        {
            if (entry.Expire(now))
            {
                // It crashed, or the link lost all our questions; in the latter case it answers the next.
                Requery(now);
            }

            Report(now, entry, events);
        }

        foreach (var each in _interfaces.Where(_ => _isOn))
        {
            var questions = new HashSet<DnsQuestion>();
            if (_schedules.TryGetValue(each.Index, out var schedule) && schedule.NextQuery <= now)
            {
                // QU on the first: who has told everybody within the last second may not repeat it to all,
                // but may tell us alone, so that the second process of a script need not wait.
                questions.Add(
                    new DnsQuestion(ServiceName.PeerChat, DnsType.Ptr, UnicastResponse: schedule.Queries == 0)
                );
                schedule.Advance(now, FirstInterval, MaxInterval);
            }

            foreach (var sighting in SightingsOn(each).Where(s => s.NextDeadline <= now))
            {
                sighting.CollectQuestions(now, questions);
            }

            if (questions.Count > 0)
            {
                var isBrowse = questions.Any(q => q.Type == DnsType.Ptr);
                DnsRecord[] known = isBrowse ? [.. KnownAnswers(now, each, ownPointer)] : [];
                LanPackets.Send(outbox, each, LanPackets.Queries(questions, known));
            }
        }

        _isDeadlineKnown = false;
    }

    private static bool SameAddresses(LanInterface left, LanInterface right) =>
        left.Addresses.Select(a => a.Address).SequenceEqual(right.Addresses.Select(a => a.Address));

    private Instant? FindDeadline()
    {
        Instant? at = null;
        foreach (var schedule in _schedules.Values)
        {
            at = Instant.Earliest(at, schedule.NextQuery);
        }

        foreach (var entry in _entries.Values)
        {
            at = Instant.Earliest(at, entry.NextDeadline);
        }

        return at;
    }

    private Instant FirstQueryAt(LanInterface on, Instant now) =>
        on.IsLoopback ? now : now + entropy.NextTimeSpan(TimeSpan.Zero, MaxFirstDelay);

    private IEnumerable<LanSighting> SightingsOn(LanInterface on) =>
        _entries.Values.Select(entry => entry.On(on.Index)).OfType<LanSighting>();

    /// <summary>Whom we know, so that they keep quiet; and ourselves, since our own query comes back to us.</summary>
    private IEnumerable<DnsRecord> KnownAnswers(Instant now, LanInterface on, DnsRecord? ownPointer)
    {
        var others = SightingsOn(on).Select(sighting => sighting.KnownAnswer(now)).OfType<DnsRecord>();
        return ownPointer is null ? others : others.Prepend(ownPointer);
    }

    private LanEntry? EntryFor(string instanceId, TransportAddress source, bool mayAdd)
    {
        if (_entries.TryGetValue(instanceId, out var entry) || !mayAdd)
        {
            return entry;
        }

        if (_entries.Values.Count(other => other.Source == source) >= MaxPeersPerSource)
        {
            OverCapacity++;
            return null;
        }

        if (_entries.Count >= MaxPeers)
        {
            OverCapacity++;
            if (_entries.Values.FirstOrDefault(other => other.IsUnreported) is not { } incomplete)
            {
                return null;
            }

            _entries.Remove(incomplete.InstanceId);
        }

        entry = new LanEntry(instanceId, source);
        _entries.Add(instanceId, entry);
        return entry;
    }

    private void Take(Instant now, LanInterface onInterface, LanEntry entry, DnsRecord record)
    {
        var sighting = entry.On(onInterface.Index);
        if (sighting is null)
        {
            if (record.Ttl == 0)
            {
                return;
            }

            var jitter = entropy.NextUInt32() / (double)uint.MaxValue * MaxJitterPercent;
            sighting = new LanSighting(onInterface, ServiceName.Instance(entry.InstanceId), jitter);
            entry.Add(sighting);
        }

        switch (record.Type)
        {
            case DnsType.Ptr:
                sighting.TakePointer(now, record);
                break;
            case DnsType.Srv:
                sighting.TakeService(now, record);
                break;
            default:
                sighting.TakeText(now, record, entry.InstanceId);
                break;
        }
    }

    private void TakeAddress(
        Instant now,
        LanInterface onInterface,
        DnsRecord record,
        HashSet<LanEntry> touched
    )
    {
        // Otherwise a neighbour could have us send offers to any host of the internet.
        if (!onInterface.IsOnLink(TransportAddress.FromBytes(record.Data.Span, 0)))
        {
            OffLink++;
            return;
        }

        // Mostly it belongs to a neighbour of the same message; a host's name is random and names no second one.
        var owner =
            touched.FirstOrDefault(entry => TryTake(entry))
            ?? _entries.Values.FirstOrDefault(entry => TryTake(entry));
        if (owner is not null)
        {
            touched.Add(owner);
        }

        bool TryTake(LanEntry entry) => entry.On(onInterface.Index)?.TakeAddress(now, record) == true;
    }

    private void ReportAll(Instant now, Queue<LanEvent> events)
    {
        foreach (var entry in _entries.Values.ToList())
        {
            Report(now, entry, events);
        }
    }

    private void Report(Instant now, LanEntry entry, Queue<LanEvent> events)
    {
        if (entry.Report(now) is { } report)
        {
            events.Enqueue(report);
        }

        if (entry.Sightings.Count == 0)
        {
            _entries.Remove(entry.InstanceId);
        }
    }
}
