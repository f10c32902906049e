using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>Finds peers on the local network: multicast DNS service discovery of <c>_peerchat._udp.local</c> (RFC 6762, RFC 6763).</summary>
/// <remarks>
/// After each call: drain <see cref="TryTakeTransmit"/> and <see cref="TryTakeEvent"/>, then wait for input or
/// <see cref="NextDeadline"/>. What comes out of it is hearsay; only the hello between peers proves anything.
/// </remarks>
public sealed class LanRendezvous
{
    private const int HostIdSize = 16; // 128 random bits need no probing
    private readonly IEntropy _entropy;
    private readonly string _hostId;
    private readonly LanBrowser _browser;
    private readonly HostNameResolver _resolver = new();
    private readonly HiddenHosts _hidden;
    private readonly SourceBudget _budget = new();
    private readonly List<ResponderLink> _links = [];
    private readonly Queue<MulticastDatagram> _outbox = new();
    private readonly Queue<LanEvent> _events = new();
    private IReadOnlyList<LanInterface> _interfaces = [];
    private LanAnnouncement? _announcement;
    private long _malformed;
    private long _offLink;
    private long _overBudget;

    /// <summary>Makes a machine that neither announces nor browses yet.</summary>
    public LanRendezvous(IEntropy entropy, Instant now)
    {
        _entropy = entropy;
        _hostId = Convert.ToHexStringLower(entropy.Bytes(HostIdSize));
        _browser = new LanBrowser(entropy);
        _hidden = new HiddenHosts(entropy);
        HandleDeadline(now);
    }

    /// <summary>What was thrown away so far.</summary>
    public LanDrops Drops => new(_malformed, _offLink + _browser.OffLink, _overBudget, _browser.OverCapacity);

    /// <summary>When <see cref="HandleDeadline"/> is due; null when nothing is.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var at = Instant.Earliest(_browser.NextDeadline, _resolver.NextDeadline);
            foreach (var link in _links)
            {
                at = Instant.Earliest(at, link.NextDeadline);
            }

