using PeerChat.Node.Links;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;

namespace PeerChat.Node.Engine;

/// <summary>What the faces ask for in private rooms.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>People one invitation admits at most: as many as a room holds.</summary>
    internal const int MaxInvitationUses = 1_000;

    /// <summary>Invitations kept at once; each open one is announced by a tag on the network. A guess.</summary>
    internal const int MaxInvitations = 100;

    /// <summary>How long an invitation lives unless somebody says otherwise: a link found in an old mail opens nothing.</summary>
    private static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(7);

    private NodeReply CreateRoom(NodeCommand.CreateRoom create)
    {
        var title = create.Title.Trim();
        if (title.Length == 0 || !RoomInfo.IsGood(title))
        {
            return Bad(
                $"A room's title has 1 to {RoomInfo.MaxBytes} bytes without control characters; choose another."
            );
        }

        if (!HistoryText.TryParse(create.History, out var policy))
        {
            return Bad(HistoryText.Problem);
        }

        if (_chats.Count >= MaxChats)
        {
            return TooManyChats();
        }

        if (FindPrivateRoom(title) is { Room.OwnRole: not null })
        {
            return Bad($"There is a private room called {title} already; choose another title.");
        }

        return new NodeReply.Opened(Summarise(MakeRoom(title, policy)));
    }

    private Chat MakeRoom(string title, HistoryPolicy policy)
    {
        var room = Room.CreatePrivate(
            _options.Self,
            _options.Name,
            title,
            policy,
            _store.Rooms,
            _options.Keys,
            _options.Entropy,
            _wall
        );
        var chat = OpenPrivateRoom(room.Id, title, null, room);
        KeepPrivateRoom(chat);
        return chat;
    }

    private NodeReply Invite(NodeCommand.Invite invite)
    {
        Chat? chat = null;
        if (invite.Chat is { } name && !TryFindRoom(name, out chat, out var problem))
        {
            return problem;
        }

        if (chat is { Room.OwnRole: not (MemberRole.Admin or MemberRole.Inviter) })
        {
            return NotAllowed($"Only admins and inviters of {chat.Title} invite; ask one of them.");
        }

        if (chat is null && invite.Role != RoomRole.Member)
        {
            return Bad("A contact link gives no role; name the private room that it is for.");
        }

        if (chat is { Room.OwnRole: MemberRole.Inviter } && invite.Role == RoomRole.Admin)
        {
            return NotAllowed(
                $"Only admins of {chat.Title} make admins; you may invite members and inviters."
            );
        }

        if (invite.Uses is < 1 or > MaxInvitationUses || invite.ExpiresSeconds < 0)
        {
            return Bad(
                $"An invitation admits 1 to {MaxInvitationUses:N0} people and does not expire in the past."
            );
        }

        foreach (var over in _store.Invitations.ReadAll().Where(one => !one.IsOpen(_wall)))
        {
            EndInvitationPoint(over.Number);
            _store.Invitations.Remove(over.Number);
        }

        return _store.Invitations.ReadAll().Count >= MaxInvitations
            ? Bad($"{MaxInvitations} invitations are open, which is the limit; revoke some of them first.")
            : MakeInvitation(
                chat,
                invite.Uses,
                (MemberRole)invite.Role,
                invite.ExpiresSeconds switch
                {
                    null => InvitationLifetime,
                    0 => null,
                    { } seconds => TimeSpan.FromSeconds(seconds),
                }
            );
    }

    private NodeReply.Invited MakeInvitation(Chat? chat, int uses, MemberRole role, TimeSpan? lifetime)
    {
        var secret = _options.Entropy.Bytes(32);
        var expires = lifetime is { } life ? _wall + life : (WallTime?)null;
        var invitation = _store.Invitations.Add(
            new Invitation(0, chat?.Room!.Id ?? default, secret, expires, uses, _wall, role)
        );
        AddInvitationPoint(invitation);
        Announce();
        var text = chat is not null
            ? new InvitationLink(chat.Room!.Id, _options.Self.PeerId, secret, OwnHints()).ToString()
            : new ContactLink(_options.Self.PeerId, secret, expires, OwnHints()).ToString();
        return new NodeReply.Invited(text, Summarise(invitation));
    }

    private static InvitationSummary Summarise(Invitation invitation) =>
        new(
            invitation.Number,
            invitation.IsForContact ? null : PrivateKey(invitation.RoomId),
            invitation.UsesLeft,
            invitation.Expires?.UnixMilliseconds,
            (RoomRole)invitation.Role
        );

    private NodeReply ListInvitations(NodeCommand.ListInvitations list)
    {
        Chat? chat = null;
        return list.Chat is { } name && !TryFindRoom(name, out chat, out var problem)
            ? problem
            : new NodeReply.Invitations([
                .. _store
                    .Invitations.ReadAll()
                    .Where(one => one.RoomId == (chat?.Room!.Id ?? default) && one.IsOpen(_wall))
                    .Select(Summarise),
            ]);
    }

    private NodeReply RevokeInvitation(NodeCommand.RevokeInvitation revoke)
    {
        if (_store.Invitations.ReadAll().All(one => one.Number != revoke.Number))
        {
            return Bad($"There is no invitation {revoke.Number}; it has ended already, or was never made.");
        }

        EndInvitationPoint(revoke.Number);
        _store.Invitations.Remove(revoke.Number);
        return new NodeReply.Done();
    }

    private NodeReply JoinLink(NodeCommand.JoinLink join)
    {
        if (ContactLink.TryParse(join.Link, out var contact))
        {
            return JoinContactLink(contact, join.Address);
        }

        if (!InvitationLink.TryParse(join.Link, out var link))
        {
            return Bad(
                $"That is no invitation: it begins with {InvitationLink.Scheme} or {ContactLink.Scheme} and was copied whole, without a letter changed."
            );
        }

        if (!TryReadAddress(join.Address, out var direct))
        {
            return BadAddress(join.Address!);
        }

        if (link.Inviter == _options.Self.PeerId)
        {
            return Bad("That is your own invitation; give it to somebody else.");
        }

        var key = PrivateKey(link.Room);
        if (!_chats.TryGetValue(key, out var chat))
        {
            if (_chats.Count >= MaxChats)
            {
                return TooManyChats();
            }

            chat = OpenPrivateRoom(link.Room, "invitation", link, null);
            KeepPrivateRoom(chat);
        }
        else if (PrivateRoomProblem(chat) is not null)
        {
            chat = AskAgain(chat, link);
        }
        else if (chat.Invitation is not null)
        {
            _chats.Remove(key);
            SetPoint(chat, null);
            chat = OpenPrivateRoom(link.Room, chat.Title, link, chat.Room);
            KeepPrivateRoom(chat);
        }

        Activate(chat, direct);
        DialRemembered(chat.Point);
        return new NodeReply.Opened(Summarise(chat));
    }

    /// <summary>Who was removed or left comes back under a new author key; the old one stays cut.</summary>
    private Chat AskAgain(Chat chat, InvitationLink link)
    {
        foreach (var peer in _links.All.Where(peer => peer.CommonRooms.Remove(chat.Room!.Id)).ToList())
        {
            chat.Room!.RemoveLink(peer.Id, _now, _wall);
        }

        chat.Room!.BeginAnew();
        _chats.Remove(chat.Key);
        SetPoint(chat, null);
        var again = OpenPrivateRoom(link.Room, chat.Title, link, null);
        again.Failure = null;
        KeepPrivateRoom(again);
        return again;
    }

    private NodeReply ListMembers(NodeCommand.ListMembers list)
    {
        if (!TryFindRoom(list.Chat, out var chat, out var problem, alsoOver: true))
        {
            return problem;
        }

        var room = chat.Room!;
        var members = room
            .Members.GroupBy(member => member.Person.PeerId)
            .Select(person => new RoomMemberSummary(
                NameOf(person.First()),
                PeerIdText.Format(person.Key),
                PeerIdText.ShortForm(person.Key),
                (RoomRole)person.Max(member => member.Role),
                person.Key == _options.Self.PeerId || IsLinked(room, person.Key),
                person.Key == _options.Self.PeerId,
                _contacts.LooksLike(person.Key, NameOf(person.First()))
            ))
            .OrderBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(member => member.PeerId, StringComparer.Ordinal);
        return new NodeReply.Members(chat.Key, room.Info.Topic, HistoryText.Of(room.Policy), [.. members]);
    }

    private bool IsLinked(Room room, PeerId person) =>
        _links.All.Any(link =>
            link.Phase == LinkPhase.Authenticated
            && link.Peer!.PeerId == person
            && link.CommonRooms.Contains(room.Id)
        );

    private string NameOf(RoomMember member) =>
        _contacts.Find(member.Person.PeerId)?.Name ?? member.Name.ToString();

    private NodeReply ChangeMember(string name, string who, MemberChange change)
    {
        if (!TryFindRoom(name, out var chat, out var problem))
        {
            return problem;
        }

        var room = chat.Room!;
        var people = room
            .Members.Where(member =>
                PeerIdText.Format(member.Person.PeerId) == who
                || string.Equals(NameOf(member), who, StringComparison.OrdinalIgnoreCase)
            )
            .GroupBy(member => member.Person.PeerId)
            .ToList();
        if (people is not [var person])
        {
            return new NodeReply.Refused(
                RefusalCode.NoSuchMember,
                people.Count == 0
                    ? $"Nobody called {Shorten(who)} is in {chat.Title}; /members lists who is."
                    : $"Several members of {chat.Title} are called {Shorten(who)}; say the full id of the one you mean."
            );
        }

        if (person.Key == _options.Self.PeerId)
        {
            return Bad(
                change == MemberChange.Remove
                    ? "That is yourself; leave the room instead."
                    : "That is yourself; somebody senior changes your role."
            );
        }

        if (!person.All(member => room.IsOver(member.Author)))
        {
            return NotAllowed(
                room.OwnRole == MemberRole.Admin
                    ? $"{Shorten(who)} was in {chat.Title} before you, by the order of admissions; only a senior admin can do this."
                    : $"Only admins of {chat.Title} can do this."
            );
        }

        foreach (var member in person)
        {
            switch (change)
            {
                case MemberChange.Remove:
                    room.Remove(member.Author, _wall);
                    break;
                case MemberChange.Demote:
                    room.Demote(member.Author, _wall);
                    break;
                case MemberChange.Promote when room.CanPromote(member.Author):
                    room.Promote(member.Author, _wall);
                    break;
                default:
                    return NotAllowed(
                        $"{Shorten(who)} was demoted before, which is for good; they become admin again only with a new invitation."
                    );
            }
        }

        MarkDirty(chat.Key);
        return new NodeReply.Done();
    }

    private NodeReply LeaveRoom(NodeCommand.LeaveRoom leave)
    {
        if (FindGuest(leave.Chat) is { } guest)
        {
            RemoveGuestChat(guest);
            return new NodeReply.Done();
        }

        if (!TryFindRoom(leave.Chat, out var chat, out var problem))
        {
            return problem;
        }

        var room = chat.Room!;
        if (
            room.OwnRole == MemberRole.Admin
            && room.Members.Any(member => member.Person.PeerId != _options.Self.PeerId)
            && !room.Members.Any(member =>
                member.Role == MemberRole.Admin && member.Person.PeerId != _options.Self.PeerId
            )
        )
        {
            return NotAllowed(
                $"You are the last admin of {chat.Title}: promote somebody first, so that the room goes on without you."
            );
        }

        room.Leave(_wall);
        SayState(chat, room);
        MarkDirty(chat.Key);
        return new NodeReply.Done();
    }

    private NodeReply SetTopic(NodeCommand.SetTopic topic)
    {
        if (!TryFindRoom(topic.Chat, out var chat, out var problem))
        {
            return problem;
        }

        if (chat.Room!.OwnRole != MemberRole.Admin)
        {
            return NotAllowed($"Only admins of {chat.Title} set the topic.");
        }

        if (!RoomInfo.IsGood(topic.Topic))
        {
            return Bad($"A topic has at most {RoomInfo.MaxBytes} bytes without control characters.");
        }

        chat.Room.SetInfo(chat.Title, topic.Topic, _wall);
        MarkDirty(chat.Key);
        return new NodeReply.Done();
    }

    private NodeReply SetPolicy(NodeCommand.SetPolicy policy)
    {
        if (!TryFindRoom(policy.Chat, out var chat, out var problem))
        {
            return problem;
        }

        if (!HistoryText.TryParse(policy.History, out var read))
        {
            return Bad(HistoryText.Problem);
        }

        if (chat.Room!.OwnRole != MemberRole.Admin)
        {
            return NotAllowed($"Only admins of {chat.Title} say what newcomers may read.");
        }

        chat.Room.SetPolicy(read, _wall);
        MarkDirty(chat.Key);
        return new NodeReply.Done();
    }

    private NodeReply ContinueRoom(NodeCommand.ContinueRoom old)
    {
        if (!TryFindRoom(old.Chat, out var chat, out var problem))
        {
            return problem;
        }

        if (!chat.Room!.HasLostItsAdmins)
        {
            return NotAllowed($"{chat.Title} still has an admin, so it needs no successor.");
        }

        var others = chat
            .Room.Members.Select(member => member.Person.PeerId)
            .Where(person => person != _options.Self.PeerId)
            .Distinct()
            .Count();
        var successor = MakeRoom(chat.Title, chat.Room.Policy);
        if (others > 0)
        {
            var invited = MakeInvitation(successor, others, MemberRole.Member, lifetime: null);
            chat.Room.Post(
                $"This room has lost all its admins and goes on in a new one. Join it with: {invited.Link}",
                _wall
            );
        }

        return new NodeReply.Opened(Summarise(successor));
    }

    private bool TryFindRoom(
        string name,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Chat? chat,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out NodeReply.Refused? problem,
        bool alsoOver = false
    )
    {
        chat = FindPrivateRoom(name);
        problem =
            chat is null
                ? new NodeReply.Refused(
                    RefusalCode.NoSuchChat,
                    _chats.TryGetValue(name, out var other)
                        ? $"{other.Title} is no private room; 'peerchat room create' makes one."
                        : $"There is no private room {Shorten(name)}, or there are several of that title; 'peerchat rooms' lists all."
                )
            : alsoOver ? null
            : PrivateRoomProblem(chat)
                ?? (
                    chat.Room!.OwnRole is null
                        ? NotAllowed($"You are not in {chat.Title} yet; the inviter has not been met.")
                        : null
                );
        return problem is null;
    }
}
