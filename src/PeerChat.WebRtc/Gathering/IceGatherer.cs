using PeerChat.Primitives;
using PeerChat.WebRtc.Gathering;
using PeerChat.WebRtc.Turn;

namespace PeerChat.WebRtc;

/// <summary>
/// The STUN and TURN servers of a host whose sockets serve many connections: what they say of its addresses, and the ways through
/// them (RFC 8445 section 5.1.1.2, RFC 8656).
/// </summary>
/// <remarks>
/// <para>
/// It has no socket and no clock. After each call: send what <see cref="TryTakeTransmit"/> gives, do what <see cref="TryTakeEvent"/> asks,
/// then wait for input or <see cref="NextDeadline"/>.
/// </para>
/// <para>
/// An address on a relay is one more address of this host: a connection names it as the local end of a datagram, <see cref="Send"/> takes it
/// from there, and what comes in through the relay has it as local end again.
/// </para>
/// </remarks>
public sealed class IceGatherer
{
    private readonly IReadOnlyList<IceServer> _servers;
    private readonly bool _isRelayOnly;
    private readonly IEntropy _entropy;
    private readonly List<RelaySlot> _slots = [];
    private readonly List<ReflexiveProbe> _probes = [];
    private readonly Dictionary<int, IReadOnlyList<TransportAddress>> _stunAddresses = [];
    private readonly Dictionary<TransportAddress, RelaySlot> _byRelayed = [];
    private readonly Queue<Datagram> _transmits = new();
    private readonly Queue<GatheringEvent> _events = new();
    private readonly HashSet<int> _unresolved = [];
    private readonly HashSet<int> _renewing = []; // servers whose credentials are about to end
    private IReadOnlyList<TransportAddress> _sockets = [];
    private IReadOnlyList<GatheredCandidate> _mapped = [];
    private GatheredCandidate[] _candidates = [];
    private NatBehaviorProbe? _behavior;
    private Instant _patientUntil;
    private int _lastStream;

    /// <summary>Begins with no sockets.</summary>
    /// <param name="servers">At most <see cref="MaxServers"/>; more are left out.</param>
    /// <param name="isRelayOnly">Whether only TURN servers are asked, and only relayed addresses count.</param>
    /// <param name="entropy">Gives transaction ids.</param>
    public IceGatherer(IReadOnlyList<IceServer> servers, bool isRelayOnly, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(servers);
        _servers = [.. servers.Take(TurnLimits.MaxServers)];
        (_isRelayOnly, _entropy) = (isRelayOnly, entropy);
        for (var i = 0; i < _servers.Count; i++)
        {
            if (_servers[i].IsTurn)
            {
                var slot = new RelaySlot(i, _servers[i], null, entropy);
                _slots.Add(slot);
                if (_servers[i].FallsBackToTcp)
                {
                    var byTcp = _servers[i] with { Transport = IceServerTransport.Tcp };
                    _slots.Add(new RelaySlot(i, byTcp, slot, entropy));
                }
            }
        }
    }

    /// <summary>So many servers are used.</summary>
    public static int MaxServers => TurnLimits.MaxServers;

    /// <summary>The addresses that servers gave, the best ways first.</summary>
    public IReadOnlyList<GatheredCandidate> Candidates => _candidates;

    /// <summary>The addresses on relays.</summary>
    public IEnumerable<TransportAddress> Relayed => _byRelayed.Keys;

    /// <summary>Whether every server has answered or was waited for long enough, so that an offer need not wait any more.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>What a STUN server with two addresses found out about the NAT; null where none has, or nobody asked.</summary>
    public NatBehavior? Behavior => _behavior?.Result;

    /// <summary>Whether <see cref="Behavior"/> is still being found out.</summary>
    public bool IsProbing => _behavior is { IsDone: false };

    /// <summary>How each server is, in the order of the list.</summary>
    public IEnumerable<IceServerState> States => _servers.Select((_, index) => StateOf(index));

    /// <summary>Messages of servers that made no sense.</summary>
    public long Dropped => _slots.Sum(slot => slot.Client?.Dropped ?? 0);

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

            foreach (var probe in _probes)
            {
                deadline = Instant.Earliest(deadline, probe.NextDeadline);
            }

