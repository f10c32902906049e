using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>The answering half of discovery on one interface and one address family.</summary>
internal sealed class ResponderLink(LanInterface onInterface, bool ipv6, HiddenHosts hidden, IEntropy entropy)
{
    // RFC 6762 section 8.3: at least two, a second apart, then doubling; the third helps on lossy Wi-Fi.
    private const int Announcements = 3;

    // Replies to single hosts that wait at once. Where more start at one moment, a reply to each by each would be a
    // storm, and what all of them get when the second is over serves as well. A guess.
    private const int MaxReplies = 8;

    private static readonly TimeSpan AnnouncementInterval = TimeSpan.FromSeconds(1); // RFC 6762 section 8.3
    private static readonly TimeSpan MulticastInterval = TimeSpan.FromSeconds(1); // RFC 6762 section 6
    private static readonly TimeSpan ProbedInterval = TimeSpan.FromMilliseconds(250); // RFC 6762 section 6

    // The second protects a medium that others share; loopback is none, and two processes of one script meet there.
    private static readonly TimeSpan LoopbackInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MinSharedDelay = TimeSpan.FromMilliseconds(20); // RFC 6762 section 6
    private static readonly TimeSpan MaxSharedDelay = TimeSpan.FromMilliseconds(120); // RFC 6762 section 6
    private static readonly TimeSpan MinTruncatedDelay = TimeSpan.FromMilliseconds(400); // RFC 6762 section 7.2
    private static readonly TimeSpan MaxTruncatedDelay = TimeSpan.FromMilliseconds(500); // RFC 6762 section 7.2

    private readonly List<(DnsRecord Record, Instant At)> _recent = [];
    private readonly List<PendingAnswer> _answers = [];
    private readonly List<PendingReply> _replies = [];
    private LanRecordSet? _records;
    private Instant? _nextAnnouncement;
    private Instant? _lastAnnouncement;
    private int _announced;

    /// <summary>The interface.</summary>
    public LanInterface Interface => onInterface;

    /// <summary>Whether this is the IPv6 side.</summary>
    public bool IsIPv6 => ipv6;

    /// <summary>When <see cref="HandleDeadline"/> has something to do.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var at = _nextAnnouncement;
            foreach (var answer in _answers)
            {
                at = Instant.Earliest(at, answer.Due);
            }

            foreach (var reply in _replies)
            {
                at = Instant.Earliest(at, reply.Due);
            }

