using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>What happens on links: requests, proven identities, frames, endings.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>A sentence about refused connections is told once in so long for each chat; whoever attacks goes on all the time.</summary>
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, MeetingPoint> _linkPoints = [];
    private readonly Dictionary<int, IReadOnlyList<TransportAddress>> _linkRemotes = [];
    private readonly Dictionary<string, Instant> _warnedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _linkInstances = [];
    private readonly Dictionary<int, Rung> _linkRungs = [];
    private readonly HashSet<int> _askedOverLink = [];

    private void PumpLinks()
    {
        var isQuiet = false;
        while (!isQuiet)
        {
            isQuiet = true; // what happens on one link may close another
            foreach (var link in _links.All.ToList())
            {
                link.Pump(_now);
                while (link.TryTakeEvent(out var happened))
                {
                    isQuiet = false;
                    HandleLinkEvent(link, happened);
                }
            }
        }
    }

    private void HandleLinkEvent(PeerLink link, LinkEvent happened)
    {
        if (HandleFileEvent(link, happened))
        {
            return;
        }

        switch (happened)
        {
            case LinkEvent.HostNameLearnt learnt:
                ResolveHostName(link, learnt.Candidate);
                break;
            case LinkEvent.RequestReceived request:
                HandleStranger(link, request.Peer, request.Name, overLink: false);
                break;
            case LinkEvent.Authenticated:
                HandleAuthenticated(link);
                break;
            case LinkEvent.Relayed relayed:
                HandleRelayed(link, relayed);
                break;
            case LinkEvent.FrameReceived received:
                HearHolder(link);
                HandleLinkFrame(link, received.Frame);
                break;
            case LinkEvent.Closed closed:
                HandleLinkClosed(link, closed);
                break;
            default:
                break;
        }

        if (_linkPoints.TryGetValue(link.Id, out var point))
        {
            MarkDirty(point.Chat);
        }
    }

    private void HandleAuthenticated(PeerLink link)
    {
        var peer = link.Peer!;
        if (IsBlocked(peer.PeerId))
        {
            link.Close(LinkFailure.Local, "", _now);
            return;
        }

        var point = _linkPoints.GetValueOrDefault(link.Id);
        if (point is not null)
        {
            point.FirewallNoticed = true; // packets pass; silence from now on has another reason
        }

        if (point is { IsBareName: true } && link.Plan.IsDialler && !NameHolds(link, point))
        {
            return;
        }

        if (point?.Context == HelloContext.Stranger && link.Plan.IsDialler)
        {
            Pin(peer, link.PeerName!, TrustState.Pinned);
        }

        link.AuthenticatedAt = _now;
        link.NewestWhenAuthenticated = _links.LastId;
        if (EndOtherLinks(link))
        {
            return;
        }

        if (_contacts.Find(peer.PeerId) is not null)
        {
            // Where a relay is, the one behind it is not to be found without it.
            _contacts.Saw(
                peer.PeerId,
                _wall,
                link.Connection.IsRelayed ? null : link.Connection.SelectedRemote
            );
            Remember(peer.PeerId);
            AttachDirectRoom(link);
        }

        if (
            point?.Context is HelloContext.OpenRoom or HelloContext.Room
            && _chats.GetValueOrDefault(point.Chat)?.Room is { } room
        )
        {
            Attach(link, room);
        }

        AttachPrivateRooms(link);
        if (point is { IsJoiner: true })
        {
            AskForAdmission(point, link);
        }

        SendCommonRooms(link);
    }

    /// <summary>One link a person. True where it is the new one that ends.</summary>
    private bool EndOtherLinks(PeerLink link)
    {
        foreach (
            var other in _links
                .All.Where(one =>
                    one.Id != link.Id
                    && one.Phase == LinkPhase.Authenticated
                    && one.Peer!.PeerId == link.Peer!.PeerId
                )
                .ToList()
        )
        {
            if (YieldsTo(other, link))
            {
                link.Close(LinkFailure.Local, "", _now);
                return true;
            }

            // Whoever comes back after a crash proves the same identity on a new link: the old one is dead.
            other.Close(LinkFailure.Local, "", _now);
        }

        _reachIsDue = true;
        WithdrawCarriedOffers(link);
        return false;
    }

    /// <summary>A bare name was dialled: who answers must call themselves so.</summary>
    private bool NameHolds(PeerLink link, MeetingPoint point)
    {
        if (point.Expected is not null || FoldOf(point.Name) == link.PeerName!.Folded.ToString())
        {
            return true;
        }

        Fail(
            point,
            JoinFailure.IdentityMismatch,
            $"Whoever answered for {point.Name} calls themselves {link.PeerName}; the connection was closed."
        );
        link.Close(LinkFailure.Local, "", _now);
        return false;
    }

    private void SendCommonRooms(PeerLink link)
    {
        var own = OpenRoomKnockKeys().Select(pair => pair.Key).Take(CommonRooms.Capacity).ToList();
        var values = CommonRooms.Write(_options.Entropy, link.Binding, own);
        link.Send(new LinkFrame { CommonRooms = ByteString.CopyFrom(values) }, bulk: false, _now);
    }

    private void SendCommonRoomsToAll()
    {
        foreach (var link in _links.All.Where(link => link.Phase == LinkPhase.Authenticated).ToList())
        {
            MatchCommonRooms(link); // they may have said before that they know it
            SendCommonRooms(link);
        }
    }

    private IEnumerable<(ReadOnlyMemory<byte> Key, Chat Chat)> OpenRoomKnockKeys() =>
        _chats
            .Values.Where(chat => chat is { Room: not null, RoomKnockKey: not null })
            .Select(chat => (chat.RoomKnockKey!.Value, chat));

    private void HandleLinkFrame(PeerLink link, LinkFrame frame)
    {
        switch (frame.BodyCase)
        {
            case LinkFrame.BodyOneofCase.Room:
                HandleRoomTraffic(link, frame.Room);
                break;
            case LinkFrame.BodyOneofCase.CommonRooms:
                HandleCommonRooms(link, frame.CommonRooms);
                break;
            case LinkFrame.BodyOneofCase.Typing:
                HandleTyping(link, frame.Typing);
                break;
            case LinkFrame.BodyOneofCase.ContactRequest when !link.HasAsked:
                link.HasAsked = true;
                HandleContactRequest(link, frame.ContactRequest);
                break;
            case LinkFrame.BodyOneofCase.Carry:
                HandleCarry(link, frame.Carry);
                break;
            case LinkFrame.BodyOneofCase.Carried:
                HandleCarried(link, frame.Carried);
                break;
            case LinkFrame.BodyOneofCase.Relay:
                HandleRelay(link, frame.Relay);
                break;
            case LinkFrame.BodyOneofCase.HandOver:
                HandleHandOver(link, frame.HandOver);
                break;
            case LinkFrame.BodyOneofCase.NotHere:
                HandleNotHere(link, frame.NotHere);
                break;
            case LinkFrame.BodyOneofCase.ContactReply:
                HandleContactReply(link, frame.ContactReply);
                break;
            case LinkFrame.BodyOneofCase.IceRestart:
                HandleRestart(link, frame.IceRestart);
                break;
            case LinkFrame.BodyOneofCase.JoinRequest:
                HandleJoinRequest(link, frame.JoinRequest);
                break;
            case LinkFrame.BodyOneofCase.JoinReply:
                HandleJoinReply(link, frame.JoinReply);
                break;
            default:
                break; // a newer version's frame
        }
    }

    private void HandleRoomTraffic(PeerLink link, RoomTraffic traffic)
    {
        if (traffic.RoomId.Length != Bytes32.Size)
        {
            return;
        }

        var id = new RoomId(new Bytes32(traffic.RoomId.Span));
        var room = _chats.Values.FirstOrDefault(chat => chat.Room?.Id == id)?.Room;
        if (room is not null && link.CommonRooms.Contains(id))
        {
            room.HandleFrame(link.Id, traffic.Frame.Span, _now, _wall);
            return;
        }

        if (room is null && ++link.ForeignFrames > PeerLink.MaxForeignFrames)
        {
            link.Close(
                LinkFailure.Misbehaved,
                $"{link.PeerName} goes on sending for a chat that does not exist here; the connection was closed.",
                _now
            );
        }
        else if (
            link.EarlyTraffic.Count < PeerLink.MaxEarlyTraffic
            && link.EarlyTraffic.Sum(early => early.Frame.Length) + traffic.Frame.Length
                <= PeerLink.MaxEarlyBytes
        )
        {
            // The other side found the common room a moment before this side did.
            link.EarlyTraffic.Add(traffic);
        }
    }

    private void HandleCommonRooms(PeerLink link, ByteString frame)
    {
        link.PeersRooms = frame.Memory;
        MatchCommonRooms(link);
    }

    private void MatchCommonRooms(PeerLink link)
    {
        var own = OpenRoomKnockKeys().ToList();
        if (
            !CommonRooms.TryMatch(
                link.PeersRooms.Span,
                link.Binding,
                [.. own.Select(pair => pair.Key)],
                out var matches
            )
        )
        {
            return;
        }

        foreach (var index in matches)
        {
            Attach(link, own[index].Chat.Room!);
            MarkDirty(own[index].Chat.Key);
        }
    }

    private void HandleContactReply(PeerLink link, ContactReply reply)
    {
        if (!_askedOverLink.Remove(link.Id))
        {
            return;
        }

        var point = _board.Points.FirstOrDefault(point =>
            point.IsBareName && point.Encounters.Values.Any(encounter => encounter.Link == link.Id)
        );
        if (ContactLinkOf(link) is { } byLink)
        {
            HandleContactLinkReply(byLink, link, reply.Accepted);
        }
        else if (reply.Accepted)
        {
            Pin(link.Peer!, link.PeerName!, TrustState.Pinned);
            AttachDirectRoom(link);
        }
        else if (point is not null)
        {
            Fail(point, JoinFailure.Refused, $"{link.PeerName} did not accept the request.");
            MeetingBoard.LinkEnded(point, link.Id, succeeded: true, _now); // free to ask over again, when the user does
        }
    }

    /// <summary>Asks for a direct chat over a link that a common room made.</summary>
    private void AskOverLink(MeetingPoint point, PeerLink link)
    {
        if (point.IsBareName && NameHolds(link, point) && _askedOverLink.Add(link.Id))
        {
            link.Send(new LinkFrame { ContactRequest = new ContactRequest() }, bulk: false, _now);
        }
        else if (point.Context == HelloContext.Contact)
        {
            AttachDirectRoom(link);
        }
        else if (point.IsJoiner)
        {
            AskForAdmission(point, link);
        }
    }

    private void AttachDirectRoom(PeerLink link)
    {
        if (_chats.GetValueOrDefault(ChatKey(link.Peer!.PeerId)) is { Room: { } room } chat)
        {
            Attach(link, room);
            chat.Failure = null;
            MarkDirty(chat.Key);
        }
    }

    private void Attach(PeerLink link, Room room)
    {
        if (!link.CommonRooms.Add(room.Id))
        {
            return;
        }

        room.AddLink(link.Id, link.Peer!.PeerId, _now, _wall);
        PlanSweep();
        _hasFileWork = true; // what is wanted may be there
        (_reachIsDue, _introduceAt) = (true, _now + IntroductionDelay);
        foreach (
            var early in link
                .EarlyTraffic.Where(one => one.RoomId.Span.SequenceEqual(room.Id.Value.ToArray()))
                .ToList()
        )
        {
            link.EarlyTraffic.Remove(early);
            room.HandleFrame(link.Id, early.Frame.Span, _now, _wall);
        }
    }

    private void SendRoomFrames()
    {
        foreach (var chat in _chats.Values)
        {
            if (chat.Room is not { } room)
            {
                continue;
            }

            foreach (var link in _links.All.Where(link => link.CommonRooms.Contains(room.Id)))
            {
                while (
                    link.Phase == LinkPhase.Authenticated
                    && room.TryTakeFrame(link.Id, link.IsBulkWritable, out var frame)
                )
                {
                    var traffic = new RoomTraffic
                    {
                        RoomId = ByteString.CopyFrom(room.Id.Value.ToArray()),
                        Frame = UnsafeByteOperations.UnsafeWrap(frame.Bytes),
                    };
                    link.Send(new LinkFrame { Room = traffic }, frame.IsBulk, _now);
                }
            }
        }
    }

    private void HandleLinkClosed(PeerLink link, LinkEvent.Closed closed)
    {
        _links.Remove(link);
        var hadOffer = _offers.Remove(link.Id);
        if (_carried.Remove(link.Id, out var carried))
        {
            hadOffer = true;
            Withdraw(carried);
        }

        _reachIsDue = true;
        var wasAnswer = _answers.Remove(link.Id);
        _linkInstances.Remove(link.Id);
        _linkRemotes.Remove(link.Id);
        _linkRungs.Remove(link.Id, out var rung);
        _askedOverLink.Remove(link.Id);
        EndRelaysOf(link);
        EndFileChannels(link);
        foreach (
            var chat in _chats.Values.Where(chat =>
                chat.Room is { } room && link.CommonRooms.Contains(room.Id)
            )
        )
        {
            chat.Room!.RemoveLink(link.Id, _now, _wall);
            MarkDirty(chat.Key);
        }

        foreach (var request in _requests.Waiting.Where(request => request.Link == link.Id).ToList())
        {
            _requests.End(request);
            _events.Enqueue(new NodeEvent.RequestEnded(request.Request, Accepted: false));
        }

        _linkPoints.Remove(link.Id, out var point);
        foreach (var met in _board.Points)
        {
            MeetingBoard.LinkEnded(
                met,
                link.Id,
                succeeded: link.Peer is not null && closed.Failure != LinkFailure.Misbehaved,
                _now
            );
            if (met == point || met.ReachLink == link.Id)
            {
                ReachEnded(met, link.Id, link.AuthenticatedAt is not null);
            }
        }

        if (
            closed.Failure == LinkFailure.Unreachable
            && point is not null
            && rung is Rung.PeerServer or Rung.Tracker
        )
        {
            HandleUnreached(point, asListener: wasAnswer);
        }

        if (closed.Failure == LinkFailure.OwnCopy)
        {
            TellCopy("");
        }
        else if (point is not null)
        {
            TellLinkClosed(point, closed, hadOffer);
        }
        else if (closed.Failure is LinkFailure.Insecure or LinkFailure.NotSecured)
        {
            Warn(null, $"Somebody asked to connect but did not prove who they are. {closed.Sentence}");
        }
        else if (closed.Failure == LinkFailure.Misbehaved)
        {
            Warn(
                link.Peer is { } peer && _contacts.Find(peer.PeerId) is not null
                    ? ChatKey(peer.PeerId)
                    : null,
                closed.Sentence
            );
        }
    }

    /// <summary>Tells of a connection that was refused, not oftener than anybody wants to read it.</summary>
    private void Warn(string? chat, string sentence)
    {
        var key = chat ?? "";
        if (_warnedAt.TryGetValue(key, out var last) && _now - last < WarningInterval)
        {
            return;
        }

        _warnedAt[key] = _now;
        Notice(chat, NoticeCode.ConnectionRefused, sentence);
    }

    private void TellLinkClosed(MeetingPoint point, LinkEvent.Closed closed, bool hadOffer)
    {
        MarkDirty(point.Chat);
        switch (closed.Failure)
        {
            case LinkFailure.Insecure:
                Fail(point, JoinFailure.IdentityMismatch, closed.Sentence);
                break;
            case LinkFailure.Misbehaved:
                Warn(point.Chat, closed.Sentence);
                SetFailure(point, closed.Sentence);
                break;
            case LinkFailure.NotSecured
                when _chats.GetValueOrDefault(point.Chat)?.Room is { IsSparse: true } room
                    && CountLinks(room) > 0:
                break; // members of a large room let go of links that they do not need, also of those that are just being made
            case LinkFailure.NotSecured:
                Warn(point.Chat, closed.Sentence);
                SetFailure(point, closed.Sentence);
                break;
            case LinkFailure.Declined:
                Fail(point, JoinFailure.Refused, $"{TitleOf(point.Chat)} did not accept the request.");
                break;
            case LinkFailure.Unreachable when point.IsActive && !hadOffer:
                SetFailure(point, closed.Sentence);
                break;
            default:
                break;
        }
    }
}
