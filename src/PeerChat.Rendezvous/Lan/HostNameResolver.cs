using System.Net;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>Asks the local network for addresses behind names that peers gave instead (draft-ietf-mmusic-mdns-ice-candidates section 3.2).</summary>
/// <remarks>Only multicast DNS is asked, on every link. An answer counts only with an address of the link it came by.</remarks>
internal sealed class HostNameResolver
{
    /// <summary>Names asked for at once: a description has at most ten, and three may arrive together. A guess.</summary>
    public const int MaxNames = 32;

    // A name of the draft stands for one address. A machine that answers with its whole list may have one of each family.
    private const int MaxAddresses = 2;

    // RFC 6762 section 5.2: the second query a second after the first, then doubling. ICE gives up after 15 s.
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.Zero,
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
    ];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Dictionary<DnsName, Search> _searches = [];

    /// <summary>When <see cref="HandleDeadline"/> has something to do.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? at = null;
            foreach (var search in _searches.Values)
            {
                at = Instant.Earliest(at, search.NextDeadline);
            }

            return at;
        }
    }

    /// <summary>Begins to ask for a name; nothing new while it is asked for already.</summary>
    /// <returns>False when the name is none of multicast DNS with one label, or too many are asked for.</returns>
    public bool TryBegin(string hostName, Instant now)
    {
        if (NameOf(hostName) is not { } name)
        {
            return false;
        }

        if (_searches.ContainsKey(name))
        {
            return true;
        }

        if (_searches.Count >= MaxNames)
        {
            return false;
        }

        _searches.Add(name, new Search(hostName, now));
        return true;
    }

    /// <summary>Takes a response in.</summary>
    /// <returns>Addresses in it that do not belong to the link.</returns>
    public int HandleResponse(LanInterface onInterface, DnsMessage message, Queue<LanEvent> events)
    {
        var offLink = 0;
        foreach (var record in message.Answers.Concat(message.Additionals))
        {
            if (
                record.Type is not (DnsType.A or DnsType.Aaaa)
                || record.Ttl == 0
                || !_searches.TryGetValue(record.Name, out var search)
            )
            {
                continue;
            }

            var ip = new IPAddress(record.Data.Span);
            if (ip.IsIPv6LinkLocal)
            {
                ip.ScopeId = onInterface.Index;
            }

            // Otherwise whoever gives us a name could have us send checks to any host of the internet.
            var address = new TransportAddress(ip, 0);
            if (!onInterface.IsOnLink(address))
            {
                offLink++;
            }
            else if (search.TryAdd(address))
            {
                events.Enqueue(new LanEvent.HostNameResolved(search.HostName, address));
            }
        }

        return offLink;
    }

    /// <summary>Asks what is due, and gives up what nobody answered.</summary>
    public void HandleDeadline(
        Instant now,
        IReadOnlyList<LanInterface> interfaces,
        Queue<MulticastDatagram> outbox
    )
    {
        if (NextDeadline is not { } due || due > now)
        {
            return;
        }

        List<DnsQuestion> questions = [];
        foreach (var (name, search) in _searches.ToList())
        {
            if (search.IsOver(now))
            {
                _searches.Remove(name);
            }
            else if (search.TryTakeQuery(now))
            {
                questions.Add(new DnsQuestion(name, DnsType.A));
                questions.Add(new DnsQuestion(name, DnsType.Aaaa));
            }
        }

        // Chromium's responder, which most of these names come from, drops a query with more than one question.
        foreach (var each in interfaces)
        {
            LanPackets.Send(outbox, each, questions.SelectMany(one => LanPackets.Queries([one], [])));
        }
    }

    /// <summary>The name in the form of messages; null when it has more than one label, or is not of this domain.</summary>
    public static DnsName? NameOf(string hostName)
    {
        var labels = hostName.Split('.');
        return
            labels is [{ Length: > 0 and <= DnsName.MaxLabelSize }, _]
            && labels[1].Equals(ServiceName.Domain, StringComparison.OrdinalIgnoreCase)
            && labels[0].All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? DnsName.FromLabels(labels[0], labels[1])
            : null;
    }

    /// <summary>One name that is asked for.</summary>
    private sealed class Search(string hostName, Instant begun)
    {
        private readonly Instant _end = begun + Patience;
        private readonly List<TransportAddress> _addresses = [];
        private Instant _nextQuery = begun;
        private int _queries;

        /// <summary>The name as the peer wrote it.</summary>
        public string HostName => hostName;

        /// <summary>When the next query is due, or the end.</summary>
        public Instant NextDeadline => IsAsking ? _nextQuery : _end;

        private bool IsAsking => _addresses.Count == 0 && _queries < Waits.Length;

        /// <summary>Whether nothing more is expected.</summary>
        public bool IsOver(Instant now) => _end <= now;

        /// <summary>Notes a query, if one is due.</summary>
        public bool TryTakeQuery(Instant now)
        {
            if (!IsAsking || _nextQuery > now)
            {
                return false;
            }

            _queries++;
            _nextQuery = _queries < Waits.Length ? now + Waits[_queries] : _end;
            return true;
        }

        /// <summary>Whether the address is new, and one of few.</summary>
        public bool TryAdd(TransportAddress address)
        {
            if (_addresses.Count >= MaxAddresses || _addresses.Contains(address))
            {
                return false;
            }

            _addresses.Add(address);
            return true;
        }
    }
}
