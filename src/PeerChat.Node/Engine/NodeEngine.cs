using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Identity;
using PeerChat.WebRtc;

namespace PeerChat.Node.Engine;

/// <summary>The whole node without sockets, clocks and threads: datagrams, commands and time in; datagrams, events and one deadline out.</summary>
/// <remarks>
/// The host calls the handlers, then <see cref="EndTurn"/>, which commits what was stored and only then lets frames leave:
/// nothing is sent before it is durable here, nothing is acknowledged before it is durable here. Then the host drains.
/// </remarks>
internal sealed partial class NodeEngine
{
    private readonly EngineOptions _options;
    private readonly ProfileStore _store;
    private readonly ContactBook _contacts;
    private readonly WaitingTexts _waiting;
    private readonly LanRendezvous _lan;
    private readonly MeetingBoard _board;
    private readonly LinkSet _links = new();
    private readonly string _instance;
    private IReadOnlyList<LocalPort> _ports;
    private IReadOnlyList<LanInterface> _interfaces;
    private readonly Queue<NodeEvent> _events = new();
    private readonly Queue<EngineEffect> _effects = new();
    private readonly Queue<Datagram> _signals = new();
    private readonly HashSet<Chat> _dirty = [];
    private readonly Queue<Action> _afterCommit = new(); // frames of links that say what this turn stored
    private readonly WallTime _started;
    private NodeEvent.Ready _ready;
    private bool? _announceName;
    private bool _stopping;
    private bool _hasReceived; // a message of somebody else in this turn
    private Instant? _leaveBy;
    private uint _announcedDay;
    private Instant _now;
    private WallTime _wall;

    /// <summary>Makes the node's engine and takes up the contacts and rooms of the profile.</summary>
    public NodeEngine(
        EngineOptions options,
        ProfileStore store,
        IReadOnlyList<LocalPort> ports,
        IReadOnlyList<LanInterface> interfaces,
        Instant now,
        WallTime wall
    )
    {
        (_options, _store, _now, _wall, _started) = (options, store, now, wall, wall);
        _requests = new RequestBook(store.Answers, store.Settings);
        _contacts = new ContactBook(store.Contacts, options.Self.PeerId, options.Name);
        _waiting = new WaitingTexts(store.Outbox);
        _instance = Convert.ToHexStringLower(options.Entropy.Bytes(16));
        _board = new MeetingBoard(options.Self.PeerId, _instance);
        _lan = new LanRendezvous(options.Entropy, now);
        _interfaces = interfaces;
        _lan.SetAddresses(UsesLan ? interfaces : [], now);
        _ports = ports;
        _gatherer = new IceGatherer(options.Servers, options.RelayOnly, options.Entropy);
        _gatherer.SetSockets([.. ports.Select(port => port.Address)], now);
        _mapper = options is { MapsPorts: true, RelayOnly: false, Ladder.IsLanOnly: false }
            ? new PortMapper(options.Entropy)
            : null;
        LookForGateways();
        _announceName = options.AnnounceName;
        _ready = new NodeEvent.Ready(
            options.Name.ToString(),
            PeerIdText.Format(options.Self.PeerId),
            PeerIdText.ShortForm(options.Self.PeerId),
            [.. interfaces.Select(one => one.Name)],
            ports.Count == 0 ? 0 : ports[0].Address.Port
        );
        _events.Enqueue(_ready);
        TellNetwork();
        if (AsksToAnnounce)
        {
            _events.Enqueue(new NodeEvent.AnnounceQuestion(options.Name.ToString()));
        }

        OpenServices();
        OpenGuestDesks();
        OpenStoredChats();
        OpenContactLinks();
        OpenStoredFiles();
        foreach (var chat in _chats.Values)
        {
            ExpireImported(chat);
        }

        _indexDue = now + IndexDelay;
        Announce();
        _lan.Browse(true, now);
        PumpGatherer();
        EndTurn(now, wall);
    }

    /// <summary>
    /// Called before a turn that received messages is made durable. Events may be shown now to whoever ends together with this process, and to
    /// nobody else.
    /// </summary>
    public Action? MessagesReceived { get; set; }

    /// <summary>Called as soon as frames that say what was just made durable may leave; datagrams are taken then, before the turn's other work.</summary>
    public Action? FramesReady { get; set; }

    /// <summary>Whether the engine has said its goodbyes and may be thrown away once drained.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Datagrams that made no sense or belonged to nobody.</summary>
    public long DroppedDatagrams => _links.DroppedDatagrams + _droppedSignals;

