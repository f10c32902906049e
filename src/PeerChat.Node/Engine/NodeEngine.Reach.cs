using System.Security.Cryptography;
using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rendezvous.PeerServer;
using PeerChat.Rendezvous.Services;
using PeerChat.Rendezvous.Trackers;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>Meeting through services: where to listen, when to offer, and what comes back (design section 8).</summary>
/// <remarks>
/// The nearer rung begins a moment before the farther one, so that who sits at the next desk is met without a word to anybody
/// else. One offer goes by all of them, under a tag of its own on each. Whoever has met is left in peace by the services.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>Services used at once: those named, and those that links name.</summary>
    internal const int MaxServices = 12;

    /// <summary>Offers under way through services; each holds a connection that is not made yet.</summary>
    internal const int MaxCarriedOffers = 8;

    private const string TokenSetting = "service token";
    private const int TokenBytes = 16;

    /// <summary>A LAN has answered by then.</summary>
    private static readonly TimeSpan PeerServerStagger = TimeSpan.FromMilliseconds(400);

    /// <summary>A PeerServer has answered by then: trackers hear of fewer.</summary>
    private static readonly TimeSpan TrackerStagger = TimeSpan.FromMilliseconds(1200);

    private static readonly TimeSpan LongestReachPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstReachRetry = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LastReachRetry = TimeSpan.FromMinutes(5);

    private readonly List<RungService> _services = [];
    private readonly Dictionary<int, CarriedOffer> _carried = [];
    private readonly Dictionary<SignalKeys, Dictionary<(Rung, uint, bool), SignalTag>> _tagCache = [];
    private byte[] _tokenSecret = [];
    private bool _reachIsDue = true;
    private Instant? _nextReach;

    /// <summary>A WebSocket to a service stands.</summary>
    public void HandleWebSocketOpened(int service, int socket, Instant now, WallTime wall) =>
        WithService(service, now, wall, one => one.Machine.HandleOpened(socket, now));

    /// <summary>A service said something.</summary>
    public void HandleWebSocketText(int service, int socket, string text, Instant now, WallTime wall) =>
        WithService(service, now, wall, one => one.Machine.HandleText(socket, text, now));

    /// <summary>A WebSocket to a service did not come about, or is over.</summary>
    public void HandleWebSocketClosed(int service, int socket, string reason, Instant now, WallTime wall) =>
        WithService(service, now, wall, one => one.Machine.HandleClosed(socket, reason, now));

    private Instant? NextReachDeadline
    {
        get
        {
            var earliest = _services.Count > 0 ? _nextReach : null;
            foreach (var service in _services)
            {
                earliest = Instant.Earliest(earliest, service.Machine.NextDeadline);
            }

            foreach (var offer in _carried.Values)
            {
                earliest = Instant.Earliest(earliest, offer.NextDeadline);
            }

            return earliest;
        }
    }

    private void OpenServices()
    {
        foreach (var hint in _options.Ladder.Services)
        {
            ServiceOf(hint, isNamed: true);
        }
    }

    /// <summary>The machine of a service; null where it may not be used, or makes no sense, or there are too many.</summary>
    private RungService? ServiceOf(ServiceHint hint, bool isNamed)
    {
        if (!_options.Ladder.Rungs.Contains(hint.Rung) || (!isNamed && _options.RelayOnly))
        {
            return null; // who hides their address shows it to no service that they did not choose
        }

        IRendezvous? machine = null;
        if (hint.Rung == Rung.PeerServer && PeerServerAddress.TryParse(hint.Url, out var server))
        {
            machine = new PeerServerRendezvous(server, _options.Entropy);
        }
        else if (hint.Rung == Rung.Tracker && TrackerAddress.TryParse(hint.Url, out var tracker))
        {
            machine = new TrackerRendezvous(tracker, _options.Entropy);
        }

        if (machine is null)
        {
            return null;
        }

        var known = _services.Find(one => one.Rung == hint.Rung && one.Machine.Endpoint == machine.Endpoint);
        if (known is not null || _services.Count == MaxServices)
        {
            return known;
        }

        var service = new RungService(_services.Count + 1, hint.Rung, machine, isNamed);
        _services.Add(service);
        return service;
    }

    private void WithService(int number, Instant now, WallTime wall, Action<RungService> handle)
    {
        (_now, _wall) = (now, wall);
        if (number > 0 && number <= _services.Count)
        {
            handle(_services[number - 1]);
            PumpServices();
        }
    }

    private void HandleReachDeadline()
    {
        foreach (var service in _services.Where(one => one.Machine.NextDeadline <= _now))
        {
            service.Machine.HandleDeadline(_now);
        }

        foreach (var (id, offer) in _carried.ToList())
        {
            Carry(offer);
            if (offer.EndsAt <= _now)
            {
                _links.Find(id)?.Close(LinkFailure.Local, "", _now);
            }
        }

        _reachIsDue |= _nextReach <= _now;
        PumpServices();
        PumpLinks();
    }

    /// <summary>Where to listen and whom to offer, as things stand; at the end of a turn in which they changed.</summary>
    private void Reach()
    {
        if (!_reachIsDue)
        {
            return;
        }

        (_reachIsDue, _nextReach) = (false, null);
        var points = _board.Points.Where(InReach).OrderByDescending(point => point.IsActive).ToList();
        foreach (var hint in points.SelectMany(point => point.Hints).Distinct().ToList())
        {
            ServiceOf(hint, isNamed: false);
        }

        if (_services.Count == 0)
        {
            return;
        }

        foreach (var point in points)
        {
            point.ReachFrom ??= _now;
        }

        // The neighbouring day's tag begins and ends between two changes, and so do duties
        _nextReach = Instant.Earliest(_now + LongestReachPause, DutyEnds);

        foreach (var service in _services)
        {
            ListenAt(service, points);
        }

        foreach (var point in points)
        {
            OfferThroughServices(point);
            foreach (var end in new[] { point.LooksUntil, point.StepsAsideUntil }.Where(end => end > _now))
            {
                _nextReach = Instant.Earliest(_nextReach, end);
            }
        }

        PumpServices();
    }

    /// <summary>Whether services may be used to meet this at all.</summary>
    private bool InReach(MeetingPoint point) =>
        point.Keys is not null
        && !MeetingBoard.IsAtRest(point)
        && (!point.IsGuessable || _options.Ladder.IsPublic || point.LooksBeyond);

    private bool Serves(RungService service, MeetingPoint point) =>
        service.IsNamed
        || point.Hints.Any(hint => hint.Rung == service.Rung && ServiceOf(hint, isNamed: false) == service);

    /// <summary>Whether the one, or somebody of the room, is connected.</summary>
    private bool IsMet(MeetingPoint point) =>
        point.Context switch
        {
            HelloContext.Contact => IsLinked(point.Expected!.Value),
            HelloContext.Invitation => point.IsJoiner && IsLinked(point.Expected!.Value),
            HelloContext.Stranger => point.Expected is { } id && IsLinked(id),
            _ => LinkedMembers(point).Any(),
        };

    /// <summary>Whether a link to them stands that answers, or did a moment ago.</summary>
    private bool IsLinked(PeerId peer) => _links.FindAuthenticated(peer) is { } link && !IsDoubtful(link);

    private void ListenAt(RungService service, List<MeetingPoint> points)
    {
        var stagger = service.Rung == Rung.Tracker ? TrackerStagger : PeerServerStagger;
        var meetings = new List<ServiceMeeting>();
        service.Tags.Clear();
        foreach (var point in points.Where(one => Serves(service, one) && !one.IsJoiner))
        {
            var from = point.ReachFrom!.Value + stagger;
            if (from > _now)
            {
                _nextReach = Instant.Earliest(_nextReach, from);
            }
            else
            {
                foreach (var day in SignalTag.DaysAt(_wall))
                {
                    var tag = TagOf(point, service.Rung, day, isListening: true).ToString();
                    var isDoor = point.IsDoor && service.Rung == Rung.PeerServer;
                    if (
                        (isDoor && point.StepsAsideUntil > _now)
                        || (IsMet(point) && !KeepsTheDoor(point) && !service.OwnDoors.Contains(tag))
                    )
                    {
                        continue;
                    }

                    service.Tags[tag] = point;
                    meetings.Add(new ServiceMeeting(tag, TokenOf(tag), isDoor));
                }
            }
        }

        if (_probe is { } probe && _probeEnd > _now)
        {
            meetings.Add(new ServiceMeeting(probe, TokenOf(probe), IsDoor: false));
            _nextReach = Instant.Earliest(_nextReach, _probeEnd);
        }

        service.OwnDoors.RemoveWhere(door => !service.Tags.ContainsKey(door));
        service.Machine.Listen(meetings, _now);
    }

    private void OfferThroughServices(MeetingPoint point)
    {
        if (point.IsInviter || IsOfferOut(point))
        {
            return;
        }

        if (IsMet(point))
        {
            if (!KeepsTheDoor(point))
            {
                point.ReachDialAt = null;
                return;
            }

            // Two parts of a room that met separately find each other by this.
            point.ReachDialAt ??= _now + BackOff.Jitter(_options.Entropy, MergePause);
        }

        var carriers = _services.Where(service => Serves(service, point) && LeadsTo(service, point)).ToList();
        if (carriers.Count == 0)
        {
            return; // a door that is found held is an offer at once
        }

        point.ReachDialAt ??= point.ReachFrom!.Value + PeerServerStagger;
        if (point.ReachDialAt > _now)
        {
            _nextReach = Instant.Earliest(_nextReach, point.ReachDialAt);
        }
        else if (_carried.Count >= MaxCarriedOffers || !_links.HasRoom || MustWaitForCandidates)
        {
            _nextReach = Instant.Earliest(_nextReach, _now + SharedDialWait);
        }
        else
        {
            MakeCarriedOffer(point, carriers);
        }
    }

    /// <summary>Whether an offer through services is under way; the link that one led to is none.</summary>
    private bool IsOfferOut(MeetingPoint point) =>
        point.ReachLink is { } link && _links.Find(link) is { Phase: not LinkPhase.Authenticated };

    /// <summary>Whether an offer given to this service may reach anybody: nobody offers to the door that they hold themselves.</summary>
    private bool LeadsTo(RungService service, MeetingPoint point) =>
        service.Rung == Rung.Tracker
        || !point.IsDoor
        || service.HeldDoors.Contains(
            TagOf(point, service.Rung, _wall.UtcDay, isListening: false).ToString()
        );

    private void MakeCarriedOffer(MeetingPoint point, List<RungService> carriers)
    {
        var (link, body) = NewOffer(point, isForOthers: IsOfRoom(point) && IsMet(point));
        var offer = new CarriedOffer(point, body, _now);
        foreach (var service in carriers)
        {
            var isSecond = service.Rung == Rung.Tracker && carriers.Exists(one => one.Rung != Rung.Tracker);
            offer.Add(service.Number, isSecond ? _now + (TrackerStagger - PeerServerStagger) : _now);
        }

        (point.ReachDialAt, point.ReachLink) = (null, link.Id);
        _carried.Add(link.Id, offer);
        Carry(offer);
        MarkDirty(point.Chat);
    }

    private (PeerLink Link, SignalBody Body) NewOffer(MeetingPoint point, bool isForOthers)
    {
        var connection = NewConnection(isOfferer: true, []);
        var link = _links.Add(connection, PlanFor(point, isDialler: true));
        _linkRemotes.Add(link.Id, []);
        _linkPoints[link.Id] = point;
        var body = SignalBody.Offer(
            OfferId.Create(_options.Entropy),
            _options.Self.PeerId,
            DescriptionCodec.Write(connection.LocalDescription, isForOthers)
        );
        LedgerOf(point.Keys!).Open(_now, body);
        link.OfferId = body.OfferId;
        return (link, body);
    }

    private void Carry(CarriedOffer offer)
    {
        while (offer.TryTakeDue(_now, out var number))
        {
            if (number < 0)
            {
                CarryByMember(offer, -number);
                continue;
            }

            var service = _services[number - 1];
            var tag = TagOf(offer.Point, service.Rung, _wall.UtcDay, isListening: false);
            offer.Tags.Add(tag);
            service.Machine.Offer(
                tag.ToString(),
                SealedSignal.Seal(_options.Entropy, offer.Point.Keys!, tag, offer.Body),
                _now
            );
        }
    }

    /// <summary>The tag of a service: at a door, and at trackers, all meet under one; otherwise it names who listens.</summary>
    private SignalTag TagOf(MeetingPoint point, Rung rung, uint day, bool isListening)
    {
        if (!_tagCache.TryGetValue(point.Keys!, out var tags))
        {
            tags = [];
            _tagCache.Add(point.Keys!, tags);
        }

        if (!tags.TryGetValue((rung, day, isListening), out var tag))
        {
            var isShared = rung == Rung.Tracker || point.IsDoor;
            tag = SignalTag.Compute(
                point.Keys!,
                rung,
                day,
                isShared ? null
                    : isListening ? _options.Self.PeerId
                    : point.Expected
            );
            tags.Add((rung, day, isListening), tag);
        }

        return tag;
    }

    /// <summary>What proves to a PeerServer that a tag is still held by the same: of chance, kept over restarts, another for each tag.</summary>
    private string TokenOf(string tag)
    {
        if (_tokenSecret.Length == 0)
        {
            var stored = _store.Settings.Read(TokenSetting);
            _tokenSecret = stored is null ? _options.Entropy.Bytes(32) : Convert.FromHexString(stored);
            if (stored is null)
            {
                _store.Settings.Write(TokenSetting, Convert.ToHexStringLower(_tokenSecret));
            }
        }

        return Convert.ToHexStringLower(
            HMACSHA256.HashData(_tokenSecret, System.Text.Encoding.ASCII.GetBytes(tag)).AsSpan(0, TokenBytes)
        );
    }

    private void PumpServices()
    {
        foreach (var service in _services)
        {
            while (service.Machine.TryTakeEvent(out var happened))
            {
                HandleServiceEvent(service, happened);
            }

            while (service.Machine.TryTakeRequest(out var request))
            {
                _effects.Enqueue(
                    request switch
                    {
                        ServiceRequest.Open open => new EngineEffect.OpenWebSocket(
                            service.Number,
                            open.Socket,
                            open.Url,
                            [.. _ports.Select(port => port.Address)]
                        ),
                        ServiceRequest.Send send => new EngineEffect.SendWebSocket(
                            service.Number,
                            send.Socket,
                            send.Text
                        ),
                        ServiceRequest.Close close => new EngineEffect.CloseWebSocket(
                            service.Number,
                            close.Socket
                        ),
                        _ => throw new InvalidOperationException($"Nobody does {request.GetType().Name}."),
                    }
                );
            }
        }
    }

    private void HandleServiceEvent(RungService service, ServiceEvent happened)
    {
        switch (happened)
        {
            case ServiceEvent.OfferReceived received:
                HandleServiceOffer(service, received);
                break;
            case ServiceEvent.AnswerReceived received:
                HandleServiceAnswer(service, received);
                break;
            case ServiceEvent.NobodyThere nobody:
                GiveUp(service, nobody.Tag);
                break;
            case ServiceEvent.DoorHeld held:
                HandleDoorHeld(service, held.Tag);
                break;
            case ServiceEvent.DoorOpened opened:
                service.HeldDoors.Remove(opened.Tag);
                service.OwnDoors.Add(opened.Tag);
                break;
            case ServiceEvent.GuestOffered guest:
                HandleGuestOffer(service, guest.Offer);
                break;
            case ServiceEvent.GuestCandidate candidate:
                _guests.HandleCandidate(
                    service.Number,
                    candidate.Peer,
                    candidate.ConnectionId,
                    candidate.Candidate,
                    _now
                );
                break;
            case ServiceEvent.GuestLeft left:
                _guests.Find(service.Number, left.Peer)?.Close(_now, tellsPage: false);
                PumpGuests();
                break;
            case ServiceEvent.GuestNameTaken taken when !service.ToldGuestName:
                service.ToldGuestName = true;
                Notice(
                    null,
                    NoticeCode.Information,
                    $"Guests do not find you at {service.Machine.Endpoint}: somebody else is {taken.Name} there. PeerChat goes on trying."
                );
                break;
            case ServiceEvent.StateChanged:
                TellService(service);
                break;
            default:
                break;
        }
    }

    private void HandleServiceOffer(RungService service, ServiceEvent.OfferReceived received)
    {
        if (
            service.Tags.GetValueOrDefault(received.From.Tag) is { Keys: { } keys } point
            && SignalTag.TryParse(Convert.FromHexString(received.From.Tag), out var tag)
            && _opener.TryOpen(_now, keys, tag, received.Blob.Span, out var body) == SignalRefusal.None
            && body is { Type: SignalType.Offer }
            && body.Sender != _options.Self.PeerId
        )
        {
            AnswerOffer(new AnswerPath.Service(service, received.From), tag, keys, point, body);
        }
        else
        {
            _droppedSignals++;
        }
    }

    private void HandleServiceAnswer(RungService service, ServiceEvent.AnswerReceived received)
    {
        if (
            received.Tag.Length == SignalTag.Size * 2
            && received.Tag.All(char.IsAsciiHexDigit)
            && SignalTag.TryParse(Convert.FromHexString(received.Tag), out var tag)
            && TakeCarriedAnswer(tag, received.Blob, service.Rung)
        )
        {
            return;
        }

        _droppedSignals++;
    }

    private bool TakeCarriedAnswer(SignalTag tag, ReadOnlyMemory<byte> blob, Rung rung)
    {
        foreach (var (id, offer) in _carried.ToList())
        {
            if (offer.Tags.Contains(tag) && TakeAnswer(id, offer.Point, offer.Body, tag, blob.Span))
            {
                _carried.Remove(id);
                Withdraw(offer);
                _linkRungs[id] = rung;
                return true;
            }
        }

        return false;
    }

    /// <summary>The services need not carry it any more.</summary>
    private void Withdraw(CarriedOffer offer)
    {
        foreach (var tag in offer.Tags)
        {
            foreach (var service in _services)
            {
                service.Machine.Withdraw(tag.ToString(), _now);
            }
        }
    }

    private void GiveUp(RungService service, string tag)
    {
        foreach (var (id, offer) in _carried.ToList())
        {
            if (offer.Tags.Any(one => one.ToString() == tag))
            {
                offer.GiveUp(service.Number);
                if (offer.IsHopeless)
                {
                    _links.Find(id)?.Close(LinkFailure.Local, "", _now);
                }
            }
        }

        service.HeldDoors.Remove(tag); // whoever held it has gone
        PumpLinks();
    }

    private void HandleDoorHeld(RungService service, string tag)
    {
        if (service.Tags.GetValueOrDefault(tag) is { } point)
        {
            service.HeldDoors.Add(tag);
            service.OwnDoors.Remove(tag);
            if (!IsOfferOut(point) && (!IsMet(point) || point.LooksUntil > _now))
            {
                point.ReachDialAt = _now;
            }

            _reachIsDue = true;
        }
    }

    private void TellService(RungService service)
    {
        foreach (var point in _board.Points.Where(InReach))
        {
            MarkDirty(point.Chat);
        }

        var state = service.Machine.State;
        if (state == ServiceState.Failed && !service.ToldFailure)
        {
            service.ToldFailure = true;
            var (endpoint, problem) = (service.Machine.Endpoint, service.Machine.Problem);
            Notice(
                null,
                NoticeCode.Information,
                service.Rung == Rung.Tracker
                    ? $"The tracker {endpoint} {problem}. PeerChat goes on trying."
                    : $"The PeerServer {endpoint} {problem}. PeerChat goes on trying."
            );
        }
        else if (state == ServiceState.Ready)
        {
            service.ToldFailure = false;
        }
    }

    /// <summary>A link that services led to is over; the next offer comes after a wait that doubles with each failure.</summary>
    private void ReachEnded(MeetingPoint point, int link, bool succeeded)
    {
        if (point.ReachLink == link)
        {
            point.ReachLink = null;
            point.ReachFailures = succeeded ? 0 : point.ReachFailures + 1;
            var wait = FirstReachRetry * Math.Pow(2, Math.Min(point.ReachFailures, 8) - 1);
            var next = BackOff.Jitter(
                _options.Entropy,
                succeeded ? PeerServerStagger
                    : wait < LastReachRetry ? wait
                    : LastReachRetry
            );
            point.ReachDialAt = IsMet(point) ? null : _now + next;
        }
        else if (succeeded && !IsMet(point))
        {
            point.ReachDialAt = null; // it was that of a look for others, or of long ago
        }

        if (succeeded)
        {
            point.ReachFrom = _now; // what is nearer is tried first again
        }
    }

    /// <summary>Two connections to one person came about at the same time: both sides keep the one whose offer has the smaller id.</summary>
    /// <remarks>A link begun after the older one stood did not cross it: the peer was killed and is back, and the older one is dead.</remarks>
    private bool YieldsTo(PeerLink older, PeerLink newer) =>
        older.AuthenticatedAt is { } at
        && newer.Id <= older.NewestWhenAuthenticated
        && _now - at < CarriedOffer.CrossingTime
        && older.OfferId is { } first
        && newer.OfferId is { } second
        && first.Value < second.Value;

    private void WithdrawCarriedOffers(PeerLink met)
    {
        foreach (var (id, offer) in _carried.ToList())
        {
            var isMet = offer.Target is { } target
                ? target == met.Peer!.PeerId
                : offer.Point.Expected == met.Peer!.PeerId || IsMet(offer.Point);
            if (id != met.Id && isMet)
            {
                _links.Find(id)?.Close(LinkFailure.Local, "", _now);
            }
        }
    }

    private void CloseServices()
    {
        foreach (var service in _services)
        {
            service.Machine.Close(_now);
        }

        PumpServices();
    }

    private abstract record AnswerPath
    {
        private AnswerPath() { }

        /// <summary>By UDP, to where the offer came from.</summary>
        internal sealed record Udp(TransportAddress Local, TransportAddress Remote) : AnswerPath;

        /// <summary>Through the service that carried the offer.</summary>
        internal sealed record Service(RungService By, ServiceReturn To) : AnswerPath;

        /// <summary>Through the member who carried the offer.</summary>
        internal sealed record Member(int Link, Rooms.RoomId Room, Rooms.Identity.PeerId To) : AnswerPath;
    }
}