            return at;
        }
    }

    /// <summary>Takes the interfaces with their addresses; call it again whenever they change.</summary>
    public void SetAddresses(IReadOnlyList<LanInterface> interfaces, Instant now)
    {
        _interfaces = [.. interfaces];
        _browser.SetInterfaces(_interfaces, now, _events);
        _links.RemoveAll(link => !_interfaces.Any(i => IsSame(i, link.Interface) && i.Speaks(link.IsIPv6)));
        foreach (var each in _interfaces)
        {
            foreach (var ipv6 in (bool[])[false, true])
            {
                if (each.Speaks(ipv6) && !_links.Exists(l => IsSame(l.Interface, each) && l.IsIPv6 == ipv6))
                {
                    var link = new ResponderLink(each, ipv6, _hidden, _entropy);
                    _links.Add(link);
                    Publish(link, now);
                }
            }
        }

        HandleDeadline(now);
    }

    /// <summary>Announces this process, or with null withdraws it with a goodbye.</summary>
    /// <exception cref="ArgumentException">A part of the announcement does not fit the wire.</exception>
    public void Announce(LanAnnouncement? announcement, Instant now)
    {
        if (announcement?.FindFault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(announcement));
        }

        var isSameInstance = string.Equals(
            announcement?.InstanceId,
            _announcement?.InstanceId,
            StringComparison.Ordinal
        );
        foreach (var link in _links.Where(_ => !isSameInstance))
        {
            link.Withdraw(_outbox);
        }

        _announcement = announcement;
        foreach (var link in _links)
        {
            Publish(link, now);
        }

        HandleDeadline(now);
    }

    /// <summary>Starts or stops looking for others. Stopping loses all who were found.</summary>
    public void Browse(bool on, Instant now)
    {
        _browser.Browse(on, now, _events);
        HandleDeadline(now);
    }

    /// <summary>Asks the network again, because the user did; at most once a second.</summary>
    public void Requery(Instant now)
    {
        _browser.Requery(now);
        HandleDeadline(now);
    }

    /// <summary>
    /// Asks for the address behind a name of multicast DNS that a peer gave; <see cref="LanEvent.HostNameResolved"/> comes when a neighbour
    /// answers, and nothing when none does. No other kind of server is ever asked.
    /// </summary>
    /// <returns>False when it is no such name, or 32 are asked for already.</returns>
    public bool TryResolve(string hostName, Instant now)
    {
        ArgumentNullException.ThrowIfNull(hostName);
        var begun = _resolver.TryBegin(hostName, now);
        HandleDeadline(now);
        return begun;
    }

    /// <summary>Whether a host with this address is on one link with this machine, as far as its interfaces say.</summary>
    public bool IsNeighbour(TransportAddress remote) => _interfaces.Any(each => each.IsOnLink(remote));

    /// <summary>Makes a name for an own address, which only the link of that address can resolve; it is good for one description.</summary>
    /// <remarks>The newest 256 are answered for.</remarks>
    public string HideBehindName(TransportAddress address) => _hidden.Hide(address);

    /// <summary>Withdraws the announcement and stops looking; the last call before the sockets close.</summary>
    public void Goodbye(Instant now)
    {
        Announce(null, now);
        Browse(on: false, now);
    }

    /// <summary>Takes a datagram in that came to port 5353 on an interface.</summary>
    public void HandleDatagram(
        Instant now,
        int interfaceIndex,
        TransportAddress remote,
        ReadOnlySpan<byte> datagram
    )
    {
        var onInterface = _interfaces.FirstOrDefault(i => i.Index == interfaceIndex);
        if (onInterface?.IsOnLink(remote) != true)
        {
            _offLink++;
            return;
        }

        if (!_budget.TryTake(now, remote.WithPort(0)))
        {
            _overBudget++;
            return;
        }

        // RFC 6762 section 6: a response from any other port is to be silently ignored.
        if (
            !DnsMessage.TryParse(datagram, out var message)
            || (message.IsResponse && remote.Port != MulticastDatagram.Port)
        )
        {
            _malformed++;
            return;
        }

        if (message.IsResponse)
        {
            _browser.HandleResponse(now, onInterface, remote, message, _announcement?.InstanceId, _events);
            _offLink += _resolver.HandleResponse(onInterface, message, _events);
        }

        foreach (var link in _links)
        {
            if (link.Interface.Index == interfaceIndex && link.IsIPv6 == remote.IsIPv6)
            {
                Handle(now, link, remote, message);
            }
        }

        HandleDeadline(now);
    }

    /// <summary>Does what time has made due.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var link in _links)
        {
            link.HandleDeadline(now, _outbox);
        }

        var own = _announcement is null
            ? null
            : DnsRecord.Pointer(
                ServiceName.PeerChat,
                ServiceName.Instance(_announcement.InstanceId),
                LanRecordSet.OtherTtl
            );
        _browser.HandleDeadline(now, own, _outbox, _events);
        _resolver.HandleDeadline(now, _interfaces, _outbox);
    }

    /// <summary>The next datagram to send, if one is waiting.</summary>
    public bool TryTakeTransmit(out MulticastDatagram datagram) => _outbox.TryDequeue(out datagram);

    /// <summary>The next thing found out, if any.</summary>
    public bool TryTakeEvent(out LanEvent happened) => _events.TryDequeue(out happened!);

    private static void Handle(Instant now, ResponderLink link, TransportAddress remote, DnsMessage message)
    {
        if (message.IsResponse)
        {
            link.HandleResponse(message);
        }
        else
        {
            link.HandleQuery(now, remote, message);
        }
    }

    private static bool IsSame(LanInterface left, LanInterface right) =>
        left.Index == right.Index && left.Addresses.SequenceEqual(right.Addresses);

    private void Publish(ResponderLink link, Instant now)
    {
        if (_announcement is not null)
        {
            link.Publish(new LanRecordSet(_announcement, _hostId, link.Interface), now);
        }
    }
}
