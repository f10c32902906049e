using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Who of those that have met in a room looks out for the others, and what happens when they cannot reach each other.</summary>
/// <remarks>
/// A room's members are met by whoever listens for it at a service, and that one may be behind a NAT that the newcomer's cannot pass, while another
/// member is not. So whoever has failed to reach somebody steps aside, and hands over to a member that has not tried.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>So many members try, one after the other, to reach somebody whom the first could not; of eight links in a room one is enough.</summary>
    internal const int MaxTried = 8;

    /// <summary>The duty to look goes round: who holds it may use no services, or reach nobody there.</summary>
    internal static readonly TimeSpan DutyTime = TimeSpan.FromMinutes(5);

    /// <summary>Those who have met look for others so often.</summary>
    private static readonly TimeSpan MergePause = TimeSpan.FromMinutes(2);

    /// <summary>Long enough for those who were not reached to try again (<see cref="FirstReachRetry"/>, doubled some times).</summary>
    private static readonly TimeSpan HandOverTime = TimeSpan.FromMinutes(2);

    /// <summary>Who holds the door and reaches nobody lets others meet there; twice what they wait for their next try.</summary>
    private static readonly TimeSpan LonelyTime = TimeSpan.FromSeconds(40);

    /// <summary>A room is handed over, and taken over, at most so often: strangers may fail as often as they please.</summary>
    private static readonly TimeSpan HandOverPause = TimeSpan.FromSeconds(15);

    /// <summary>A server has said by then whether somebody holds the door.</summary>
    private static readonly TimeSpan TakeOverDelay = TimeSpan.FromSeconds(2);

    private IEnumerable<PeerLink> LinkedMembers(MeetingPoint point) =>
        _chats.GetValueOrDefault(point.Chat)?.Room is { } room
            ? _links.All.Where(link =>
                link.Phase == LinkPhase.Authenticated
                && link.CommonRooms.Contains(room.Id)
                && !IsDoubtful(link)
            )
            : [];

    private static bool IsOfRoom(MeetingPoint point) =>
        point.Context is HelloContext.Room or HelloContext.OpenRoom;

    /// <summary>Of those who have met in a room, one goes on listening for those who come: whose turn it is, or who was asked to.</summary>
    private bool KeepsTheDoor(MeetingPoint point) =>
        IsOfRoom(point) && !(point.StepsAsideUntil > _now) && (point.LooksUntil > _now || IsOnDuty(point));

    /// <summary>It is the turn of the smallest id, read from a byte that moves on with every <see cref="DutyTime"/>.</summary>
    private bool IsOnDuty(MeetingPoint point)
    {
        var from = (int)(_wall.UnixMilliseconds / (long)DutyTime.TotalMilliseconds % Bytes32.Size);
        var own = Turned(_options.Self.PeerId, from);
        return LinkedMembers(point)
            .All(link => own.AsSpan().SequenceCompareTo(Turned(link.Peer!.PeerId, from)) < 0);
    }

    private static byte[] Turned(PeerId id, int from)
    {
        var bytes = id.Value.ToArray();
        return [.. bytes[from..], .. bytes[..from]];
    }

    /// <summary>When the duty goes on to the next.</summary>
    private Instant DutyEnds =>
        _now
        + TimeSpan.FromMilliseconds(
            DutyTime.TotalMilliseconds - (_wall.UnixMilliseconds % (long)DutyTime.TotalMilliseconds)
        );

    /// <summary>Somebody met through a service was not reached: whoever held the door leaves it, and a member who has not tried yet looks.</summary>
    private void HandleUnreached(MeetingPoint point, bool asListener)
    {
        if (!IsOfRoom(point))
        {
            return;
        }

        if (IsMet(point))
        {
            HandOver(point);
        }
        else if (asListener)
        {
            (point.StepsAsideUntil, _reachIsDue) = (_now + LonelyTime, true);
        }
    }

    private void HandOver(MeetingPoint point)
    {
        if (
            _chats.GetValueOrDefault(point.Chat)?.Room is not { } room
            || point.HandedOverAt + HandOverPause > _now
        )
        {
            return;
        }

        List<PeerId> tried = point.LooksUntil > _now ? [.. point.Tried] : [];
        tried.Add(_options.Self.PeerId);
        var others = LinkedMembers(point).Where(link => !tried.Contains(link.Peer!.PeerId)).ToList();
        if (others.Count == 0 || tried.Count > MaxTried)
        {
            return; // nobody is left who might do better
        }

        var frame = new HandOver { RoomId = ByteString.CopyFrom(room.Id.Value.ToArray()) };
        frame.Tried.AddRange(tried.Select(id => ByteString.CopyFrom(id.Value.ToArray())));
        others[(int)(_options.Entropy.NextUInt32() % (uint)others.Count)]
            .Send(new LinkFrame { HandOver = frame }, bulk: false, _now);
        (point.HandedOverAt, point.StepsAsideUntil) = (_now, _now + HandOverTime);
        (point.LooksUntil, point.ReachDialAt, _reachIsDue) = (null, null, true);
    }

    private void HandleHandOver(PeerLink link, HandOver frame)
    {
        if (
            CommonRoom(link, frame.RoomId) is not { } room
            || _chats.Values.FirstOrDefault(chat => chat.Room?.Id == room)?.Point is not { } point
            || !IsOfRoom(point)
            || ReadTried(frame) is not { } tried
            || point.TakenOverAt + HandOverPause > _now
        )
        {
            return;
        }

        point.Tried = tried;
        (point.TakenOverAt, point.LooksUntil, point.StepsAsideUntil) = (_now, _now + HandOverTime, null);
        (point.ReachDialAt, _reachIsDue) = (_now + TakeOverDelay, true);
    }

    /// <summary>Who has tried, as a member says; null where it says nothing that makes sense.</summary>
    internal static IReadOnlyList<PeerId>? ReadTried(HandOver frame) =>
        frame.Tried.Count is > 0 and <= MaxTried && frame.Tried.All(id => id.Length == Bytes32.Size)
            ? [.. frame.Tried.Select(id => new PeerId(new Bytes32(id.Span)))]
            : null;
}
