using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>Offers and answers: dialling, being dialled, and what to do when both cross.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>So many offers of names not derived yet wait at once; each costs the sender a datagram and us a derivation.</summary>
    private const int MaxParkedOffers = 8;

    /// <summary>So many bare names are derived and kept; a LAN party stays below. Those that the user looks for are kept beside.</summary>
    private const int MaxBareNames = 64;

    /// <summary>So many links to people not asked for; the rest is kept for those who are.</summary>
    private const int MaxStrangerLinks = LinkSet.MaxLinks / 2;

    /// <summary>Beyond <see cref="MaxBareNames"/> one more is derived in so long: a flood of invented names costs little, and ends.</summary>
    private static readonly TimeSpan DerivationPause = TimeSpan.FromSeconds(2);

    /// <summary>While a connection to the same machine is being made, other reasons to connect wait: it may serve them too.</summary>
    private static readonly TimeSpan SharedDialWait = TimeSpan.FromMilliseconds(300);

    /// <summary>Two offers for different reasons count as crossed for so long; afterwards ours is taken to be in vain.</summary>
    private static readonly TimeSpan CrossingTime = TimeSpan.FromSeconds(1);

    /// <summary>So long after an offer of theirs was answered, others of theirs by UDP wait: they are sent again, and would only get in its way.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    private readonly Dictionary<int, OutgoingOffer> _offers = [];
    private readonly Dictionary<int, AnsweredOffer> _answers = [];
    private readonly Dictionary<string, SignalKeys?> _bareNames = new(StringComparer.Ordinal);
    private readonly List<ParkedOffer> _parked = [];
    private Instant _nextDerivation;
    private readonly SignalOpener _opener = new();
    private readonly Dictionary<SignalKeys, OfferLedger> _ledgers = [];
    private long _droppedSignals;

    /// <summary>Takes the keys of a bare name in, derived elsewhere.</summary>
    public void HandleBareName(string name, SignalKeys keys, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        _bareNames[name] = keys;
        foreach (var point in _board.Points.Where(point => point.IsBareName && FoldOf(point.Name) == name))
        {
            point.Keys = keys;
            _board.Rematch(point, wall, now);
        }

        Announce();
        foreach (var parked in _parked.Where(parked => parked.Name == name).ToList())
        {
            _parked.Remove(parked);
            if (SignalDatagram.TryParse(parked.Bytes.Span, out var signal))
            {
                HandleSignal(parked.Local, parked.Remote, signal);
            }
        }
    }

    /// <summary>Takes the address of a host in, looked up elsewhere; null when the lookup failed.</summary>
    public void HandleResolvedHost(
        string chat,
        TransportAddress? address,
        string host,
        Instant now,
        WallTime wall
    )
    {
        (_now, _wall) = (now, wall);
        if (_chats.GetValueOrDefault(chat)?.Point is not { } point)
        {
            return;
        }

        if (address is not { } found)
        {
            _events.Enqueue(
                new NodeEvent.JoinFailed(
                    point.Chat,
                    JoinFailure.NobodyFound,
                    $"The host name {host} could not be looked up; check its spelling and this machine's name service.",
                    []
                )
            );
            return;
        }

        point.Direct = found;
        point.DirectDialAt = now;
    }

    /// <summary>Names that differ in case only derive the same keys (docs/decisions/0004).</summary>
    private static DisplayName FoldedForm(DisplayName name) =>
        DisplayName.TryCreate(name.Folded.ToString(), out var folded, out _) ? folded : name;

    private OfferLedger LedgerOf(SignalKeys keys)
    {
        if (!_ledgers.TryGetValue(keys, out var ledger))
        {
            ledger = new OfferLedger();
            _ledgers.Add(keys, ledger);
        }

        return ledger;
    }

    private static string FoldOf(string? name) =>
        name is not null && DisplayName.TryCreate(name, out var own, out _) ? own.Folded.ToString() : "";

    /// <summary>Asks for the keys of a name that somebody else claims; false when too many were asked for lately.</summary>
    private bool RequestClaimedName(DisplayName name)
    {
        if (_bareNames.Count >= MaxBareNames && !_bareNames.ContainsKey(name.Folded.ToString()))
        {
            if (_now < _nextDerivation || !ForgetBareName())
            {
                return false;
            }

            _nextDerivation = _now + DerivationPause;
        }

        RequestBareName(name);
        return true;
    }

    /// <summary>Gives up the keys of one name that nothing depends on.</summary>
    private bool ForgetBareName()
    {
        var idle = _bareNames
            .Where(pair => pair.Value is { } keys && _board.Points.All(point => point.Keys != keys))
            .Select(pair => pair.Key)
            .FirstOrDefault();
        if (idle is null)
        {
            return false;
        }

        _ledgers.Remove(_bareNames[idle]!);
        return _bareNames.Remove(idle);
    }

    /// <summary>Asks for the keys of a bare name once.</summary>
    private void RequestBareName(DisplayName name)
    {
        var folded = name.Folded.ToString();
        if (!_bareNames.TryAdd(folded, null))
        {
            return;
        }

        _effects.Enqueue(
            new EngineEffect.DeriveBareName(folded, FoldedForm(_options.Name), FoldedForm(name))
        );
    }

    /// <summary>An id that was never met is reached under the name it announces.</summary>
    private void LearnName(LanPeer peer)
    {
        if (
            !PeerIdText.TryParse(peer.PeerId ?? "", out var id)
            || !DisplayName.TryCreate(peer.Name ?? "", out var name, out _)
        )
        {
            return;
        }

        foreach (var point in _board.Points.Where(point => point is { IsBareName: true, Name: null }))
        {
            if (point.Expected == id)
            {
                point.Name = name.ToString();
                RequestBareName(name);
                point.Keys = _bareNames[name.Folded.ToString()];
            }
        }
    }

    /// <summary>Derives the keys of a newcomer's name before their offer asks for it, so that the answer is quick.</summary>
    private void DeriveAhead(LanPeer peer)
    {
        // Who shows no tag looks for nobody, and a contact is met under other keys: no reason to spend the rounds.
        var isContact = PeerIdText.TryParse(peer.PeerId ?? "", out var id) && _contacts.Find(id) is not null;
        if (
            _announceName == true
            && peer.Tags.Count > 0
            && !isContact
            && _bareNames.Count < MaxBareNames / 2
            && peer.Name is { } claimed
            && DisplayName.TryCreate(claimed, out var name, out _)
        )
        {
            RequestClaimedName(name);
        }
    }

    /// <summary>Sends one empty datagram to a newcomer, so that a stateful firewall on this host lets their offer in.</summary>
    private void OpenFirewall(LanPeer peer)
    {
        var datagram = new SignalDatagram(
            SignalKind.Open,
            new byte[SignalDatagram.TagSize],
            null,
            default
        ).ToArray();
        foreach (var (local, remote) in PathsTo(peer.Addresses, peer.InterfaceIndex))
        {
            _signals.Enqueue(new Datagram(local, remote, datagram));
        }
    }

    private List<(TransportAddress Local, TransportAddress Remote)> PathsTo(
        IReadOnlyList<TransportAddress> addresses,
        int? interfaceIndex
    ) =>
        [
            .. from remote in addresses
            from port in _ports
            where port.Address.IsIPv6 == remote.IsIPv6
            where port.Address.IsLoopback == remote.IsLoopback
            where interfaceIndex is null || port.InterfaceIndex == interfaceIndex
            select (port.Address, remote),
        ];

    private void Dial(MeetingEvent.Dial dial)
    {
        var point = dial.Point;
        if (StandingLink(point, dial.Encounter, dial.Addresses) is { } standing)
        {
            MeetingBoard.LinkBegan(point, dial.Encounter, standing.Id);
            AskOverLink(point, standing);
            return;
        }

        if (!IsWanted(point, dial.Encounter))
        {
            PutOff(point, dial.Encounter);
            return;
        }

        if (_links.All.Any(link => IsBeingMade(link) && _linkRemotes[link.Id].Any(dial.Addresses.Contains)))
        {
            MeetingBoard.Postpone(point, dial.Encounter, SharedDialWait, _now);
            return;
        }

        if (dial.Encounter is null ? MustWaitForCandidates : MustWaitForServers)
        {
            MeetingBoard.Postpone(point, dial.Encounter, SharedDialWait, _now);
            return;
        }

        var paths = PathsFor(dial.Addresses, dial.Encounter?.Peer.InterfaceIndex);
        if (!_links.HasRoom || paths.Count == 0 || point.Keys is not { } keys)
        {
            MeetingBoard.Postpone(point, dial.Encounter, OutgoingOffer.Lifetime, _now);
            return;
        }

        var connection = NewConnection(isOfferer: true, dial.Addresses);
        var link = _links.Add(connection, PlanFor(point, isDialler: true, dial.Encounter?.Peer));
        _linkRemotes.Add(link.Id, dial.Addresses);
        var body = SignalBody.Offer(
            OfferId.Create(_options.Entropy),
            _options.Self.PeerId,
            DescriptionCodec.Write(connection.LocalDescription)
        );
        var tag = SignalTag.Compute(keys, Rung.Lan, _wall.UtcDay, listener: null);
        var datagram = new SignalDatagram(
            SignalKind.Offer,
            tag.ToArray(),
            point.IsBareName ? _options.Name.ToString() : null,
            SealedSignal.Seal(_options.Entropy, keys, tag, body)
        );
        LedgerOf(keys).Open(_now, body);
        link.OfferId = body.OfferId;
        _offers.Add(link.Id, new OutgoingOffer(point, body, tag, datagram.ToArray(), paths, _now));
        _linkPoints[link.Id] = point;
        _linkRungs[link.Id] = dial.Encounter is null ? Rung.Direct : Rung.Lan;
        if (dial.Encounter is { } met)
        {
            _linkInstances[link.Id] = met.Peer.InstanceId;
        }

        MeetingBoard.LinkBegan(point, dial.Encounter, link.Id);
        HandleOfferDeadlines();
        MarkDirty(point.Chat);
    }

    private static bool IsBeingMade(PeerLink link) =>
        link.Phase is LinkPhase.Offering or LinkPhase.Connecting;

    /// <summary>A link that already stands to the node of this encounter, or to this address.</summary>
    private PeerLink? StandingLink(
        MeetingPoint point,
        Encounter? encounter,
        IReadOnlyList<TransportAddress> addresses
    )
    {
        if (encounter is null && point.Expected is { } known && _links.FindAuthenticated(known) is { } met)
        {
            return met;
        }

        foreach (var link in _links.All.Where(link => link.Phase == LinkPhase.Authenticated))
        {
            // A link that was answered before its dialler's announcement came is known by its address alone.
            var instance = _linkInstances.GetValueOrDefault(link.Id);
            var sameNode =
                encounter is null || instance is null
                    ? link.Connection.SelectedRemote is { } remote && addresses.Contains(remote)
                    : instance == encounter.Peer.InstanceId
                        && (
                            encounter.Peer.PeerId is not { } id || id == PeerIdText.Format(link.Peer!.PeerId)
                        );
            if (sameNode && (point.Expected is null || point.Expected == link.Peer!.PeerId))
            {
                return link;
            }
        }

        return null;
    }

    /// <summary>Whoever announced an id has to prove that one: between the announcement and the answer somebody may have stepped in.</summary>
    private HelloPlan PlanFor(MeetingPoint point, bool isDialler, LanPeer? announced = null) =>
        new(
            point.Context,
            point.KnockKey,
            _options.Self,
            _options.Name,
            point.Context is HelloContext.OpenRoom or HelloContext.Room || IsInvitersPoint(point) ? null
                : point.Expected is null
                && PeerIdText.TryParse(announced?.PeerId ?? "", out var id)
                && !id.Value.IsZero
                    ? id
                : point.Expected,
            isDialler
        )
        {
            IsJoiner = point.IsJoiner,
        };

    private static bool IsInvitersPoint(MeetingPoint point) =>
        point is { Context: HelloContext.Invitation, IsJoiner: false };

    private void HandleOfferDeadlines()
    {
        foreach (var (id, offer) in _offers.ToList())
        {
            if (offer.NextDeadline > _now)
            {
                continue;
            }

            if (offer.IsOver(_now))
            {
                _links
                    .Find(id)
                    ?.Close(
                        LinkFailure.Unreachable,
                        "Nothing came back from the other side's machine; a firewall there or here is the likely cause.",
                        _now
                    );
                continue;
            }

            offer.HandleDeadline(_now, _signals);
            if (offer.SuspectsFirewall(_now) && !offer.Point.FirewallNoticed && !IsGuess(id))
            {
                offer.Point.FirewallNoticed = true;
                TellSilence(offer);
                MarkDirty(offer.Point.Chat);
            }
        }

        PumpLinks();
    }

    /// <summary>Whether a link is no more than an offer to where somebody was met before, or that services carry: nobody is found yet.</summary>
    private bool IsGuess(int link) =>
        _carried.ContainsKey(link)
        || (
            _offers.TryGetValue(link, out var offer)
            && offer.Point.Direct is null
            && _linkRungs.GetValueOrDefault(link) == Rung.Direct
        );

    private void TellSilence(OutgoingOffer offer)
    {
        var remotes = offer.Paths.Select(path => path.Remote).Distinct().ToList();
        var where = string.Join(", ", remotes);
        if (remotes.TrueForAll(remote => remote.IsLoopback))
        {
            // On one machine nothing stands between: that process was killed, or hangs.
            Notice(
                offer.Point.Chat,
                NoticeCode.Information,
                $"{TitleOf(offer.Point.Chat)} was found on this machine at {where}, but has not answered for 5 s: that process has "
                    + "probably just ended. PeerChat goes on looking."
            );
            return;
        }

        Notice(
            offer.Point.Chat,
            NoticeCode.FirewallLikely,
            $"{TitleOf(offer.Point.Chat)} was found at {where}, but no answer has come for 5 s: the likely cause is a "
                + $"firewall on either machine. Allow UDP port {_ports[0].Address.Port} in, or use --peer."
        );
    }

    /// <summary>Whoever said goodbye will not answer.</summary>
    private void DropOffersTo(string instance)
    {
        foreach (
            var (link, _) in _linkInstances
                .Where(pair => pair.Value == instance && _offers.ContainsKey(pair.Key))
                .ToList()
        )
        {
            _links.Find(link)?.Close(LinkFailure.Local, "", _now);
        }

        PumpLinks();
    }

    private void HandleSignal(TransportAddress local, TransportAddress remote, SignalDatagram signal)
    {
        switch (signal.Kind)
        {
            case SignalKind.Offer:
                HandleOfferDatagram(local, remote, signal);
                break;
            case SignalKind.Answer:
                HandleAnswerDatagram(signal);
                break;
            default:
                break; // Open: its arrival at the firewall was its purpose
        }
    }

    private void HandleAnswerDatagram(SignalDatagram signal)
    {
        foreach (var (id, offer) in _offers.ToList())
        {
            if (
                SignalTag.TryParse(signal.Tag.Span, out var tag)
                && tag == offer.Tag
                && TakeAnswer(id, offer.Point, offer.Body, tag, signal.Blob.Span)
            )
            {
                _offers.Remove(id);
                return;
            }
        }

        _droppedSignals++;
    }

    /// <summary>Opens what may be the answer to an offer; the connection begins where it is.</summary>
    private bool TakeAnswer(
        int id,
        MeetingPoint point,
        SignalBody offer,
        SignalTag tag,
        ReadOnlySpan<byte> blob
    )
    {
        if (
            point.Keys is not { } keys
            || _opener.TryOpen(_now, keys, tag, blob, out var body) != SignalRefusal.None
            || body is not { Type: SignalType.Answer }
            || body.OfferId != offer.OfferId
        )
        {
            return false;
        }

        var outcome = LedgerOf(keys).HandleAnswer(_now, body);
        if (outcome == OfferOutcome.OtherOffer)
        {
            point.FirewallNoticed = true; // packets do pass
            Warn(
                point.Chat,
                $"{TitleOf(point.Chat)} answered another offer than the one that was sent: somebody between the two "
                    + "machines changes what passes. Not connected."
            );
        }

        if (
            outcome != OfferOutcome.Accepted
            || DescriptionCodec.Read(body.Description.Span) is not { } description
            || _links.Find(id) is not { } link
        )
        {
            return false;
        }

        LedgerOf(keys).Withdraw(body.OfferId);
        link.HandleDescription(description, _now);
        PlanMemberRelay(link);
        PumpLinks();
        MarkDirty(point.Chat);
        return true;
    }

    private void HandleOfferDatagram(TransportAddress local, TransportAddress remote, SignalDatagram signal)
    {
        var folded = FoldOf(signal.DiallerName);
        if (!SignalTag.TryParse(signal.Tag.Span, out var tag))
        {
            _droppedSignals++;
            return;
        }

        foreach (var (keys, point) in KeysForTag(tag, folded))
        {
            if (
                _opener.TryOpen(_now, keys, tag, signal.Blob.Span, out var body) == SignalRefusal.None
                && body is { Type: SignalType.Offer }
                && body.Sender != _options.Self.PeerId
            )
            {
                AnswerOffer(new AnswerPath.Udp(local, remote), tag, keys, point, body);
                return;
            }
        }

        if (
            DisplayName.TryCreate(signal.DiallerName ?? "", out var dialler, out _)
            && _bareNames.GetValueOrDefault(folded) is null
            && _parked.Count < MaxParkedOffers
            && _parked.TrueForAll(parked => parked.Name != folded || parked.Remote != remote)
            && RequestClaimedName(dialler)
        )
        {
            _parked.Add(new ParkedOffer(folded, local, remote, signal.ToArray()));
            return;
        }

        _droppedSignals++;
    }

    /// <summary>The keys under which this tag may stand, with the point they belong to; none for a stranger's name.</summary>
    private IEnumerable<(SignalKeys Keys, MeetingPoint? Point)> KeysForTag(SignalTag tag, string folded)
    {
        foreach (var day in SignalTag.DaysAt(_wall))
        {
            foreach (var point in _board.Points.ToList())
            {
                if (point.Keys is { } keys && SignalTag.Compute(keys, Rung.Lan, day, listener: null) == tag)
                {
                    yield return (keys, point);
                }
            }

            if (
                _bareNames.GetValueOrDefault(folded) is { } bare
                && SignalTag.Compute(bare, Rung.Lan, day, listener: null) == tag
            )
            {
                yield return (bare, null);
            }
        }
    }

    private void AnswerOffer(
        AnswerPath path,
        SignalTag tag,
        SignalKeys keys,
        MeetingPoint? point,
        SignalBody body
    )
    {
        foreach (var answered in _answers.Values.Where(answered => answered.Answer.OfferId == body.OfferId))
        {
            SendAnswer(path, tag, keys, answered.Answer); // our answer was lost, or the offer came by another rung too
            return;
        }

        if (MustWaitForServers)
        {
            return; // not remembered: the offer comes again, and then the answer is a whole one
        }

        if (path is AnswerPath.Udp && IsBeingMet(point, body.Sender))
        {
            return; // nor is this
        }

        if (OwnOfferStays(point, path, body))
        {
            return; // not remembered: should ours fail after all, theirs may come again
        }

        if (
            LedgerOf(keys).HandleOffer(_now, body) != OfferOutcome.Accepted
            || !_links.HasRoom
            || (point is null && _links.All.Count(IsStrangers) >= MaxStrangerLinks)
            || DescriptionCodec.Read(body.Description.Span, out var isForOthers) is not { } description
        )
        {
            _droppedSignals++;
            return;
        }

        if (isForOthers && IsLinked(body.Sender))
        {
            return; // another connection would only take the place of the one that stands
        }

        var plan =
            point is null || point.IsBareName
                ? new HelloPlan(
                    HelloContext.Stranger,
                    default,
                    _options.Self,
                    _options.Name,
                    null,
                    IsDialler: false
                )
                : PlanFor(point, isDialler: false);
        IReadOnlyList<TransportAddress> remotes = path is AnswerPath.Udp { Remote: var from } ? [from] : [];
        var connection = NewConnection(isOfferer: false, remotes);
        connection.SetRemoteDescription(description, _now);
        var link = _links.Add(connection, plan);
        link.OfferId = body.OfferId;
        _linkRemotes.Add(link.Id, remotes);
        _linkRungs[link.Id] = path switch
        {
            AnswerPath.Service service => service.By.Rung,
            AnswerPath.Member => Rung.Introduction,
            AnswerPath.Udp { Remote: var source } when !IsOnLink(source) => Rung.Direct,
            _ => Rung.Lan,
        };
        var answer = SignalBody.Answer(
            body,
            plan.Context == HelloContext.Stranger ? default : _options.Self.PeerId,
            DescriptionCodec.Write(connection.LocalDescription)
        );
        _answers.Add(link.Id, new AnsweredOffer(answer, point, body.Sender, _now));
        SendAnswer(path, tag, keys, answer);
        if (path is AnswerPath.Udp { Remote: var remote } && _board.FindByAddress(remote) is { } peer)
        {
            _linkInstances[link.Id] = peer.InstanceId;
            if (point?.Encounters.GetValueOrDefault(peer.InstanceId) is { } encounter)
            {
                MeetingBoard.LinkBegan(point, encounter, link.Id);
            }
        }

        if (point is not null)
        {
            _linkPoints[link.Id] = point;
            MarkDirty(point.Chat);
        }

        PumpLinks();
    }

    private void SendAnswer(AnswerPath path, SignalTag tag, SignalKeys keys, SignalBody answer)
    {
        var blob = SealedSignal.Seal(_options.Entropy, keys, tag, answer);
        switch (path)
        {
            case AnswerPath.Udp udp:
                _signals.Enqueue(
                    new Datagram(
                        udp.Local,
                        udp.Remote,
                        new SignalDatagram(SignalKind.Answer, tag.ToArray(), null, blob).ToArray()
                    )
                );
                break;
            case AnswerPath.Service service:
                service.By.Machine.Answer(service.To, blob, _now);
                PumpServices();
                break;
            case AnswerPath.Member member:
                SendByMember(member.Link, member.Room, member.To, tag, blob, isAnswer: true);
                break;
            default:
                break;
        }
    }

    /// <summary>Two offers crossed: the smaller id stays, the other is forgotten. True when one's own stays.</summary>
    private bool OwnOfferStays(MeetingPoint? point, AnswerPath path, SignalBody body)
    {
        var remote = path is AnswerPath.Udp udp ? udp.Remote : (TransportAddress?)null;
        foreach (var (id, offer) in _offers.ToList())
        {
            if (
                offer.Paths.All(path => path.Remote != remote)
                || (offer.Point != point && _now - offer.StartedAt > CrossingTime)
            )
            {
                continue;
            }

            if (offer.Body.OfferId.Value < body.OfferId.Value)
            {
                return true;
            }

            _links.Find(id)?.Close(LinkFailure.Local, "", _now);
        }

        foreach (var (id, offer) in _carried.ToList())
        {
            if (offer.Point != point || (offer.Target is { } target && target != body.Sender))
            {
                continue;
            }

            // What comes by UDP has found its way; what a service is to carry may never arrive.
            if (
                remote is null
                && _now - offer.StartedAt < CarriedOffer.CrossingTime
                && offer.Body.OfferId.Value < body.OfferId.Value
            )
            {
                return true;
            }

            _links.Find(id)?.Close(LinkFailure.Local, "", _now);
        }

        return false;
    }

    /// <summary>Whether a link with them is being made because of an offer of theirs that another way brought a moment ago.</summary>
    private bool IsBeingMet(MeetingPoint? point, PeerId sender) =>
        point is not null
        && _answers.Any(pair =>
            pair.Value.Point == point
            && pair.Value.Sender == sender
            && _now - pair.Value.At < AnswerTime
            && _links.Find(pair.Key)?.Phase == LinkPhase.Connecting
        );

    /// <summary>Whether a link belongs to somebody who came unasked and was not accepted yet.</summary>
    private bool IsStrangers(PeerLink link) =>
        !link.Plan.IsDialler && link.Phase != LinkPhase.Authenticated && !_linkPoints.ContainsKey(link.Id);

    private sealed record AnsweredOffer(SignalBody Answer, MeetingPoint? Point, PeerId Sender, Instant At);

    private sealed record ParkedOffer(
        string Name,
        TransportAddress Local,
        TransportAddress Remote,
        ReadOnlyMemory<byte> Bytes
    );
}