            deadline = Instant.Earliest(deadline, _behavior?.NextDeadline);
            return deadline;
        }
    }

    /// <summary>Takes the sockets that are open now.</summary>
    public void SetSockets(IReadOnlyList<TransportAddress> sockets, Instant now)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        _sockets = sockets;
        _behavior = null; // another network, another NAT
        if (_servers.Count == 0)
        {
            UpdateCandidates(now); // what was mapped to a socket that is gone counts no more
            return;
        }

        _patientUntil = now + TurnLimits.GatheringPatience;
        for (var i = 0; i < _servers.Count; i++)
        {
            if ((_servers[i].IsTurn || !_isRelayOnly) && _unresolved.Add(i))
            {
                AskFor(i);
            }
        }

        _probes.RemoveAll(probe => !_sockets.Contains(probe.Local));
        foreach (var slot in _slots.Where(slot => slot.Local is { } local && !IsStillHere(slot, local)))
        {
            CloseStream(slot);
            slot.Reset(now);
        }

        StartProbes(now);
        Advance(now);
    }

    /// <summary>Finds out how the NAT behaves, once, where a STUN server offers it (RFC 5780); false where none does.</summary>
    public bool TryProbeBehavior(Instant now)
    {
        if (
            _behavior is null
            && _probes.Find(one => one is { Other: not null, Mapped: not null }) is { } probe
        )
        {
            _behavior = new NatBehaviorProbe(
                probe.Local,
                probe.Server,
                probe.Other!.Value,
                probe.Mapped!.Value,
                _entropy,
                now
            );
            Advance(now);
        }

        return _behavior is not null;
    }

    /// <summary>Takes the addresses in that gateways mapped to the sockets: candidates as a STUN server's are.</summary>
    public void SetMapped(IReadOnlyList<GatheredCandidate> mapped, Instant now)
    {
        ArgumentNullException.ThrowIfNull(mapped);
        _mapped = mapped;
        UpdateCandidates(now);
    }

    /// <summary>
    /// Takes credentials in for a server that was named without. What stands with others goes on, unless their time is up: then the relay
    /// is given back and another one asked for.
    /// </summary>
    public void HandleCredentials(int server, TurnCredentials credentials, Instant now)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var ways = WaysTo(server);
        var isTimeUp = _renewing.Remove(server);
        if (ways.Exists(way => way.IsAllocated) && !isTimeUp)
        {
            return; // asked for because the network changed, and this way through it still holds
        }

        foreach (var way in ways)
        {
            way.Client?.Release(now);
            Collect(way);
            CloseStream(way);
            way.SetCredentials(credentials, now);
        }
    }

    /// <summary>Nobody gave credentials for a server; they are asked for again after a while.</summary>
    /// <param name="server">Which.</param>
    /// <param name="detail">Why, in English.</param>
    /// <param name="now">The present.</param>
    public void HandleNoCredentials(int server, string detail, Instant now)
    {
        _renewing.Remove(server);
        var ways = WaysTo(server);
        var first = ways.Find(way => way.Primary is null);
        if (ways.Exists(way => way.IsAllocated))
        {
            first!.RenewAt = now + TurnLimits.LastRetry; // what stands may last until then
        }
        else if (first is { IsIdle: true })
        {
            Try(first, TurnFailure.NoCredentials, detail, now);
        }
    }

    /// <summary>Takes a server's addresses in, or none when its name could not be looked up.</summary>
    public void HandleResolved(int server, IReadOnlyList<TransportAddress> addresses, Instant now)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (!_unresolved.Remove(server))
        {
            return; // closed meanwhile
        }

        if (_servers[server].IsTurn)
        {
            foreach (var relay in WaysTo(server))
            {
                relay.SetAddresses(addresses);
                if (!relay.IsIdle || !relay.HasCredentials)
                {
                    continue;
                }

                if (relay.Primary is null)
                {
                    Try(relay, addresses.Count == 0 ? TurnFailure.NotFound : TurnFailure.NoAnswer, "", now);
                }
                else if (!relay.Primary.IsAllocated && addresses.Count > 0 && !IsAnswered(relay.Primary))
                {
                    relay.StartAt = now + TurnLimits.TcpFallbackDelay;
                }
            }
        }
        else
        {
            _stunAddresses[server] = addresses;
            StartProbes(now);
            if (addresses.Count == 0)
            {
                _events.Enqueue(new GatheringEvent.ServerFailed(server, TurnFailure.NotFound, ""));
            }
        }

        Advance(now);
    }

    /// <summary>A stream that was asked for is open.</summary>
    /// <param name="stream">Which.</param>
    /// <param name="local">The address it leaves from.</param>
    /// <param name="now">The present.</param>
    public void HandleStreamOpened(int stream, TransportAddress local, Instant now)
    {
        if (FindStream(stream) is { } slot)
        {
            slot.Local = local;
            slot.Begin(now);
            Advance(now);
        }
    }

    /// <summary>A stream did not come about, or is over.</summary>
    /// <param name="stream">Which.</param>
    /// <param name="isCertificate">Whether the server's certificate is the reason.</param>
    /// <param name="detail">More of it, in English.</param>
    /// <param name="now">The present.</param>
    public void HandleStreamClosed(int stream, bool isCertificate, string detail, Instant now)
    {
        if (FindStream(stream) is { } slot)
        {
            slot.Stream = 0;
            Try(slot, isCertificate ? TurnFailure.Certificate : TurnFailure.NoAnswer, detail, now);
            Advance(now);
        }
    }

    /// <summary>Takes bytes of a stream in; then <see cref="TryTakeStreamData"/> gives what peers sent.</summary>
    public void HandleStreamReceived(int stream, ReadOnlySpan<byte> bytes) =>
        FindStream(stream)?.Reader.Append(bytes);

    /// <summary>The next datagram of a peer that came by a stream; its bytes are valid until the next call.</summary>
    public bool TryTakeStreamData(
        int stream,
        Instant now,
        out TransportAddress local,
        out TransportAddress remote,
        out Span<byte> payload
    )
    {
        local = remote = default;
        payload = default;
        if (FindStream(stream) is not { Client: { } client } slot)
        {
            return false;
        }

        while (slot.Reader.TryTake(out var frame))
        {
            if (
                client.HandleMessage(now, frame, out remote, out var data)
                && client.RelayedFor(remote) is { } relayed
            )
            {
                local = relayed;
                payload = frame[data];
                return true;
            }
        }

        if (slot.Reader.IsBroken)
        {
            CloseStream(slot);
            Try(slot, TurnFailure.Nonsense, "", now);
        }

        Advance(now);
        return false;
    }

    /// <summary>
    /// Takes a datagram in. When it came through a relay, the ends and the payload become those of the peer's datagram.
    /// </summary>
    public GatheringVerdict HandleDatagram(
        Instant now,
        ref TransportAddress local,
        ref TransportAddress remote,
        ref Span<byte> payload
    )
    {
        foreach (var slot in _slots)
        {
            if (
                slot.IsStream
                || slot.Client is not { } client
                || slot.Local != local
                || slot.Remote != remote
            )
            {
                continue;
            }

            if (
                client.HandleMessage(now, payload, out var peer, out var data)
                && client.RelayedFor(peer) is { } relayed
            )
            {
                (local, remote) = (relayed, peer);
                payload = payload[data];
                return GatheringVerdict.Relayed;
            }

            Advance(now);
            return GatheringVerdict.Done;
        }

        foreach (var probe in _probes)
        {
            if (probe.Local == local && probe.Server == remote && probe.HandleMessage(payload, now))
            {
                Advance(now);
                return GatheringVerdict.Done;
            }
        }

        if (
            _behavior is { IsDone: false } behavior
            && behavior.Local == local
            && behavior.HandleMessage(payload, now)
        )
        {
            Advance(now);
            return GatheringVerdict.Done;
        }

        return GatheringVerdict.NotOurs;
    }

    /// <summary>Does what is due.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var probe in _probes)
        {
            probe.HandleDeadline(now);
        }

        _behavior?.HandleDeadline(now);
        foreach (var slot in _slots)
        {
            if (slot.Client?.NextDeadline <= now)
            {
                slot.Client.HandleDeadline(now);
            }

            if (slot.StartAt <= now)
            {
                slot.StartAt = null;
                if (slot.Primary is { IsAllocated: false } primary && !IsAnswered(primary))
                {
                    Try(slot, TurnFailure.NoAnswer, "", now);
                }
            }

            if (slot.RetryAt <= now)
            {
                slot.RetryAt = null;
                if (_unresolved.Add(slot.Index))
                {
                    AskFor(slot.Index);
                }
            }

            if (slot.RenewAt <= now)
            {
                slot.RenewAt = null;
                _renewing.Add(slot.Index);
                if (_unresolved.Add(slot.Index))
                {
                    AskFor(slot.Index);
                }
            }
        }

        Advance(now);
    }

    /// <summary>Whether an address is one on a relay.</summary>
    public bool IsRelayed(TransportAddress local) => _byRelayed.ContainsKey(local);

    /// <summary>Sends a datagram whose local end is an address on a relay.</summary>
    public void Send(in Datagram datagram, Instant now)
    {
        if (
            _byRelayed.GetValueOrDefault(datagram.Local) is { Client: { } client } slot
            && datagram.Local.IsIPv6 == datagram.Remote.IsIPv6
        )
        {
            client.Send(datagram.Remote, datagram.Payload.Span, now);
            Collect(slot);
        }
    }

    /// <summary>Gives the allocations back; nothing is asked for any more.</summary>
    public void Close(Instant now)
    {
        foreach (var slot in _slots)
        {
            slot.Client?.Release(now);
            Collect(slot);
            CloseStream(slot);
        }

        _mapped = [];
        _slots.Clear();
        _probes.Clear();
        _byRelayed.Clear();
        _unresolved.Clear();
        _renewing.Clear();
        _candidates = [];
        IsComplete = true;
    }

    /// <summary>The next datagram for a server.</summary>
    public bool TryTakeTransmit(out Datagram datagram) => _transmits.TryDequeue(out datagram);

    /// <summary>The next event.</summary>
    public bool TryTakeEvent(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out GatheringEvent? happened
    ) => _events.TryDequeue(out happened);

    /// <summary>Whether a server may be asked from a socket: one family, and loopback keeps to itself.</summary>
    internal static bool CanReach(TransportAddress socket, TransportAddress server) =>
        Ice.IceAddressRules.IsUnicast(server) && Ice.IceAddressRules.CanPair(socket, server);

    private void AskFor(int server) =>
        _events.Enqueue(
            new GatheringEvent.Resolve(
                server,
                _servers[server].Host,
                _servers[server].Port,
                _servers[server].NeedsCredentials
            )
        );

    private RelaySlot? FindStream(int stream) =>
        stream == 0 ? null : _slots.Find(slot => slot.Stream == stream);

    private bool IsStillHere(RelaySlot slot, TransportAddress local) =>
        slot.IsStream
            ? _sockets.Any(socket => socket.WithPort(0) == local.WithPort(0))
            : _sockets.Contains(local);

    private void StartProbes(Instant now)
    {
        foreach (var address in _stunAddresses.Values.SelectMany(addresses => addresses))
        {
            foreach (var socket in _sockets.Where(socket => CanReach(socket, address)))
            {
                if (
                    _probes.Count < TurnLimits.MaxGathered
                    && !_probes.Exists(probe => probe.Local == socket && probe.Server == address)
                )
                {
                    _probes.Add(new ReflexiveProbe(socket, address, _entropy, now));
                }
            }
        }
    }

    // The next way to a server; once all are tried, the failure is told and there is a pause.
    private void Try(RelaySlot slot, TurnFailure failure, string detail, Instant now)
    {
        if (failure is TurnFailure.NoAnswer or TurnFailure.None && slot.TryNext(_sockets, now))
        {
            if (slot.IsStream)
            {
                slot.Stream = ++_lastStream;
                _events.Enqueue(
                    new GatheringEvent.OpenStream(
                        slot.Stream,
                        slot.Remote,
                        slot.Server.Transport == IceServerTransport.Tls ? slot.Server.Host : null
                    )
                );
            }

            return;
        }

        CloseStream(slot);
        slot.Failed(now);
        (slot.Failure, slot.Detail) = (failure, detail);
        var ways = WaysTo(slot.Index);
        if (ways.TrueForAll(way => !way.IsFailureTold && IsHopeless(way)))
        {
            // What the way that is asked first met with is what the user can do something about.
            slot.IsFailureTold = true;
            _events.Enqueue(new GatheringEvent.ServerFailed(slot.Index, ways[0].Failure, ways[0].Detail));
        }
    }

    private void CloseStream(RelaySlot slot)
    {
        if (slot.Stream != 0)
        {
            _events.Enqueue(new GatheringEvent.CloseStream(slot.Stream));
            slot.Stream = 0;
        }
    }

    private void Advance(Instant now)
    {
        foreach (var slot in _slots)
        {
            if (slot.Client is { State: TurnState.Allocated } && !slot.IsSettled)
            {
                slot.Succeeded();
                WaysTo(slot.Index).ForEach(way => way.IsFailureTold = false);
            }
            else if (slot.Client is { State: TurnState.Closed } closed)
            {
                HandleClosed(slot, closed, now);
            }

            Collect(slot);
        }

        foreach (var probe in _probes)
        {
            while (probe.TryTakeTransmit(out var datagram))
            {
                _transmits.Enqueue(datagram);
            }
        }

        while (_behavior is { } behavior && behavior.TryTakeTransmit(out var request))
        {
            _transmits.Enqueue(request);
        }

        IsComplete =
            now >= _patientUntil
            || (
                _unresolved.Count == 0
                && _slots.TrueForAll(IsSettled)
                && _probes.TrueForAll(probe => probe.IsSettled)
            );
        UpdateCandidates(now);
    }

    private List<RelaySlot> WaysTo(int server) => [.. _slots.Where(slot => slot.Index == server)];

    // The server said no, or has no address: another way to it would bring nothing else.
    private static bool IsAnswered(RelaySlot slot) =>
        slot.Failure is not (TurnFailure.None or TurnFailure.NoAnswer);

    private static bool IsHopeless(RelaySlot way) =>
        way.Failure != TurnFailure.None
        || (way is { Primary: { } primary, IsIdle: true } && IsAnswered(primary));

    private bool IsSettled(RelaySlot slot) =>
        slot.IsSettled || IsHopeless(slot) || WaysTo(slot.Index).Exists(way => way.IsAllocated);

    private void HandleClosed(RelaySlot slot, TurnClient closed, Instant now)
    {
        Collect(slot);
        CloseStream(slot);
        slot.IsSettled = false;
        if (slot.TryRedirect())
        {
            Try(slot, TurnFailure.None, "", now);
        }
        else
        {
            Try(
                slot,
                closed.Failure,
                closed.ErrorCode == 0
                    ? ""
                    : closed.ErrorCode.ToString(System.Globalization.CultureInfo.InvariantCulture),
                now
            );
        }
    }

    private void Collect(RelaySlot slot)
    {
        while (slot.Client is { } client && client.TryTakeTransmit(out var message))
        {
            if (!slot.IsStream)
            {
                _transmits.Enqueue(new Datagram(slot.Local!.Value, slot.Remote, message));
            }
            else if (slot.Stream != 0)
            {
                _events.Enqueue(new GatheringEvent.SendStream(slot.Stream, message));
            }
        }
    }

    private void UpdateCandidates(Instant now)
    {
        var found = new List<GatheredCandidate>();
        _byRelayed.Clear();
        foreach (var slot in _slots.Where(slot => slot.IsAllocated))
        {
            foreach (var relayed in new[] { slot.Client!.RelayedIPv6, slot.Client.RelayedIPv4 })
            {
                if (relayed is { } address && _byRelayed.TryAdd(address, slot))
                {
                    found.Add(new GatheredCandidate(IceCandidateType.Relayed, address, address));
                    slot.Client.Permit(address, now); // whoever is at the same relay may knock
                }
            }

            if (!slot.IsStream)
            {
                AddReflexive(found, slot.Client.Mapped, slot.Local!.Value);
            }

            Collect(slot);
        }

        foreach (var mapped in _mapped.Where(mapped => _sockets.Contains(mapped.Base)))
        {
            AddReflexive(found, mapped.Address, mapped.Base);
        }

        _probes.ForEach(probe => AddReflexive(found, probe.Mapped, probe.Local));
        var ordered = found.Distinct().Take(TurnLimits.MaxGathered).ToArray();
        if (!ordered.SequenceEqual(_candidates))
        {
            _candidates = ordered;
            _events.Enqueue(new GatheringEvent.CandidatesChanged());
        }
    }

    private void AddReflexive(List<GatheredCandidate> found, TransportAddress? mapped, TransportAddress local)
    {
        if (!_isRelayOnly && mapped is { } address && address != local && address.IsIPv6 == local.IsIPv6)
        {
            found.Add(new GatheredCandidate(IceCandidateType.ServerReflexive, address, local));
        }
    }

    private IceServerState StateOf(int index)
    {
        var ways = WaysTo(index);
        if ((ways.Find(way => way.IsAllocated) ?? ways.FirstOrDefault()) is { } slot)
        {
            var isDecided = slot.IsAllocated || ways.TrueForAll(IsHopeless);
            return new IceServerState(
                _servers[index],
                slot.IsAllocated ? slot.Client!.RelayedIPv4 ?? slot.Client.RelayedIPv6 : null,
                isDecided ? slot.Failure : TurnFailure.None,
                isDecided ? slot.Detail : ""
            );
        }

        var addresses = _stunAddresses.GetValueOrDefault(index) ?? [];
        var own = _probes.Where(probe => addresses.Contains(probe.Server)).ToList();
        var mapped = own.Find(probe => probe.Mapped is not null)?.Mapped;
        var failed = mapped is null && own.Count > 0 && own.TrueForAll(probe => probe.IsSettled);
        return new IceServerState(
            _servers[index],
            mapped,
            failed ? TurnFailure.NoAnswer
                : addresses.Count == 0 && _stunAddresses.ContainsKey(index) ? TurnFailure.NotFound
                : TurnFailure.None,
            ""
        );
    }
}
