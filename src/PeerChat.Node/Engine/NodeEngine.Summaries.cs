using PeerChat.Node.Links;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>How a chat looks to the faces.</summary>
internal sealed partial class NodeEngine
{
    private static bool SameSummary(ChatSummary one, ChatSummary other) =>
        one with
        {
            Members = other.Members,
            InputHistory = other.InputHistory,
            Draft = other.Draft,
            // Faces count what comes themselves
            Unread = other.Unread,
            ReadTo = other.ReadTo,
        } == other
        && one.Members.SequenceEqual(other.Members);

    private ChatSummary Summarise(Chat chat)
    {
        var (state, detail) = ConnectionOf(chat);
        return new ChatSummary(
            chat.Key,
            chat.Title,
            chat.Kind,
            state,
            detail,
            MembersOf(chat),
            (chat.Room?.QueuedOwnMessages ?? 0) + _waiting.Count(chat.Key),
            chat.Draft,
            [.. chat.InputLines],
            UnreadOf(chat),
            chat.ReadTo ?? 0,
            LagOf(chat)
        );
    }

    private (ConnectionState State, string Detail) ConnectionOf(Chat chat)
    {
        if (chat.Guest is not null)
        {
            return ConnectionOfGuest(chat);
        }

        var connected = chat.Room is { } room
            ? _links
                .All.Where(link =>
                    link.Phase == LinkPhase.Authenticated && link.CommonRooms.Contains(room.Id)
                )
                .ToList()
            : [];
        if (connected.Count > 0)
        {
            if (connected.TrueForAll(link => link.SilentSeconds > 0))
            {
                var shortest = connected.Min(link => link.SilentSeconds);
                return (ConnectionState.Silent, $"no answer for {shortest} s");
            }

            var newest = connected.FindLast(link => link.SilentSeconds == 0)!;
            var remote = newest.Connection.SelectedRemote;
            return (
                ConnectionState.Connected,
                PathOf(newest) == ConnectionPath.Relayed ? $"relayed, {remote}" : $"direct, {remote}"
            );
        }

        var links = _linkPoints
            .Where(pair => pair.Value == chat.Point && !IsGuess(pair.Key)) // nobody is found yet
            .Select(pair => _links.Find(pair.Key))
            .ToList();
        if (links.Any(link => link is { Phase: LinkPhase.Greeting, Plan.Context: HelloContext.Stranger }))
        {
            return (ConnectionState.Waiting, $"waiting until {chat.Title} accepts");
        }

        if (links.Any(link => link is not null))
        {
            return (ConnectionState.Connecting, "found, connecting");
        }

        if (chat.Failure is { } failure)
        {
            return (ConnectionState.Failed, failure);
        }

        return chat.Point is { IsActive: true }
            ? (ConnectionState.Searching, SearchingDetail(chat.Point))
            : (ConnectionState.Idle, "not here");
    }

    private ChatMember[] MembersOf(Chat chat)
    {
        var self = new ChatMember(
            _options.Name.ToString(),
            PeerIdText.Format(_options.Self.PeerId),
            PeerIdText.ShortForm(_options.Self.PeerId),
            Connected: true,
            IsSelf: true,
            TrustState.Verified,
            ConnectionPath.None
        );
        if (chat.Guest is not null)
        {
            return [self, MemberOfGuest(chat)];
        }

        if (chat.Room is not { } room)
        {
            return
            [
                self,
                new ChatMember(
                    chat.Title,
                    "",
                    "",
                    Connected: false,
                    IsSelf: false,
                    TrustState.None,
                    ConnectionPath.None
                ),
            ];
        }

        var linked = _links
            .All.Where(link => link.Phase == LinkPhase.Authenticated && link.CommonRooms.Contains(room.Id))
            .GroupBy(link => link.Peer!.PeerId)
            .ToDictionary(links => links.Key, links => links.Last());
        var people = room.Members.Select(member => (member.Person.PeerId, Name: member.Name.ToString()));
        if (chat.Contact is { } contact)
        {
            people = people.Prepend((contact.Identity.PeerId, contact.Name));
        }

        var others = people
            .Where(person => person.PeerId != _options.Self.PeerId)
            .DistinctBy(person => person.PeerId)
            .Select(person =>
            {
                var known = _contacts.Find(person.PeerId);
                return new ChatMember(
                    known?.Name ?? person.Name,
                    PeerIdText.Format(person.PeerId),
                    PeerIdText.ShortForm(person.PeerId),
                    linked.ContainsKey(person.PeerId),
                    IsSelf: false,
                    known?.Record.Trust ?? TrustState.None,
                    PathOf(linked.GetValueOrDefault(person.PeerId)),
                    _contacts.LooksLike(person.PeerId, known?.Name ?? person.Name)
                );
            });
        return [self, .. others];
    }
}