            return at;
        }
    }

    /// <summary>Owns these records from now on, and announces them.</summary>
    /// <remarks>
    /// RFC 6762 section 8.1 has a host probe for its unique names for 750 ms first. Ours hold 128 random bits
    /// each; that two processes ever draw the same is less likely than that the probes are all lost.
    /// </remarks>
    public void Publish(LanRecordSet records, Instant now)
    {
        _records = records;
        _answers.Clear();
        _replies.Clear();
        _announced = 0;
        _nextAnnouncement = _lastAnnouncement is { } last
            ? Instant.Max(now, last + AnnouncementInterval)
            : now;
    }

    /// <summary>Withdraws all records at once (RFC 6762 section 10.1).</summary>
    public void Withdraw(Queue<MulticastDatagram> outbox)
    {
        // Other hosts' instances still hang on the service's name in the list of services.
        var own = _records?.All.Where(record => !record.Name.Equals(ServiceName.AllServices)) ?? [];
        // Also when a change was published a moment ago and has not been announced: the former records are known.
        if (_records is not null && _lastAnnouncement is not null)
        {
            Multicast(LanPackets.Responses(own.Select(r => r.With(ttl: 0, r.CacheFlush)), []), outbox);
        }

        _records = null;
        _answers.Clear();
        _replies.Clear();
        _nextAnnouncement = null;
    }

    /// <summary>Takes a query in, and plans the answers.</summary>
    public void HandleQuery(Instant now, TransportAddress remote, DnsMessage query)
    {
        if (query.Questions.Count == 0)
        {
            // RFC 6762 section 7.2: the rest of what an asker knows.
            _answers.RemoveAll(a => a.OnlyFor == remote && IsKnown(a.Record, query.Answers));
            return;
        }

        var isLegacy = remote.Port != MulticastDatagram.Port;
        var gap =
            onInterface.IsLoopback ? LoopbackInterval
            : query.Authorities.Count > 0 ? ProbedInterval
            : MulticastInterval;
        var delay = DelayFor(query);
        var reply = new List<DnsRecord>();
        foreach (var question in query.Questions)
        {
            foreach (var answer in Answer(question).Where(a => !IsKnown(a, query.Answers)))
            {
                var earliest = EarliestMulticast(answer, gap);
                // RFC 6762 section 5.4: a QU question may be answered to one host or to all. Of several processes that
                // share port 5353 only one gets what goes to a single host, so all is better; if all
                // have been told just now, the one host is told at once, and all when the second is over.
                if (isLegacy || (question.UnicastResponse && earliest > now))
                {
                    reply.Add(answer);
                }

                if (!isLegacy)
                {
                    Plan(new PendingAnswer(answer, Instant.Max(now + delay, earliest), remote));
                }
            }
        }

        if (reply.Count > 0 && _replies.Count < MaxReplies)
        {
            _replies.Add(new PendingReply(now + delay, remote, query, reply));
        }
    }

    /// <summary>Drops planned answers that another host has just given (RFC 6762 section 7.4).</summary>
    public void HandleResponse(DnsMessage response) =>
        _answers.RemoveAll(a =>
            LanRecordSet.IsShared(a.Record)
            && response.Answers.Exists(r => r.SaysTheSameAs(a.Record) && r.Ttl >= a.Record.Ttl)
        );

    /// <summary>Sends what is due.</summary>
    public void HandleDeadline(Instant now, Queue<MulticastDatagram> outbox)
    {
        _recent.RemoveAll(r => now - r.At > MulticastInterval);
        if (_nextAnnouncement <= now)
        {
            _announced++;
            _lastAnnouncement = now;
            var wait = AnnouncementInterval * (1 << (_announced - 1));
            _nextAnnouncement = _announced < Announcements ? now + wait : null;
            MulticastRecords(now, [.. _records!.All], outbox);
        }

        var due = _answers.Where(a => a.Due <= now).Select(a => a.Record).ToList();
        if (due.Count > 0)
        {
            MulticastRecords(now, due, outbox);
        }

        foreach (var reply in _replies.Where(r => r.Due <= now))
        {
            Send(reply, outbox);
        }

        _replies.RemoveAll(r => r.Due <= now);
    }

    private static bool IsKnown(DnsRecord own, List<DnsRecord> known) =>
        // RFC 6762 section 7.1: only if at least half of its life is left over there.
        known.Exists(k => k.SaysTheSameAs(own) && k.Ttl >= own.Ttl / 2);

    private IEnumerable<DnsRecord> Answer(DnsQuestion question) =>
        (_records?.Answer(question) ?? []).Concat(hidden.Answer(question, onInterface));

    private IEnumerable<DnsRecord> AdditionalTo(IReadOnlyCollection<DnsRecord> answers) =>
        _records?.AdditionalTo(answers) ?? [];

    private TimeSpan DelayFor(DnsMessage query)
    {
        if (query.IsTruncated)
        {
            return entropy.NextTimeSpan(MinTruncatedDelay, MaxTruncatedDelay);
        }

        var isShared = query.Questions.Exists(q => Answer(q).Any(LanRecordSet.IsShared));
        return isShared && !onInterface.IsLoopback
            ? entropy.NextTimeSpan(MinSharedDelay, MaxSharedDelay)
            : TimeSpan.Zero;
    }

    private Instant EarliestMulticast(DnsRecord record, TimeSpan gap)
    {
        var last = _recent.FindLastIndex(r => r.Record.SaysTheSameAs(record));
        return last < 0 ? Instant.Origin : _recent[last].At + gap;
    }

    private void Plan(PendingAnswer next)
    {
        var planned = _answers.FindIndex(a => a.Record.SaysTheSameAs(next.Record));
        if (planned < 0)
        {
            _answers.Add(next);
            return;
        }

        var old = _answers[planned];
        _answers[planned] = new PendingAnswer(
            old.Record,
            Instant.Min(old.Due, next.Due),
            old.OnlyFor == next.OnlyFor ? old.OnlyFor : null
        );
    }

    /// <summary>Multicasts records with what is asked next.</summary>
    /// <remarks>
    /// The additional records are not held to one multicast a second of their own: they go with an answer
    /// that is, and without them a newcomer would have to ask once more.
    /// </remarks>
    private void MulticastRecords(Instant now, List<DnsRecord> records, Queue<MulticastDatagram> outbox)
    {
        var written = new List<DnsRecord>();
        Multicast(LanPackets.Responses(records, AdditionalTo(records), written), outbox);
        _recent.RemoveAll(r => written.Exists(r.Record.SaysTheSameAs));
        _recent.AddRange(written.Select(record => (record, now)));
        _answers.RemoveAll(a => written.Exists(a.Record.SaysTheSameAs));
    }

    private void Multicast(List<byte[]> messages, Queue<MulticastDatagram> outbox)
    {
        foreach (var message in messages)
        {
            outbox.Enqueue(new MulticastDatagram(onInterface.Index, LanPackets.GroupOf(ipv6), message));
        }
    }

    private void Send(PendingReply reply, Queue<MulticastDatagram> outbox)
    {
        var extra = AdditionalTo(reply.Answers);
        var messages =
            reply.Remote.Port == MulticastDatagram.Port
                ? LanPackets.Responses(reply.Answers, extra)
                : [LanPackets.LegacyResponse(reply.Query.Id, reply.Query.Questions, reply.Answers, extra)];
        foreach (var message in messages)
        {
            outbox.Enqueue(new MulticastDatagram(onInterface.Index, reply.Remote, message));
        }
    }
}
