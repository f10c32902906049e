using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;

namespace PeerChat.Node.Engine;

/// <summary>Rooms that are too large for a link to every member: whom to dial, and which links to let go.</summary>
/// <remarks>
/// Members tell each other by which name they are announced on the network; so the room, which knows people, and the network, which
/// knows announcements, mean the same before a link stands.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>How long, on average, somebody of whom a large room has no need is left alone. A guess: one look around for each shuffle or two.</summary>
    private static readonly TimeSpan StrangerWait = TimeSpan.FromSeconds(40);

    /// <summary>Between two looks for links that nobody needs.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly HashSet<(string Chat, string Instance)> _wantedLinks = [];
    private Instant? _sweepDue;

    private byte[] OverlayContact => Convert.FromHexString(_instance);

    /// <summary>Whether somebody is dialled now for a room; otherwise later, perhaps.</summary>
    private bool IsWanted(MeetingPoint point, Encounter? encounter)
    {
        if (
            _chats.GetValueOrDefault(point.Chat) is not { Room: { HasOverlay: true } room } chat
            || point.IsJoiner
            || (
                point.Context is not (HelloContext.OpenRoom or HelloContext.Room)
                && !chat.MemberPoints.Contains(point)
            )
        )
        {
            return true;
        }

        if (CountLinks(point, room) < room.DialBelow)
        {
            return true;
        }

        if (encounter is null)
        {
            return false;
        }

        var instance = encounter.Peer.InstanceId;
        if (_wantedLinks.Remove((point.Chat, instance)))
        {
            return true;
        }

        // Now and then somebody the room has not heard of: two halves of it that know nothing of each other find together so.
        var others = point.Encounters.Values.Count(other => other.Link is null);
        return !room.KnowsContact(ContactOf(instance))
            && _options.Entropy.NextUInt32() % (uint)Math.Max(1, others) == 0;
    }

    private void PutOff(MeetingPoint point, Encounter? encounter) =>
        MeetingBoard.Postpone(
            point,
            encounter,
            _options.Entropy.NextTimeSpan(StrangerWait / 2, StrangerWait * 1.5),
            _now
        );

    private int CountLinks(MeetingPoint point, Room room) =>
        _links.All.Count(link =>
            link.CommonRooms.Contains(room.Id)
            || (link.Phase != LinkPhase.Closed && _linkPoints.GetValueOrDefault(link.Id) == point)
        );

    private void HandleLinkWanted(Chat chat, RoomEvent.LinkWanted wanted)
    {
        var instance = Convert.ToHexStringLower(wanted.Contact.Span);
        if (chat.Point?.Encounters.GetValueOrDefault(instance) is { Link: null } encounter)
        {
            _wantedLinks.Add((chat.Key, instance));
            encounter.DialAt = _now;
        }
    }

    private static byte[] ContactOf(string instance)
    {
        try
        {
            return Convert.FromHexString(instance);
        }
        catch (FormatException)
        {
            return []; // announced by a program of another kind
        }
    }

    private void HandleSweepDeadline()
    {
        if (_sweepDue is not { } due || due > _now)
        {
            return;
        }

        _sweepDue = null;
        foreach (var link in _links.All.Where(link => link.Phase == LinkPhase.Authenticated).ToList())
        {
            var rooms = _chats
                .Values.Where(chat => chat.Room is { } room && link.CommonRooms.Contains(room.Id))
                .Select(chat => chat.Room!)
                .ToList();
            if (rooms.Count > 0 && !rooms.Exists(room => room.NeedsLink(link.Id)) && !link.HasUnacknowledged)
            {
                link.Close(LinkFailure.Local, "", _now);
            }
        }

        PlanSweep();
    }

    private void PlanSweep()
    {
        if (
            _chats.Values.Any(chat =>
                chat.Room is { HasOverlay: true } room && room.WantedLinks < CountLinks(room)
            )
        )
        {
            _sweepDue ??= _now + SweepInterval;
        }
    }

    private int CountLinks(Room room) => _links.All.Count(link => link.CommonRooms.Contains(room.Id));
}
