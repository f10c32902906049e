using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;
using PeerChat.WebRtc.PortMapping;

namespace PeerChat.WebRtc;

/// <summary>Asks the gateways of a host for ports that lead to its sockets: PCP, NAT-PMP where that is all they know, otherwise UPnP.</summary>
/// <remarks>
/// <para>
/// It has no socket and no clock. After each call: send what <see cref="TryTakeTransmit"/> gives, do what <see cref="TryTakeEvent"/> asks,
/// then wait for input or <see cref="NextDeadline"/>. Requests leave from the very sockets that are mapped.
/// </para>
/// <para>
/// Whoever can make up a gateway's answers is on the same network. What is believed comes from the gateway's address, to a socket that
/// asked, with the nonce of PCP; and what it says is no more than one address to be tried by ICE, which asks it for proof.
/// </para>
/// </remarks>
public sealed class PortMapper
{
    private readonly IEntropy _entropy;
    private readonly List<Slot> _slots = [];
    private readonly Queue<Datagram> _transmits = new();
    private readonly Queue<PortMappingEvent> _events = new();
    private readonly Dictionary<int, Slot> _exchanges = [];
    private readonly Dictionary<TransportAddress, Instant> _announced = [];
    private GatheredCandidate[] _candidates = [];
    private Instant _patientUntil;
    private int _lastExchange;

    /// <summary>Begins with no sockets.</summary>
    public PortMapper(IEntropy entropy) => _entropy = entropy;

    /// <summary>The longest answer by HTTP.</summary>
    public static int MaxHttpBody => PortMappingLimits.MaxHttpBody;

    /// <summary>How long an exchange by HTTP may take.</summary>
    public static TimeSpan HttpTimeout => PortMappingLimits.HttpTimeout;

    /// <summary>Where gateways announce that they begin anew.</summary>
    public static int AnnouncementPort => PortMappingLimits.AnnouncementPort;

    /// <summary>The mapped addresses, as candidates that a server gave: the socket is their base.</summary>
    public IReadOnlyList<GatheredCandidate> Candidates => _candidates;

    /// <summary>Whether every gateway has answered or was waited for long enough, so that an offer need not wait any more.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>How each mapping is.</summary>
    public IEnumerable<PortMappingState> States => _slots.Select(slot => slot.State);

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var deadline = IsComplete ? null : (Instant?)_patientUntil;
            foreach (var slot in _slots)
            {
                deadline = Instant.Earliest(deadline, slot.NextDeadline);
            }

