using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>Introduction: a member who is connected to two others carries their sealed offers, so a room needs one meeting outside.</summary>
/// <remarks>What is carried is sealed under the room's secret for the listener; whoever carries it learns that the two want to meet.</remarks>
internal sealed partial class NodeEngine
{
    /// <summary>Up to so many people of a room are linked to each other (design section 7); beyond it nobody asks to be introduced.</summary>
    internal const int MaxIntroducedLinks = 8;

    /// <summary>So many members are asked to carry an offer, one after the other.</summary>
    private const int MaxCarryingMembers = 2;

    /// <summary>A newcomer has learned of the members by then.</summary>
    private static readonly TimeSpan IntroductionDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>Of two who want to meet the one with the greater id waits so long for the other's offer.</summary>
    private static readonly TimeSpan IntroductionYield = TimeSpan.FromSeconds(2);

    /// <summary>The second member is asked when the first has been of no use for so long.</summary>
    private static readonly TimeSpan SecondMemberWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan IntroductionLife = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstIntroductionRetry = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LastIntroductionRetry = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string Chat, PeerId Person), (Instant At, int Failures)> _introductions = [];
    private Instant? _introduceAt;

    /// <summary>Asks the linked members of each room to introduce this node to those who are not linked yet.</summary>
    private void HandleIntroductionDeadline()
    {
        if (_introduceAt is null || _introduceAt > _now)
        {
            return;
        }

        _introduceAt = null;
        if (!_options.Ladder.Rungs.Contains(Rung.Introduction))
        {
            return;
        }

        foreach (
            var chat in _chats.Values.Where(one =>
                one is { Room: not null, Point: { IsDoor: true, Keys: not null } }
            )
        )
        {
            Introduce(chat, chat.Room!, chat.Point!);
        }

        PumpLinks();
    }

    private void Introduce(Chat chat, Room room, MeetingPoint point)
    {
        var linked = LinkedMembers(point).ToList();
        if (linked.Count is 0 or >= MaxIntroducedLinks)
        {
            return;
        }

        foreach (
            var person in room
                .Members.Select(member => member.Person.PeerId)
                .Distinct()
                .Where(person =>
                    person != _options.Self.PeerId
                    && !IsBlocked(person)
                    && linked.TrueForAll(link => link.Peer!.PeerId != person)
                    && _carried.Values.All(offer => offer.Point != point || offer.Target != person)
                )
        )
        {
            var key = (chat.Key, person);
            if (!_introductions.TryGetValue(key, out var plan))
            {
                var isFirst = _options.Self.PeerId.CompareTo(person) < 0;
                plan = (isFirst ? _now : _now + IntroductionYield, 0);
                _introductions.Add(key, plan);
            }

            if (plan.At > _now)
            {
                _introduceAt = Instant.Earliest(_introduceAt, plan.At);
            }
            else if (_carried.Count >= MaxCarriedOffers || !_links.HasRoom || MustWaitForCandidates)
            {
                _introduceAt = Instant.Earliest(_introduceAt, _now + SharedDialWait);
            }
            else
            {
                var wait = FirstIntroductionRetry * Math.Pow(2, Math.Min(plan.Failures, 8));
                wait = wait < LastIntroductionRetry ? wait : LastIntroductionRetry;
                _introductions[key] = (_now + BackOff.Jitter(_options.Entropy, wait), plan.Failures + 1);
                _introduceAt = Instant.Earliest(_introduceAt, _introductions[key].At);
                AskForIntroduction(point, person, linked);
            }
        }
    }

    private void AskForIntroduction(MeetingPoint point, PeerId person, List<PeerLink> linked)
    {
        // Whoever it is meant for may not know yet that an older link is gone
        var (link, body) = NewOffer(point, isForOthers: false);
        link.Meant = person;
        var offer = new CarriedOffer(point, body, _now) { Target = person, EndsAt = _now + IntroductionLife };
        var at = _now;
        foreach (var carrier in linked.Take(MaxCarryingMembers))
        {
            offer.Add(-carrier.Id, at);
            at += SecondMemberWait;
        }

        _carried.Add(link.Id, offer);
        Carry(offer);
    }

    private void CarryByMember(CarriedOffer offer, int link)
    {
        if (
            _chats.GetValueOrDefault(offer.Point.Chat)?.Room is not { } room
            || offer.Target is not { } target
        )
        {
            return;
        }

        var tag = SignalTag.Compute(offer.Point.Keys!, Rung.Introduction, _wall.UtcDay, target);
        offer.Tags.Add(tag);
        SendByMember(
            link,
            room.Id,
            target,
            tag,
            SealedSignal.Seal(_options.Entropy, offer.Point.Keys!, tag, offer.Body),
            isAnswer: false
        );
    }

    private void SendByMember(int link, RoomId room, PeerId to, SignalTag tag, byte[] blob, bool isAnswer) =>
        _links
            .Find(link)
            ?.Send(
                new LinkFrame
                {
                    Carry = new Carry
                    {
                        RoomId = ByteString.CopyFrom(room.Value.ToArray()),
                        PeerId = ByteString.CopyFrom(to.Value.ToArray()),
                        IsAnswer = isAnswer,
                        Tag = ByteString.CopyFrom(tag.ToArray()),
                        Blob = ByteString.CopyFrom(blob),
                    },
                },
                bulk: false,
                _now
            );

    /// <summary>The other side asks to pass something on to another member of a room that all three are in.</summary>
    private void HandleCarry(PeerLink link, Carry carry)
    {
        link.CarryBudget ??= new MessageBudget(_now);
        if (
            carry.PeerId.Length != Bytes32.Size
            || carry.Tag.Length != SignalTag.Size
            || carry.Blob.Length > SealedSignal.LargeSize
            || CommonRoom(link, carry.RoomId) is not { } room
            || !link.CarryBudget.TryTake(_now)
        )
        {
            _droppedSignals++;
            return;
        }

        var to = _links.FindAuthenticated(new PeerId(new Bytes32(carry.PeerId.Span)));
        if (to is null || to == link || !to.CommonRooms.Contains(room))
        {
            link.Send(
                new LinkFrame
                {
                    NotHere = new NotHere
                    {
                        RoomId = carry.RoomId,
                        PeerId = carry.PeerId,
                        Tag = carry.Tag,
                    },
                },
                bulk: false,
                _now
            );
            return;
        }

        var passedOn = carry.Clone();
        passedOn.PeerId = ByteString.CopyFrom(link.Peer!.PeerId.Value.ToArray());
        to.Send(new LinkFrame { Carried = passedOn }, bulk: false, _now);
    }

    private void HandleCarried(PeerLink link, Carry carried)
    {
        if (
            carried.PeerId.Length != Bytes32.Size
            || !SignalTag.TryParse(carried.Tag.Span, out var tag)
            || CommonRoom(link, carried.RoomId) is not { } room
        )
        {
            _droppedSignals++;
            return;
        }

        if (carried.IsAnswer)
        {
            _droppedSignals += TakeCarriedAnswer(tag, carried.Blob.Memory, Rung.Introduction) ? 0 : 1;
            return;
        }

        var point = _chats.Values.FirstOrDefault(chat => chat.Room?.Id == room)?.Point;
        if (
            point is { IsDoor: true, Keys: { } keys }
            && SignalTag
                .DaysAt(_wall)
                .Any(day => SignalTag.Compute(keys, Rung.Introduction, day, _options.Self.PeerId) == tag)
            && _opener.TryOpen(_now, keys, tag, carried.Blob.Span, out var body) == SignalRefusal.None
            && body is { Type: SignalType.Offer }
            && body.Sender != _options.Self.PeerId
        )
        {
            var from = new PeerId(new Bytes32(carried.PeerId.Span));
            AnswerOffer(new AnswerPath.Member(link.Id, room, from), tag, keys, point, body);
        }
        else
        {
            _droppedSignals++;
        }
    }

    private void HandleNotHere(PeerLink link, NotHere answer)
    {
        if (!SignalTag.TryParse(answer.Tag.Span, out var tag))
        {
            return;
        }

        foreach (var (id, offer) in _carried.ToList())
        {
            if (offer.Tags.Contains(tag))
            {
                offer.GiveUp(-link.Id);
                if (offer.IsHopeless)
                {
                    _links.Find(id)?.Close(LinkFailure.Local, "", _now);
                }
            }
        }
    }

    private static RoomId? CommonRoom(PeerLink link, ByteString id)
    {
        if (id.Length != Bytes32.Size)
        {
            return null;
        }

        var room = new RoomId(new Bytes32(id.Span));
        return link.CommonRooms.Contains(room) ? room : null;
    }
}
