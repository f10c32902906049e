using PeerChat.Node.Guests;
using PeerChat.Node.Meeting;
using PeerChat.Rendezvous.PeerServer;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;

namespace PeerChat.Node.Engine;

/// <summary>Guests: people with a stock PeerJS page, who know a name and a PeerServer and prove nothing.</summary>
/// <remarks>
/// A guest is a chat of their own with the host: not a contact, not a member, never the answer to a name. Nothing of the machinery of
/// identities, rooms and logs sees one, and what they say is gone with the node.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>Chats of guests that are gone; the oldest makes room.</summary>
    internal const int MaxGuestChats = 32;

    private readonly GuestSet _guests = new();
    private readonly List<string> _guestChats = []; // oldest first
    private int _lastGuestMessage;

    /// <summary>Connections to guests, those included that are being made.</summary>
    internal int GuestCount => _guests.All.Count();

    private void OpenGuestDesks()
    {
        if (!_options.AllowsGuests)
        {
            return;
        }

        var name = _options.Name.ToString();
        var servers = _services
            .Where(one => one is { IsNamed: true, Rung: Rooms.Signalling.Rung.PeerServer })
            .ToList();
        if (servers.Count == 0)
        {
            Notice(
                null,
                NoticeCode.Information,
                "Guests come through a PeerServer, and none is named: add --peerserver URL to --allow-guests."
            );
        }
        else if (!PeerServerRendezvous.CanBeId(name))
        {
            Notice(
                null,
                NoticeCode.Information,
                $"Guests cannot ask for {name}: at a PeerServer a name is letters from a to z and digits, with single hyphens between."
            );
        }
        else
        {
            foreach (var server in servers)
            {
                ((PeerServerRendezvous)server.Machine).ReceiveGuests(name, TokenOf($"guests {name}"), _now);
            }
        }
    }

    private void HandleGuestOffer(RungService service, GuestOffer offer)
    {
        var machine = (PeerServerRendezvous)service.Machine;
        // A page that reloads calls again by the same id before the old connection is noticed to be dead
        _guests.Find(service.Number, offer.Peer)?.Close(_now, tellsPage: false);
        PumpGuests();
        if (
            !_guests.HasRoom
            || MustWaitForServers // a page may try again, and an answer without addresses would lead nowhere
            || !SdpDocument.TryParse(offer.Sdp, out var document, out _)
        )
        {
            _droppedSignals++;
            machine.DismissGuest(offer.Peer);
            return;
        }

        var connection = new PeerConnection(isOfferer: false, LocalAddresses, _options.Entropy, _now);
        HideAddresses(connection, []);
        connection.AddGatheredCandidates(_gatherer.Candidates, _now);
        connection.SetRemoteDescription(document.Description, _now);
        _ = _guests.Add(service.Number, offer, connection, _now);
        machine.AnswerGuest(
            offer.Peer,
            offer.ConnectionId,
            SdpDocument.WriteAnswer(connection.LocalDescription, document, isComplete: true)
        );
    }

    private void PumpGuests()
    {
        foreach (var link in _guests.All.ToList())
        {
            link.Pump(_now);
            while (link.TryTakeEvent(out var happened))
            {
                HandleGuestEvent(link, happened);
            }

            if (link.IsClosed)
            {
                _guests.Remove(link);
            }
        }
    }

    private void HandleGuestEvent(GuestLink link, GuestLinkEvent happened)
    {
        switch (happened)
        {
            case GuestLinkEvent.Opened:
                WelcomeGuest(link);
                break;
            case GuestLinkEvent.TextReceived received when GuestChatOf(link) is { } chat:
                var message = ShowGuest(chat, received.Text, isOwn: false);
                chat.Guest!.Add(message, null);
                _events.Enqueue(new NodeEvent.MessageShown(message, null));
                break;
            case GuestLinkEvent.TooLong when GuestChatOf(link) is { } chat:
                Warn(
                    chat.Key,
                    $"{chat.Title} sent a message longer than {GuestCodec.MaxTextBytes / 1024} KiB; it was dropped."
                );
                break;
            case GuestLinkEvent.Ended:
                if (link.TellsPage && _services[link.Service - 1].Machine is PeerServerRendezvous machine)
                {
                    machine.DismissGuest(link.Peer); // a page notices the end of a connection late, or never
                }

                if (GuestChatOf(link) is { } left)
                {
                    left.Guest!.Link = null;
                    MarkDirty(left.Key);
                    Notice(left.Key, NoticeCode.PeerLeft, $"{left.Title} is gone.");
                }

                break;
            default:
                break;
        }
    }

    private void WelcomeGuest(GuestLink link)
    {
        var key = $"%{link.Peer}";
        var endpoint = _services[link.Service - 1].Machine.Endpoint;
        if (_chats.GetValueOrDefault(key) is { Guest.Link: not null })
        {
            key = $"%{link.Peer}@{link.Service}"; // the same id at another server is somebody else
        }

        if (!_chats.TryGetValue(key, out var chat))
        {
            chat = new Chat(key, ChatKind.Guest)
            {
                Title = GuestTalk.TitleOf(link.Name, link.Peer),
                Draft = "",
                InputLines = [],
                Guest = new GuestTalk(endpoint),
            };
            MakeRoomForGuest();
            _chats.Add(key, chat);
            _guestChats.Add(key);
        }

        chat.Guest!.Link = link.Id;
        MarkDirty(key);
        Notice(
            key,
            NoticeCode.PeerJoined,
            $"{chat.Title} is here as a guest, through {endpoint}. Nobody can prove who it is, and whoever runs that server could read along."
        );
    }

    private void MakeRoomForGuest()
    {
        while (_guestChats.Count >= MaxGuestChats)
        {
            var oldest = _guestChats.Find(one => _chats[one].Guest!.Link is null) ?? _guestChats[0];
            RemoveGuestChat(_chats[oldest]);
        }
    }

    private void RemoveGuestChat(Chat chat)
    {
        if (chat.Guest!.Link is { } link)
        {
            chat.Guest.Link = null;
            _guests.Find(link)?.Close(_now);
        }

        _chats.Remove(chat.Key);
        _guestChats.Remove(chat.Key);
        _dirty.Remove(chat);
        _events.Enqueue(new NodeEvent.ChatRemoved(chat.Key));
        PumpGuests();
    }

    private Chat? GuestChatOf(GuestLink link) =>
        _guestChats.Select(key => _chats[key]).FirstOrDefault(chat => chat.Guest!.Link == link.Id);

    /// <summary>The guest's chat of this name or title; null where there is none, or several.</summary>
    private Chat? FindGuest(string target)
    {
        if (_chats.TryGetValue(target, out var known))
        {
            return known.Guest is null ? null : known;
        }

        var titled = _guestChats
            .Select(key => _chats[key])
            .Where(chat => string.Equals(chat.Title, target, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return titled.Count == 1 ? titled[0] : null;
    }

    private NodeReply SendToGuest(NodeCommand.SendText send, Chat chat)
    {
        var talk = chat.Guest!;
        if (send.Reference is { } reference && talk.Find(reference) is { } sent)
        {
            return new NodeReply.Accepted(sent);
        }

        if (send.ReplyTo is not null)
        {
            return NotAllowed($"{chat.Title} is a guest: a PeerJS page takes plain messages alone.");
        }

        if (talk.Link is not { } id || _guests.Find(id) is not { IsOpen: true } link)
        {
            return NotAllowed(
                $"{chat.Title} is gone, and what is written to guests does not wait: nobody could say whether the next one is the same."
            );
        }

        if (!link.TrySend(send.Text, _now))
        {
            return link.IsClosed
                ? NotAllowed($"{chat.Title} does not read what is sent; the connection was closed.")
                : new NodeReply.Refused(
                    RefusalCode.TooLong,
                    $"The message is too long for the page of {chat.Title}, which takes {GuestCodec.MaxPieceBytes:N0} bytes; split it."
                );
        }

        var message = ShowGuest(chat, send.Text, isOwn: true);
        talk.Add(message, send.Reference);
        _events.Enqueue(new NodeEvent.MessageShown(message, send.Reference));
        return new NodeReply.Accepted(message);
    }

    private ChatMessage ShowGuest(Chat chat, string text, bool isOwn) =>
        new(
            chat.Key,
            $"guest-{++_lastGuestMessage}",
            isOwn ? _options.Name.ToString() : chat.Title,
            isOwn ? Rooms.Identity.PeerIdText.Format(_options.Self.PeerId) : "",
            isOwn,
            text,
            _wall.UnixMilliseconds,
            isOwn ? DeliveryState.Sent : DeliveryState.Received,
            isOwn ? 1 : 0,
            Order: ((ulong)_wall.UnixMilliseconds << 16) | (uint)(_lastGuestMessage & 0xffff)
        );

    private (ConnectionState State, string Detail) ConnectionOfGuest(Chat chat) =>
        chat.Guest!.Link is { } id && _guests.Find(id) is { IsClosed: false } link
            ? (
                ConnectionState.Connected,
                link.Connection.IsRelayed
                    ? $"relayed, {link.Connection.SelectedRemote}; a guest through {chat.Guest.Endpoint}"
                    : $"direct, {link.Connection.SelectedRemote}; a guest through {chat.Guest.Endpoint}"
            )
            : (ConnectionState.Idle, "gone");

    private ChatMember MemberOfGuest(Chat chat) =>
        new(
            chat.Title,
            "",
            "",
            Connected: chat.Guest!.Link is not null,
            IsSelf: false,
            TrustState.None,
            chat.Guest.Link is { } id && _guests.Find(id) is { } link
                ? link.Connection.IsRelayed
                    ? ConnectionPath.Relayed
                    : ConnectionPath.Direct
                : ConnectionPath.None
        );

    private void CloseGuests()
    {
        foreach (var link in _guests.All)
        {
            link.Close(_now);
        }

        PumpGuests();
    }
}