            return deadline;
        }
    }

    /// <summary>Whether an address may be mapped at all: IPv4, private, not the machine itself.</summary>
    public static bool IsMappable(TransportAddress local) =>
        !local.IsIPv6 && !local.IsLoopback && (IceAddressRules.IsNearby(local) || IsShared(local));

    /// <summary>Whether an address is one that the whole Internet reaches.</summary>
    public static bool IsPublic(TransportAddress address) =>
        !IceAddressRules.IsNearby(address) && !IsShared(address);

    /// <summary>Takes the sockets that are open now, each with the gateway of its network.</summary>
    public void SetSockets(
        IReadOnlyList<(TransportAddress Local, TransportAddress Gateway)> sockets,
        Instant now
    )
    {
        ArgumentNullException.ThrowIfNull(sockets);
        var wanted = sockets
            .Where(pair => IsMappable(pair.Local) && !pair.Gateway.IsIPv6 && !pair.Gateway.IsLoopback)
            .Select(pair => (pair.Local, Gateway: pair.Gateway.WithPort(0)))
            .Take(PortMappingLimits.MaxSockets)
            .ToList();
        // The address of a socket that is gone may belong to somebody else by now: what it had runs out by itself.
        _slots.RemoveAll(slot => !wanted.Contains((slot.Local, slot.Gateway)));
        foreach (var (local, gateway) in wanted)
        {
            if (!_slots.Exists(slot => slot.Local == local))
            {
                _slots.Add(new Slot(local, gateway, _entropy, now));
            }
        }

        _patientUntil = now + PortMappingLimits.Patience;
        Advance(now);
    }

    /// <summary>Takes a datagram in; false where it is none of a gateway's.</summary>
    public bool HandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        ReadOnlySpan<byte> payload
    )
    {
        if (_slots.Count == 0 || Find(local, remote) is not { } slot)
        {
            return false;
        }

        if (remote.Port == PortMappingLimits.GatewayPort)
        {
            slot.Pcp.HandleMessage(payload, now);
        }
        else if (slot.Igd?.HandleSearchAnswer(payload, now) != true)
        {
            return false;
        }

        Advance(now);
        return true;
    }

    /// <summary>Takes in what came to the port for announcements.</summary>
    public void HandleAnnouncement(Instant now, TransportAddress remote, ReadOnlySpan<byte> payload)
    {
        if (
            remote.Port != PortMappingLimits.GatewayPort
            || !PcpAnnouncement.TryParse(payload, out var announcement)
            || (
                _announced.TryGetValue(remote.WithPort(0), out var last)
                && now - last < PortMappingLimits.AnnouncementPause
            )
        )
        {
            return;
        }

        foreach (var slot in _slots.Where(slot => slot.Gateway == remote.WithPort(0)))
        {
            _announced[slot.Gateway] = now; // only of own gateways: nobody fills this up
            if (slot.IsIdle || slot.Igd?.External is not null || slot.Pcp.IsNewStart(announcement.Epoch, now))
            {
                slot.RetryAt = now + _entropy.NextTimeSpan(TimeSpan.Zero, PortMappingLimits.RestartSpread);
            }
        }
    }

    /// <summary>Takes the answer of an exchange by HTTP in; a status of 0 where there was none.</summary>
    public void HandleHttp(int exchange, int status, ReadOnlySpan<byte> body, Instant now)
    {
        if (_exchanges.Remove(exchange, out var slot) && _slots.Contains(slot))
        {
            slot.Igd?.HandleHttp(status, body, now);
            Advance(now);
        }
    }

    /// <summary>Does what is due.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var slot in _slots)
        {
            slot.HandleDeadline(now);
        }

        Advance(now);
    }

    /// <summary>Gives all ports back; nothing is asked for any more.</summary>
    public void Close(Instant now)
    {
        foreach (var slot in _slots)
        {
            slot.Pcp.Release();
            slot.Igd?.Release(now);
            Collect(slot);
        }

        _slots.Clear();
        _candidates = [];
        IsComplete = true;
    }

    /// <summary>The next datagram for a gateway.</summary>
    public bool TryTakeTransmit(out Datagram datagram) => _transmits.TryDequeue(out datagram);

    /// <summary>The next event.</summary>
    public bool TryTakeEvent(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PortMappingEvent? happened
    ) => _events.TryDequeue(out happened);

    /// <summary>Whether an address on the outside can lead anywhere.</summary>
    internal static bool IsUsable(TransportAddress external) =>
        IceAddressRules.IsUnicast(external) && !external.IsLoopback;

    /// <summary>Whether an address is one that a provider shares out behind its own NAT (RFC 6598).</summary>
    internal static bool IsShared(TransportAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.WriteAddress(bytes) == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 64;
    }

    private Slot? Find(TransportAddress local, TransportAddress remote)
    {
        foreach (var slot in _slots)
        {
            if (slot.Local == local && slot.Gateway == remote.WithPort(0))
            {
                return slot;
            }
        }

        return null;
    }

    private void Advance(Instant now)
    {
        foreach (var slot in _slots)
        {
            slot.Advance(now);
            Collect(slot);
        }

        IsComplete = now >= _patientUntil || _slots.TrueForAll(slot => slot.IsSettled);
        var found = _slots
            .Where(slot => slot.External is not null)
            .Select(slot => new GatheredCandidate(
                IceCandidateType.ServerReflexive,
                slot.External!.Value,
                slot.Local
            ))
            .ToArray();
        if (!found.SequenceEqual(_candidates))
        {
            _candidates = found;
            _events.Enqueue(new PortMappingEvent.Changed());
        }
    }

    private void Collect(Slot slot)
    {
        while (slot.Pcp.TryTakeMessage(out var message))
        {
            _transmits.Enqueue(
                new Datagram(slot.Local, slot.Gateway.WithPort(PortMappingLimits.GatewayPort), message)
            );
        }

        while (slot.Igd is { } igd && igd.TryTakeSearch(out var search))
        {
            _transmits.Enqueue(search);
        }

        while (slot.Igd is { } upnp && upnp.TryTakeRequest(out var request))
        {
            _exchanges[++_lastExchange] = slot;
            _events.Enqueue(
                new PortMappingEvent.Http(
                    _lastExchange,
                    slot.Local,
                    request.Url,
                    request.Action,
                    request.Body
                )
            );
        }
    }

    /// <summary>One socket and the gateway of its network.</summary>
    private sealed class Slot(TransportAddress local, TransportAddress gateway, IEntropy entropy, Instant now)
    {
        private Instant? _upnpAt = now + PortMappingLimits.UpnpDelay;

        public TransportAddress Local => local;
        public TransportAddress Gateway => gateway;
        public PcpMapping Pcp { get; private set; } = new(local, entropy, now);
        public IgdMapping? Igd { get; private set; }

        /// <summary>When all begins anew.</summary>
        public Instant? RetryAt { get; set; }

        public TransportAddress? External => Pcp.External ?? Igd?.External;
        public bool IsIdle => Pcp.HasFailed && Igd is { HasFailed: true };
        public bool IsSettled => External is not null || IsIdle;

        public Instant? NextDeadline =>
            Instant.Earliest(
                Instant.Earliest(Pcp.NextDeadline, Igd?.NextDeadline),
                Instant.Earliest(_upnpAt, RetryAt)
            );

        public PortMappingState State =>
            new(
                local,
                gateway,
                Pcp.External is not null ? Pcp.Protocol
                    : Igd?.External is not null ? PortMappingProtocol.Upnp
                    : PortMappingProtocol.None,
                External,
                External is not null || !IsIdle ? ""
                    : Pcp.Problem.Length > 0 ? Pcp.Problem
                    : Igd!.Problem.Length > 0 ? Igd.Problem
                    : "maps no ports: it answers neither PCP, NAT-PMP nor UPnP"
            );

        public void HandleDeadline(Instant at)
        {
            if (RetryAt <= at)
            {
                RetryAt = null;
                Pcp.Restart(at);
                (Igd, _upnpAt) = (null, at + PortMappingLimits.UpnpDelay);
            }

            Pcp.HandleDeadline(at);
            Igd?.HandleDeadline(at);
        }

        public void Advance(Instant at)
        {
            if (Pcp.External is not null)
            {
                _upnpAt = null;
                if (Igd is { HasFailed: false })
                {
                    Igd.Release(at); // PCP came late
                }
            }
            else if (Igd is null && (_upnpAt <= at || Pcp.HasFailed))
            {
                (Igd, _upnpAt) = (new IgdMapping(local, gateway, entropy, at), null);
            }

            if (IsIdle)
            {
                RetryAt ??= at + PortMappingLimits.Retry;
            }
        }
    }
}
