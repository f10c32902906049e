using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Invitations;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>Private rooms: opened with the profile, met under their secret, told of to the faces.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>
    /// Members of a room that are also looked for one by one, in case they have not the newest r: each costs a tag, and 24 are
    /// announced. A guess: more of a room are seldom on one network without any of them knowing the newest r.
    /// </summary>
    private const int MaxMemberPoints = 8;

    private static string PrivateKey(RoomId id) => "+" + id;

    private void OpenStoredPrivateRooms()
    {
        foreach (var record in _store.PrivateRooms.ReadAll())
        {
            OpenPrivateRoom(
                record.RoomId,
                record.Title,
                InvitationLink.TryParse(record.Link, out var link) ? link : null,
                null,
                record.Services
            );
        }

        foreach (var invitation in _store.Invitations.ReadAll())
        {
            AddInvitationPoint(invitation);
        }
    }

    private Chat OpenPrivateRoom(
        RoomId id,
        string title,
        InvitationLink? link,
        Room? made,
        IReadOnlyList<ServiceHint>? services = null
    )
    {
        var key = PrivateKey(id);
        var room =
            made
            ?? Room.OpenPrivate(
                _options.Self,
                _options.Name,
                id,
                _store.Rooms,
                _options.Keys,
                _options.Entropy,
                _wall
            );
        room.UseOverlay(OverlayContact);
        var chat = new Chat(key, ChatKind.PrivateRoom)
        {
            Title = room.Info.Title.Length > 0 ? room.Info.Title : title,
            Draft = _store.Drafts.Read(key),
            InputLines = [.. _store.Drafts.ReadInputLines(key)],
            Room = room,
            Services = link?.Hints.Services ?? services ?? [],
            Invitation = room.OwnRole is null && !room.IsRemoved && !room.HasLeft ? link : null,
        };
        _chats.Add(key, chat);
        if (chat.Invitation is { } invitation)
        {
            var keys = InvitationKeys.From(invitation.Secret.Span).Signal;
            SetPoint(
                chat,
                new MeetingPoint(key, HelloContext.Invitation)
                {
                    Keys = keys,
                    KnockKey = keys.KnockKey,
                    Expected = invitation.Inviter,
                    IsJoiner = true,
                    IsActive = true,
                    Hints = invitation.Hints.Services,
                    Remembered = invitation.Hints.Addresses,
                }
            );
        }
        else
        {
            MeetMembers(chat, room);
        }

        SayState(chat, room);
        MarkDirty(key);
        return chat;
    }

    private void SetPoint(Chat chat, MeetingPoint? point)
    {
        if (chat.Point is { } old)
        {
            _board.Remove(old);
            foreach (var (link, _) in _linkPoints.Where(pair => pair.Value == old).ToList())
            {
                _linkPoints.Remove(link);
                if (point is not null)
                {
                    _linkPoints[link] = point;
                }
            }
        }

        chat.Point = point;
        _reachIsDue = true;
        if (point is not null)
        {
            _board.Add(point, _wall, _now);
        }
    }

    /// <summary>Members meet under the newest r; who may have missed it is met under what any two identities share.</summary>
    private void MeetMembers(Chat chat, Room room)
    {
        foreach (var old in chat.MemberPoints)
        {
            _board.Remove(old);
        }

        chat.MemberPoints.Clear();
        if (room.OwnRole is null)
        {
            SetPoint(chat, null);
            chat.RoomKnockKey = null;
            Announce();
            return;
        }

        // Who left as soon as it was admitted has no r yet, and who was away may have an old one.
        MeetSingleMembers(chat, room);
        if (room.Rendezvous(1) is [var r])
        {
            MeetUnder(chat, r);
        }

        Announce();
    }

    private void MeetUnder(Chat chat, ReadOnlyMemory<byte> r)
    {
        var keys = SignalKeys.From(r.Span);
        if (chat.Point?.KnockKey.Span.SequenceEqual(keys.KnockKey.Span) != true)
        {
            chat.RoomKnockKey = keys.KnockKey;
            SetPoint(
                chat,
                new MeetingPoint(chat.Key, HelloContext.Room)
                {
                    Keys = keys,
                    KnockKey = keys.KnockKey,
                    IsActive = true,
                    Direct = chat.Point?.Direct,
                    Remembered = chat.Point?.Remembered ?? [],
                    Hints = chat.Services,
                }
            );
            SendCommonRoomsToAll();
        }
    }

    private void MeetSingleMembers(Chat chat, Room room)
    {
        foreach (
            var person in room
                .Members.Select(member => member.Person)
                .Where(person =>
                    person.PeerId != _options.Self.PeerId && _contacts.Find(person.PeerId) is null
                )
                .DistinctBy(person => person.PeerId)
                .Take(MaxMemberPoints)
        )
        {
            var keys = _options.Self.PairWith(person).Signal;
            var point = new MeetingPoint(chat.Key, HelloContext.Contact)
            {
                Keys = keys,
                KnockKey = keys.KnockKey,
                Expected = person.PeerId,
                IsActive = true,
                Hints = chat.Services,
            };
            chat.MemberPoints.Add(point);
            _board.Add(point, _wall, _now);
        }
    }

    /// <summary>A proven identity that belongs, or belonged, to a room is linked to it, whatever the link was made for.</summary>
    private void AttachPrivateRooms(PeerLink link)
    {
        foreach (var chat in _chats.Values.Where(chat => chat.Kind == ChatKind.PrivateRoom).ToList())
        {
            if (
                chat.Room is { OwnRole: not null } or { IsRemoved: true }
                && chat.Room.Knows(link.Peer!.PeerId)
            )
            {
                Attach(link, chat.Room);
                MarkDirty(chat.Key);
            }
        }
    }

    private void HandlePrivateRoomEvent(Chat chat, RoomEvent happened)
    {
        var room = chat.Room!;
        if (happened is RoomEvent.Removed)
        {
            Notice(chat.Key, NoticeCode.Information, RemovedSentence(chat));
        }

        if (happened is RoomEvent.RollChanged && room.Info.Title.Length > 0 && chat.Title != room.Info.Title)
        {
            chat.Title = room.Info.Title;
            KeepPrivateRoom(chat);
        }

        _introduceAt ??= _now + IntroductionDelay;
        if (happened is not RoomEvent.MemberChanged && chat.Invitation is null)
        {
            MeetMembers(chat, room);
        }

        SayState(chat, room);
        foreach (var link in _links.All.Where(link => link.Phase == LinkPhase.Authenticated).ToList())
        {
            AttachPrivateRooms(link);
        }
    }

    private void KeepPrivateRoom(Chat chat) =>
        _store.PrivateRooms.Write(
            new PrivateRoom(chat.Room!.Id, chat.Title, chat.Invitation?.ToString() ?? "", _wall)
            {
                Services = chat.Services,
            }
        );

    private static void SayState(Chat chat, Room room)
    {
        if (room.IsRemoved)
        {
            chat.Failure = RemovedSentence(chat);
        }
        else if (room.HasLeft)
        {
            chat.Failure = LeftSentence(chat);
        }
    }

    private static string RemovedSentence(Chat chat) =>
        $"You were removed from {chat.Title}. What you have stays readable; nothing new comes. An admin can invite you again.";

    private static string LeftSentence(Chat chat) =>
        $"You left {chat.Title}. Coming back needs a new invitation.";

    /// <summary>Why nothing can be done in a private room any more, or with a guest at all; null where something can.</summary>
    private static NodeReply.Refused? PrivateRoomProblem(Chat chat) =>
        chat switch
        {
            { Kind: ChatKind.PrivateRoom, Room.IsRemoved: true } => NotAllowed(RemovedSentence(chat)),
            { Kind: ChatKind.PrivateRoom, Room.HasLeft: true } => NotAllowed(LeftSentence(chat)),
            { Kind: ChatKind.Guest } => NotAllowed(
                $"{chat.Title} is a guest: a PeerJS page takes plain messages alone."
            ),
            _ => null,
        };

    private static NodeReply.Refused NotAllowed(string sentence) => new(RefusalCode.NotAllowed, sentence);

    /// <summary>The private room with this chat or title; null where there is none, or several.</summary>
    private Chat? FindPrivateRoom(string name)
    {
        if (_chats.TryGetValue(name, out var chat))
        {
            return chat.Kind == ChatKind.PrivateRoom ? chat : null;
        }

        var titled = _chats
            .Values.Where(one =>
                one.Kind == ChatKind.PrivateRoom
                && string.Equals(one.Title, name, StringComparison.OrdinalIgnoreCase)
            )
            .ToList();
        return titled.Count == 1 ? titled[0]
            // Of several with one title those that one left do not count
            : titled.Where(one => one.Room is { OwnRole: not null }).ToList() is [var only] ? only
            : null;
    }
}
