using System.Buffers.Binary;
using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.WebRtc;

namespace PeerChat.Node.Engine;

/// <summary>When ICE finds nothing, a member in common relays unopened datagrams, within their quota (design section 8, crypto.md section 8).</summary>
/// <remarks>
/// <para>
/// The way through a member is one more pair of addresses for ICE (<see cref="MemberPath"/>), with the lowest priority: its checks prove it, its
/// consent watches it, and a direct path that turns up later takes its place. What passes are STUN checks and DTLS records; the hello is
/// between the two alone.
/// </para>
/// <para>
/// One hop: a member passes on between two links that are not relayed by a member themselves, and only for people who both belong to one room
/// that it belongs to as well.
/// </para>
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>ICE looks for a path of its own so long before a member is asked; most paths there are show within a second.</summary>
    private static readonly TimeSpan MemberRelayDelay = TimeSpan.FromSeconds(2);

    /// <summary>A member that does not answer has so long; then the next one is asked.</summary>
    private static readonly TimeSpan MemberRelayPatience = TimeSpan.FromSeconds(2);

    /// <summary>A path through a member that another one has replaced is given back once it was so at two looks that lie this far apart.</summary>
    private static readonly TimeSpan MemberPathLook = TimeSpan.FromSeconds(5);

    /// <summary>So many members are asked for one connection; ICE gives up by then.</summary>
    private const int MaxMembersAsked = 4;

    private readonly List<MemberPath> _memberPaths = [];
    private readonly List<RelaySession> _relaySessions = [];
    private RelayQuota? _relayQuota;

    /// <summary>Sessions that this node relays for others.</summary>
    private int Relaying => _relaySessions.Count;

    private Instant? NextMemberRelayDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var link in _links.All)
            {
                earliest = IsWithoutPath(link) ? Instant.Earliest(earliest, link.AskMemberAt) : earliest;
            }

            foreach (var session in _relaySessions)
            {
                earliest = Instant.Earliest(earliest, session.EndsAt);
            }

            foreach (var path in _memberPaths)
            {
                earliest = Instant.Earliest(earliest, path.LookAt);
            }

            return earliest;
        }
    }

    private void HandleMemberRelayDeadline()
    {
        foreach (var session in _relaySessions.Where(session => session.EndsAt <= _now).ToList())
        {
            EndSession(session);
        }

        foreach (var path in _memberPaths.Where(path => path.LookAt <= _now).ToList())
        {
            LookAt(path);
        }

        foreach (
            var link in _links.All.Where(link => IsWithoutPath(link) && link.AskMemberAt <= _now).ToList()
        )
        {
            AskMember(link);
        }
    }

    private static bool IsWithoutPath(PeerLink link) =>
        link is { Phase: LinkPhase.Connecting, Plan.IsDialler: true, OfferId: not null }
        && link.Connection.State == PeerConnectionState.Checking;

    /// <summary>The link's description came: if ICE finds nothing in time, a member is asked.</summary>
    private void PlanMemberRelay(PeerLink link) =>
        link.AskMemberAt = _options.Ladder.IsLanOnly ? null : _now + MemberRelayDelay;

    private void AskMember(PeerLink link)
    {
        link.AskMemberAt = null;
        var asked = (link.Meant ?? link.Plan.Expected) is { } person
            ? MembersBetween(person).FirstOrDefault(pair => !link.MembersAsked.Contains(pair.Link.Id))
            : default;
        if (asked.Link is null || link.MembersAsked.Count >= MaxMembersAsked)
        {
            return;
        }

        link.MembersAsked.Add(asked.Link.Id);
        link.AskMemberAt = _now + MemberRelayPatience;
        var meant = (link.Meant ?? link.Plan.Expected)!.Value;
        SendRelay(asked.Link, HandleOf(link), RelayState.Ask, asked.Room, meant);
    }

    /// <summary>Who is linked here and belongs to a room of that person, with the room; links that are relayed by a member are no help.</summary>
    private IEnumerable<(PeerLink Link, RoomId Room)> MembersBetween(PeerId person) =>
        from link in _links.All
        where link.Phase == LinkPhase.Authenticated && link.Peer!.PeerId != person && !IsByMember(link)
        from id in link.CommonRooms
        where
            _chats.Values.Any(chat =>
                chat.Room is { } room
                && room.Id == id
                && room.Members.Any(member => member.Person.PeerId == person)
            )
        select (link, id);

    private void HandleRelay(PeerLink link, Relay relay)
    {
        link.RelayBudget ??= new Rendezvous.Services.MessageBudget(_now);
        if (!link.RelayBudget.TryTake(_now))
        {
            _droppedSignals++;
            return;
        }

        switch (relay.State)
        {
            case RelayState.Ask:
                HandleRelayAsked(link, relay);
                break;
            case RelayState.Opened:
                HandleRelayOpened(link, relay);
                break;
            case RelayState.Granted:
                if (FindMade(relay.Handle) is { } made && made.MembersAsked.Contains(link.Id))
                {
                    UseMember(made, link, isAsker: true);
                }

                break;
            case RelayState.Refused or RelayState.Closed:
                HandleRelayEnded(link, relay.Handle);
                break;
            default:
                break; // a newer version's
        }
    }

    /// <summary>A member asks this node to pass datagrams on to another one.</summary>
    private void HandleRelayAsked(PeerLink link, Relay relay)
    {
        var to =
            relay.PeerId.Length == Bytes32.Size
                ? _links.FindAuthenticated(new PeerId(new Bytes32(relay.PeerId.Span)))
                : null;
        _relayQuota ??= new RelayQuota(_now);
        if (
            !_options.RelaysForMembers
            || _relayQuota.IsUsedUp(_now)
            || CommonRoom(link, relay.RoomId) is not { } room
            || to is null
            || to == link
            || !to.CommonRooms.Contains(room)
            || IsBlocked(link.Peer!.PeerId)
            || IsByMember(link)
            || IsByMember(to)
            || _relaySessions.Count >= RelayQuota.MaxSessions
            || _relaySessions.Count(session => session.Asker == link.Id) >= RelayQuota.MaxSessionsPerLink
            || _relaySessions.Exists(session => session.Handle == relay.Handle)
        )
        {
            SendRelay(link, relay.Handle, RelayState.Refused);
            return;
        }

        _relaySessions.Add(new RelaySession(relay.Handle, link.Id, to.Id, _now));
        SendRelay(to, relay.Handle, RelayState.Opened, room, link.Peer!.PeerId);
        SendRelay(link, relay.Handle, RelayState.Granted);
    }

    /// <summary>A member passes on to this node what somebody sends whose offer was answered here.</summary>
    private void HandleRelayOpened(PeerLink link, Relay relay)
    {
        if (
            !IsByMember(link)
            && CommonRoom(link, relay.RoomId) is not null
            && FindMade(relay.Handle) is { Plan.IsDialler: false } made
        )
        {
            UseMember(made, link, isAsker: false);
        }
        else
        {
            SendRelay(link, relay.Handle, RelayState.Closed);
        }
    }

    private void HandleRelayEnded(PeerLink link, ulong handle)
    {
        if (_relaySessions.Find(session => session.Handle == handle && session.Has(link.Id)) is { } session)
        {
            EndSession(session);
        }
        else if (_memberPaths.Find(path => path.Handle == handle && path.Carrier == link.Id) is { } path)
        {
            EndPath(path);
        }
        else if (FindMade(handle) is { } made && made.MembersAsked.Contains(link.Id))
        {
            made.AskMemberAt = _now; // the next one
        }
    }

    /// <summary>The link that is being made under this handle; nobody but the two and the member can know it.</summary>
    private PeerLink? FindMade(ulong handle) =>
        _links.All.FirstOrDefault(link =>
            link.OfferId is not null
            && link.Phase is LinkPhase.Connecting or LinkPhase.Greeting
            && HandleOf(link) == handle
            && !_memberPaths.Exists(path => path.Link == link.Id)
        );

    private static ulong HandleOf(PeerLink link) =>
        BinaryPrimitives.ReadUInt64BigEndian(link.OfferId!.Value.ToArray());

    private void UseMember(PeerLink link, PeerLink carrier, bool isAsker)
    {
        var path = new MemberPath(HandleOf(link), link.Id, carrier.Id, isAsker)
        {
            LookAt = _now + MemberPathLook,
        };
        _memberPaths.Add(path);
        link.AskMemberAt = null;
        link.Connection.AddGatheredCandidates([path.LocalCandidate], _now);
        link.Connection.AddRemoteCandidate(path.RemoteCandidate, _now);
    }

    /// <summary>Gives a path back that a better one has replaced: ICE would watch it for ever, at the member's cost.</summary>
    private void LookAt(MemberPath path)
    {
        path.LookAt = _now + MemberPathLook;
        var link = _links.Find(path.Link);
        var isSpare =
            link is { Phase: LinkPhase.Authenticated, Connection.SelectedLocal: { } local }
            && local != path.Local;
        if (isSpare && path.IsSpare)
        {
            _memberPaths.Remove(path);
            link!.Connection.SetLocalAddresses(LocalAddresses, _gatherer.Candidates, _now);
            if (_links.Find(path.Carrier) is { } carrier)
            {
                SendRelay(carrier, path.Handle, RelayState.Closed);
            }
        }

        path.IsSpare = isSpare;
    }

    /// <summary>A datagram for the channel of a member.</summary>
    private void SendByMember(in Datagram datagram)
    {
        var local = datagram.Local;
        if (
            datagram.Payload.Length <= RelayQuota.MaxDatagram
            && _memberPaths.Find(path => path.Local == local) is { } path
            && path.Remote == datagram.Remote
        )
        {
            _links.Find(path.Carrier)?.SendRelayed(path.Handle, datagram.Payload.Span, _now);
        }
    }

    /// <summary>A datagram came by the channel of a member: for a link of this node, or to be passed on.</summary>
    private void HandleRelayed(PeerLink link, LinkEvent.Relayed relayed)
    {
        if (_memberPaths.Find(path => path.Handle == relayed.Handle && path.Carrier == link.Id) is { } path)
        {
            _links.HandleDatagram(_now, path.Local, path.Remote, relayed.Payload);
        }
        else if (
            relayed.Payload.Length <= RelayQuota.MaxDatagram
            && _relaySessions.Find(one => one.Handle == relayed.Handle && one.Has(link.Id)) is { } session
            && _links.Find(session.Across(link.Id)) is { } across
        )
        {
            if (_relayQuota!.TryTake(relayed.Payload.Length, _now))
            {
                session.Passed(_now);
                across.SendRelayed(relayed.Handle, relayed.Payload, _now);
            }
            else if (_relayQuota.IsUsedUp(_now))
            {
                EndSession(session);
            }
        }
        else
        {
            _droppedSignals++;
        }
    }

    private void EndSession(RelaySession session)
    {
        _relaySessions.Remove(session);
        foreach (var id in new[] { session.Asker, session.Other })
        {
            if (_links.Find(id) is { } link)
            {
                SendRelay(link, session.Handle, RelayState.Closed);
            }
        }
    }

    /// <summary>The way is gone; who depends on it meets anew, by whatever rung there is.</summary>
    private void EndPath(MemberPath path)
    {
        _memberPaths.Remove(path);
        if (_links.Find(path.Link) is { } link && link.Connection.SelectedLocal == path.Local)
        {
            link.Close(LinkFailure.Remote, "The member who relayed is gone.", _now);
        }
    }

    /// <summary>A link is over: what went by it, what it went by, and what was passed on for it.</summary>
    private void EndRelaysOf(PeerLink link)
    {
        foreach (var session in _relaySessions.Where(session => session.Has(link.Id)).ToList())
        {
            EndSession(session);
        }

        foreach (var path in _memberPaths.Where(path => path.Carrier == link.Id).ToList())
        {
            EndPath(path);
        }

        foreach (var path in _memberPaths.Where(path => path.Link == link.Id).ToList())
        {
            _memberPaths.Remove(path);
            if (_links.Find(path.Carrier) is { } carrier)
            {
                SendRelay(carrier, path.Handle, RelayState.Closed);
            }
        }
    }

    /// <summary>Whether data to them goes through a member.</summary>
    private static bool IsByMember(PeerLink link) =>
        link.Connection.SelectedLocal is { } local && VirtualAddress.TryRead(local, out _);

    /// <summary>Who relays for this link; empty where nobody does.</summary>
    private string RelayedBy(PeerLink? link) =>
        link?.Connection.SelectedLocal is { } local
        && _memberPaths.Find(path => path.Local == local) is { } path
        && _links.Find(path.Carrier) is { PeerName: not null } carrier
            ? NameOf(carrier)
            : "";

    /// <summary>The petname, or the name they chose.</summary>
    private string NameOf(PeerLink link) =>
        _contacts.Find(link.Peer!.PeerId)?.Name ?? link.PeerName!.ToString();

    /// <summary>The candidates that servers gave, and the way through a member where the link has one.</summary>
    private IReadOnlyList<GatheredCandidate> CandidatesOf(PeerLink link) =>
        _memberPaths.Find(path => path.Link == link.Id) is { } path
            ? [.. _gatherer.Candidates, path.LocalCandidate]
            : _gatherer.Candidates;

    private void SendRelay(
        PeerLink link,
        ulong handle,
        RelayState state,
        RoomId? room = null,
        PeerId? person = null
    )
    {
        var relay = new Relay { Handle = handle, State = state };
        if (room is { } id && person is { } peer)
        {
            relay.RoomId = ByteString.CopyFrom(id.Value.ToArray());
            relay.PeerId = ByteString.CopyFrom(peer.Value.ToArray());
        }

        link.Send(new LinkFrame { Relay = relay }, bulk: false, _now);
    }
}