    /// <summary>What is held at the moment.</summary>
    public EngineLoad Load =>
        new(
            _links.All.Count(),
            _offers.Count,
            _requests.Waiting.Count,
            _parked.Count,
            _bareNames.Count,
            _board.Peers.Count(),
            _links.All.Sum(link => link.EarlyTraffic.Sum(early => early.Frame.Length))
        );

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var earliest = Instant.Earliest(
                Instant.Earliest(_lan.NextDeadline, _leaveBy),
                _board.NextDeadline
            );
            earliest = Instant.Earliest(earliest, _links.NextDeadline);
            earliest = Instant.Earliest(earliest, _guests.NextDeadline);
            earliest = Instant.Earliest(earliest, _gatherer.NextDeadline);
            earliest = Instant.Earliest(earliest, NextReachDeadline);
            earliest = Instant.Earliest(earliest, NextSilenceDeadline);
            earliest = Instant.Earliest(earliest, NextSleepLook);
            earliest = Instant.Earliest(earliest, NextMappingDeadline);
            earliest = Instant.Earliest(earliest, NextMemberRelayDeadline);
            earliest = Instant.Earliest(earliest, NextBeyondDeadline);
            earliest = Instant.Earliest(earliest, Instant.Earliest(_introduceAt, NextCodeDeadline));
            foreach (var offer in _offers.Values)
            {
                earliest = Instant.Earliest(earliest, offer.NextDeadline);
            }

            foreach (var chat in _chats.Values)
            {
                earliest = Instant.Earliest(earliest, chat.Room?.NextDeadline);
            }

            foreach (var request in _requests.Waiting)
            {
                earliest = Instant.Earliest(earliest, request.ExpiresAt);
            }

