using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>What one interface has told about one neighbour: its records with their lifetimes, and what is missing.</summary>
internal sealed class LanSighting(LanInterface onInterface, DnsName instance, double jitterPercent)
{
    // One per socket port; more than a handful is nonsense. A guess.
    private const int MaxHosts = 4;

    // Three questions, 0, 1 and 3 seconds after, and time for the last answer. A guess.
    private static readonly TimeSpan ResolvePatience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan FirstResolveInterval = TimeSpan.FromSeconds(1); // RFC 6762 section 5.2

    private readonly List<LanHost> _hosts = [];
    private RecordLifetime? _pointer;
    private RecordLifetime? _text;
    private Instant? _nextResolve;
    private Instant? _giveUp;
    private TimeSpan _resolveInterval;

    /// <summary>The interface.</summary>
    public LanInterface Interface => onInterface;

    /// <summary>The strings; null until they have come.</summary>
    public LanTxt? Text { get; private set; }

    /// <summary>Whether strings, port and an address are known.</summary>
    public bool IsComplete => Text is not null && _hosts.Exists(host => host.HasAddress);

    /// <summary>Where the neighbour takes signals.</summary>
    public IEnumerable<TransportAddress> Addresses => _hosts.SelectMany(host => host.Addresses);

    /// <summary>Whether something it lived on was withdrawn or has run out, so that it is to be forgotten.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the neighbour itself said that it leaves.</summary>
    public bool SaidGoodbye => _pointer?.IsWithdrawn == true;

    /// <summary>When <see cref="Expire"/> or <see cref="CollectQuestions"/> has something to do.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var at = Instant.Earliest(_nextResolve, _giveUp);
            at = Instant.Earliest(at, _pointer?.NextDeadline);
            at = Instant.Earliest(at, _text?.NextDeadline);
            foreach (var host in _hosts)
            {
                at = Instant.Earliest(at, host.NextDeadline);
            }

            return at;
        }
    }

    /// <summary>Takes the record that leads to this instance in.</summary>
    public void TakePointer(Instant now, DnsRecord record) =>
        _pointer = new RecordLifetime(now, record.Ttl, LanRecordSet.OtherTtl, jitterPercent);

    /// <summary>Takes the strings in; those that are not of our version, or of another instance, do not count.</summary>
    public void TakeText(Instant now, DnsRecord record, string instanceId)
    {
        if (record.Ttl == 0)
        {
            _text?.Withdraw(now);
        }
        else if (
            LanTxt.TryParse(record.Data.Span, out var text)
            && string.Equals(text.InstanceId, instanceId, StringComparison.Ordinal)
        )
        {
            Text = text;
            _text = new RecordLifetime(now, record.Ttl, LanRecordSet.OtherTtl, jitterPercent);
        }
    }

    /// <summary>Takes a host and port in.</summary>
    public void TakeService(Instant now, DnsRecord record)
    {
        if (record.CacheFlush)
        {
            foreach (var old in _hosts.Where(host => host.Lifetime.IsOlderThanFlush(now)))
            {
                old.Lifetime.Withdraw(now);
            }
        }

        var known = _hosts.Find(host => host.Port == record.Port && host.Name.Equals(record.Target));
        var lifetime = new RecordLifetime(now, record.Ttl, LanRecordSet.HostTtl, jitterPercent);
        if (known is not null)
        {
            known.Lifetime = lifetime;
        }
        else if (record.Ttl > 0 && record.Port != 0 && _hosts.Count < MaxHosts)
        {
            _hosts.Add(new LanHost(record.Target!, record.Port, lifetime));
        }
    }

    /// <summary>Takes an address in, if it is of a host that this instance names; returns whether it was.</summary>
    public bool TakeAddress(Instant now, DnsRecord record)
    {
        var taken = false;
        foreach (var host in _hosts.Where(host => host.Name.Equals(record.Name)))
        {
            host.TakeAddress(now, record, onInterface.Index, jitterPercent);
            taken = true;
        }

        return taken;
    }

    /// <summary>After a message was taken in, or something ran out: starts or stops asking for what is missing.</summary>
    public void Settle(Instant now)
    {
        if (IsComplete)
        {
            _nextResolve = null;
            _giveUp = null;
        }
        else if (_giveUp is null)
        {
            _nextResolve = now;
            _giveUp = now + ResolvePatience;
            _resolveInterval = FirstResolveInterval;
        }
    }

    /// <summary>Forgets what has run out; see <see cref="IsOver"/>.</summary>
    public void Expire(Instant now)
    {
        var wasComplete = IsComplete;
        foreach (var host in _hosts)
        {
            host.Expire(now);
        }

        // With the SRV record go the addresses of its host.
        _hosts.RemoveAll(host => host.Lifetime.Expires <= now);
        IsOver =
            _pointer?.Expires <= now
            || _text?.Expires <= now
            || _giveUp <= now
            || (wasComplete && !_hosts.Exists(host => host.HasAddress));
        Settle(now);
    }

    /// <summary>Adds the questions that are due: for what is missing, and for what would run out.</summary>
    public void CollectQuestions(Instant now, ISet<DnsQuestion> questions)
    {
        if (_nextResolve <= now)
        {
            _nextResolve = now + _resolveInterval;
            _resolveInterval *= 2;
            CollectMissing(questions);
        }

        if (_pointer?.TryTakeRefresh(now) == true)
        {
            questions.Add(new DnsQuestion(ServiceName.PeerChat, DnsType.Ptr));
        }

        if (_text?.TryTakeRefresh(now) == true)
        {
            questions.Add(new DnsQuestion(instance, DnsType.Txt));
        }

        foreach (var host in _hosts)
        {
            if (host.Lifetime.TryTakeRefresh(now))
            {
                questions.Add(new DnsQuestion(instance, DnsType.Srv));
            }

            host.CollectRefreshes(now, questions);
        }
    }

    /// <summary>The pointer as a known answer with its remaining life; null when it is not fresh enough.</summary>
    public DnsRecord? KnownAnswer(Instant now) =>
        IsComplete && _pointer?.IsFresh(now) == true
            ? DnsRecord.Pointer(ServiceName.PeerChat, instance, _pointer.Remaining(now))
            : null;

    private void CollectMissing(ISet<DnsQuestion> questions)
    {
        // QU: whoever answers may do so at once even if it has just told everybody else.
        if (Text is null)
        {
            questions.Add(new DnsQuestion(instance, DnsType.Txt, UnicastResponse: true));
        }

        if (_hosts.Count == 0)
        {
            questions.Add(new DnsQuestion(instance, DnsType.Srv, UnicastResponse: true));
        }

        foreach (var host in _hosts.Where(host => !host.HasAddress))
        {
            questions.Add(new DnsQuestion(host.Name, DnsType.A, UnicastResponse: true));
            questions.Add(new DnsQuestion(host.Name, DnsType.Aaaa, UnicastResponse: true));
        }
    }
}
