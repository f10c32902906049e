using System.Net;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>One SRV record of a neighbour and the addresses of the host that it names.</summary>
internal sealed class LanHost(DnsName name, ushort port, RecordLifetime lifetime)
{
    // A host has a few IPv6 addresses per link; eight leave room for privacy addresses. A guess.
    private const int MaxAddresses = 8;
    private readonly List<(TransportAddress Address, RecordLifetime Lifetime)> _addresses = [];

    /// <summary>The host's name.</summary>
    public DnsName Name => name;

    /// <summary>The port of the service there.</summary>
    public ushort Port => port;

    /// <summary>How long the SRV record lives.</summary>
    public RecordLifetime Lifetime { get; set; } = lifetime;

    /// <summary>The addresses with the port.</summary>
    public IEnumerable<TransportAddress> Addresses => _addresses.Select(a => a.Address);

    /// <summary>Whether at least one address is known.</summary>
    public bool HasAddress => _addresses.Count > 0;

    /// <summary>The earliest end or refresh of the SRV record or an address.</summary>
    public Instant NextDeadline =>
        _addresses.Aggregate(Lifetime.NextDeadline, (at, a) => Instant.Min(at, a.Lifetime.NextDeadline));

    /// <summary>Takes an address record of this host in.</summary>
    public void TakeAddress(Instant now, DnsRecord record, int interfaceIndex, double jitterPercent)
    {
        var ip = new IPAddress(record.Data.Span);
        if (ip.IsIPv6LinkLocal)
        {
            ip.ScopeId = interfaceIndex;
        }

        var address = new TransportAddress(ip, port);
        if (record.CacheFlush)
        {
            foreach (var old in _addresses)
            {
                if (old.Address.IsIPv6 == address.IsIPv6 && old.Lifetime.IsOlderThanFlush(now))
                {
                    old.Lifetime.Withdraw(now);
                }
            }
        }

        var known = _addresses.FindIndex(a => a.Address == address);
        if (record.Ttl == 0 && known < 0)
        {
            return;
        }

        var life = new RecordLifetime(now, record.Ttl, LanRecordSet.HostTtl, jitterPercent);
        if (known >= 0)
        {
            _addresses[known] = (address, life);
        }
        else if (_addresses.Count < MaxAddresses)
        {
            _addresses.Add((address, life));
        }
    }

    /// <summary>Forgets addresses that have ended.</summary>
    public void Expire(Instant now) => _addresses.RemoveAll(a => a.Lifetime.Expires <= now);

    /// <summary>Adds the questions that keep the addresses alive.</summary>
    public void CollectRefreshes(Instant now, ISet<DnsQuestion> questions)
    {
        foreach (var (address, life) in _addresses)
        {
            if (life.TryTakeRefresh(now))
            {
                questions.Add(new DnsQuestion(name, address.IsIPv6 ? DnsType.Aaaa : DnsType.A));
            }
        }
    }
}