            earliest = Instant.Earliest(earliest, _sweepDue);
            earliest = Instant.Earliest(earliest, NextFileDeadline);
            return Instant.Earliest(Instant.Earliest(earliest, _indexDue), NextTypingDeadline);
        }
    }

    /// <summary>The machine's addresses changed.</summary>
    public void SetPorts(
        IReadOnlyList<LocalPort> ports,
        IReadOnlyList<LanInterface> interfaces,
        Instant now,
        WallTime wall
    )
    {
        (_now, _wall, _ports, _interfaces) = (now, wall, ports, interfaces);
        _ready = _ready with
        {
            Interfaces = [.. interfaces.Select(one => one.Name)],
            Port = ports.Count == 0 ? 0 : ports[0].Address.Port,
        };
        TellNetwork();
        _lan.SetAddresses(UsesLan ? interfaces : [], now);
        RetryEverything();
        _gatherer.SetSockets([.. ports.Select(port => port.Address)], now);
        LookForGateways();
        FollowAddresses(onlyLost: false);
        PumpGatherer();
        PumpLinks();
    }

    /// <summary>Takes in a datagram that arrived at one of the node's sockets; the bytes may be changed.</summary>
    public void HandleDatagram(
        Instant now,
        WallTime wall,
        TransportAddress local,
        TransportAddress remote,
        Span<byte> payload
    )
    {
        (_now, _wall) = (now, wall);
        if (_options.Ladder.IsLanOnly && !IsOnLink(remote))
        {
            _droppedSignals++;
            return;
        }

        var verdict = _gatherer.HandleDatagram(now, ref local, ref remote, ref payload);
        if (verdict == GatheringVerdict.Done)
        {
            PumpGatherer();
        }
        else if (
            verdict == GatheringVerdict.NotOurs
            && _mapper?.HandleDatagram(now, local, remote, payload) == true
        )
        {
            PumpMapper();
        }
        else if (verdict == GatheringVerdict.Relayed || !_options.RelayOnly)
        {
            HandlePeersDatagram(local, remote, payload);
        }
        else
        {
            _droppedSignals++; // who is reached by relays alone answers nothing else
        }
    }

    private void HandlePeersDatagram(TransportAddress local, TransportAddress remote, Span<byte> payload)
    {
        if (SignalDatagram.IsSignal(payload))
        {
            if (SignalDatagram.TryParse(payload, out var signal))
            {
                HandleSignal(local, remote, signal);
            }
            else
            {
                _droppedSignals++;
            }
        }
        else if (_guests.TryHandleDatagram(_now, local, remote, payload))
        {
            PumpGuests();
        }
        else
        {
            _links.HandleDatagram(_now, local, remote, payload);
            PumpLinks();
        }
    }

    /// <summary>Takes in a multicast DNS datagram.</summary>
    public void HandleMulticast(
        Instant now,
        WallTime wall,
        int interfaceIndex,
        TransportAddress remote,
        ReadOnlySpan<byte> payload
    )
    {
        (_now, _wall) = (now, wall);
        _lan.HandleDatagram(now, interfaceIndex, remote, payload);
        PumpLan();
    }

    /// <summary>Lets time pass.</summary>
    public void HandleDeadline(Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        if (_lan.NextDeadline <= now)
        {
            _lan.HandleDeadline(now);
            PumpLan();
        }

        if (wall.UtcDay != _announcedDay)
        {
            Announce();
            foreach (var chat in _chats.Values)
            {
                ExpireImported(chat);
            }
        }

        if (_gatherer.NextDeadline <= now)
        {
            _gatherer.HandleDeadline(now);
            PumpGatherer();
        }

        HandleMappingDeadline();
        HandleMemberRelayDeadline();
        HandleOfferDeadlines();
        HandleReachDeadline();
        HandleIntroductionDeadline();
        AskBeyond();
        HandleCodeDeadline();
        EndOldRequests();
        HandleIndexDeadline();
        HandleTypingDeadline();
        HandleSweepDeadline();
        FollowLag();
        _links.HandleDeadline(now);
        PumpLinks();
        _guests.HandleDeadline(now);
        PumpGuests();
        _board.HandleDeadline(now);
        PumpBoard();
        foreach (var chat in _chats.Values)
        {
            if (chat.Room is { } room && room.NextDeadline <= now)
            {
                room.HandleDeadline(now, wall);
            }
        }
    }

    /// <summary>Ends a turn: room events become node events, the store commits, frames go to the links.</summary>
    /// <exception cref="StorageException">What was to be stored could not be; nothing of this turn was sent.</exception>
    public void EndTurn(Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        FollowSleep();
        _board.HandleDeadline(now);
        PumpBoard();
        PumpRooms();
        if (_hasReceived)
        {
            _hasReceived = false;
            MessagesReceived?.Invoke();
        }

        foreach (var chat in _chats.Values)
        {
            chat.Room?.StateReceived(now, wall);
        }

        CommitWritten();
        while (_afterCommit.TryDequeue(out var send))
        {
            send();
        }

        SendRoomFrames();
        FramesReady?.Invoke();
        PumpFiles();
        PumpLinks();
        PumpRooms();
        FollowSilence();
        Reach();
        DropBeyondQuestions();
        CommitWritten();
        TruncateErased();
        TellChats();
        LeaveWhenDone();
    }

    private void CommitWritten()
    {
        foreach (var chat in _chats.Values)
        {
            chat.Room?.SignWritten();
        }

        _store.Commit();
    }

    /// <summary>Takes the next datagram to send from one of the node's sockets; its bytes are valid until the next call.</summary>
    public bool TryTakeTransmit(out Datagram datagram)
    {
        while (
            _signals.TryDequeue(out datagram)
            || _links.TryTakeTransmit(out datagram)
            || _guests.TryTakeTransmit(out datagram)
        )
        {
            if (VirtualAddress.TryRead(datagram.Local, out _))
            {
                SendByMember(datagram);
                continue;
            }

            if (_options.Ladder.IsLanOnly && !IsOnLink(datagram.Remote))
            {
                continue; // whatever led to it: nothing leaves the link
            }

            if (!_gatherer.IsRelayed(datagram.Local))
            {
                return true;
            }

            _gatherer.Send(datagram, _now);
            PumpGatherer();
        }

        return _gatherer.TryTakeTransmit(out datagram);
    }

    /// <summary>Takes the next multicast DNS datagram to send.</summary>
    public bool TryTakeMulticast(out MulticastDatagram datagram) => _lan.TryTakeTransmit(out datagram);

    /// <summary>Takes the next event for the faces.</summary>
    public bool TryTakeEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NodeEvent? happened) =>
        _events.TryDequeue(out happened);

    /// <summary>Takes the next piece of slow work.</summary>
    public bool TryTakeEffect([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EngineEffect? effect) =>
        _effects.TryDequeue(out effect);

    private void PumpLan()
    {
        while (_lan.TryTakeEvent(out var happened))
        {
            _board.HandleLanEvent(happened, _wall, _now);
            if (happened is LanEvent.PeerFound found)
            {
                LookForCopies(found.Peer);
                OpenFirewall(found.Peer);
                DeriveAhead(found.Peer);
                LearnName(found.Peer);
            }
            else if (happened is LanEvent.PeerChanged changed)
            {
                LookForCopies(changed.Peer);
                LearnName(changed.Peer);
            }
            else if (happened is LanEvent.PeerLost lost)
            {
                DropOffersTo(lost.InstanceId);
            }
            else if (happened is LanEvent.HostNameResolved resolved)
            {
                HandleHostName(resolved);
            }
        }
    }

    private void PumpBoard()
    {
        while (_board.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case MeetingEvent.Dial dial:
                    Dial(dial);
                    break;
                case MeetingEvent.ChoiceNeeded choice:
                    TellChoice(choice);
                    break;
                case MeetingEvent.KeyDiffers differs:
                    TellKeyDiffers(differs);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Puts oneself on the network: always the tags, the name and id only where the user agreed.</summary>
    /// <summary>Whether the user has yet to say if the name may be announced; nobody is asked about a network on which nothing is announced.</summary>
    private bool AsksToAnnounce => _announceName is null && UsesLan;

    private void Announce()
    {
        var named = _announceName == true;
        if (_announcedDay != _wall.UtcDay)
        {
            _tagCache.Clear();
        }

        _reachIsDue = true;
        _announcedDay = _wall.UtcDay;
        _board.IdIsAnnounced = named;
        _lan.Announce(
            new LanAnnouncement(
                _instance,
                named ? _options.Name.ToString() : null,
                named ? PeerIdText.Format(_options.Self.PeerId) : null,
                _board.AnnouncedTags(_wall)
            ),
            _now
        );
    }

    private void Notice(string? chat, NoticeCode code, string text) =>
        _events.Enqueue(new NodeEvent.Notice(chat, code, text));
}
