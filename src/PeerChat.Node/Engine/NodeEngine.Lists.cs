using PeerChat.Node.Links;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>What there is, for whoever asks.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>People before rooms, each by name.</summary>
    private IEnumerable<Chat> ChatsInOrder() =>
        _chats
            .Values.OrderBy(chat => chat.Kind)
            .ThenBy(chat => chat.Title, StringComparer.OrdinalIgnoreCase)
            .ThenBy(chat => chat.Key, StringComparer.Ordinal);

    private NodeReply.Contacts ListContacts() =>
        new([
            .. _contacts
                .All.OrderBy(contact => contact.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(contact => contact.Identity.PeerId)
                .Select(contact => new ContactSummary(
                    contact.Name,
                    PeerIdText.Format(contact.Identity.PeerId),
                    PeerIdText.ShortForm(contact.Identity.PeerId),
                    contact.Record.Trust,
                    _links.FindAuthenticated(contact.Identity.PeerId) is not null,
                    contact.Record.FirstSeen.UnixMilliseconds,
                    contact.Record.LastSeen.UnixMilliseconds,
                    contact.Record.IsBlocked,
                    PathOf(_links.FindAuthenticated(contact.Identity.PeerId)),
                    RelayedBy(_links.FindAuthenticated(contact.Identity.PeerId)),
                    _contacts.LooksLike(contact.Identity.PeerId, contact.Name)
                )),
        ]);

    // By number, not by the clock on the wall, which may jump: answered ones come in the order of their answers, before those that wait.
    private NodeReply.Requests ListRequests() =>
        new([
            .. _requests.Answered.Select(answered => new RequestSummary(
                answered.Request,
                answered.Name,
                PeerIdText.Format(answered.PeerId),
                PeerIdText.ShortForm(answered.PeerId),
                answered.Accepted ? RequestState.Accepted : RequestState.Declined,
                answered.At.UnixMilliseconds,
                _contacts.LooksLike(answered.PeerId, answered.Name)
            )),
            .. _requests.Waiting.Select(waiting => new RequestSummary(
                waiting.Request,
                waiting.Name.ToString(),
                PeerIdText.Format(waiting.Peer.PeerId),
                PeerIdText.ShortForm(waiting.Peer.PeerId),
                RequestState.Waiting,
                waiting.At.UnixMilliseconds,
                _contacts.LooksLike(waiting.Peer.PeerId, waiting.Name.ToString())
            )),
        ]);

    private NodeStatus Status()
    {
        var chats = _chats.Values.Select(Summarise).ToList();
        return new NodeStatus(
            _ready.Name,
            _ready.PeerId,
            _ready.ShortId,
            _options.Version,
            _options.ProcessId,
            _started.UnixMilliseconds,
            _store.Folder.FullPath,
            _ready.Interfaces,
            _ready.Port,
            _announceName,
            chats.Count,
            chats
                .SelectMany(chat => chat.Members)
                .Where(member => member is { Connected: true, IsSelf: false })
                .DistinctBy(member => member.PeerId, StringComparer.Ordinal)
                .Count(),
            chats.Sum(chat => chat.Queued),
            _requests.Waiting.Count,
            DroppedDatagrams,
            [.. _options.Faces()],
            _options.RelayOnly,
            _options.HideAddresses,
            chats
                .SelectMany(chat => chat.Members)
                .Where(member => member.Path == ConnectionPath.Relayed)
                .DistinctBy(member => member.PeerId, StringComparer.Ordinal)
                .Count(),
            [
                .. _links
                    .All.Where(link => link.Phase == LinkPhase.Authenticated && RelayedBy(link).Length > 0)
                    .Select(link => new MemberRelaySummary(NameOf(link), RelayedBy(link))),
            ],
            Relaying,
            Servers(),
            [
                .. _services.Select(service => new ServiceSummary(
                    service.Rung == Rung.Tracker ? "tracker" : "peerserver",
                    service.Machine.Endpoint,
                    service.Machine.State.ToString().ToLowerInvariant(),
                    service.Machine.Problem
                )),
            ]
        );
    }
}
