using PeerChat.Node.Links;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>People of whom the user wants nothing more.</summary>
internal sealed partial class NodeEngine
{
    private NodeReply BlockPeer(NodeCommand.BlockPeer block)
    {
        if (FindPerson(block.Peer) is not { } id)
        {
            return NoSuchPeer(block.Peer);
        }

        if (id == _options.Self.PeerId)
        {
            return Bad("That is yourself.");
        }

        if (_contacts.Find(id) is null)
        {
            var member = _chats
                .Values.SelectMany(chat => chat.Room?.Members ?? [])
                .FirstOrDefault(member => member.Person.PeerId == id);
            var waiting = _requests.Waiting.FirstOrDefault(request => request.Peer.PeerId == id);
            if (member is null && waiting is null)
            {
                return NoSuchPeer(block.Peer);
            }

            _contacts.Pin(
                member?.Person ?? waiting!.Peer,
                member?.Name ?? waiting!.Name,
                TrustState.Seen,
                _wall
            );
        }

        foreach (var request in _requests.Waiting.Where(one => one.Peer.PeerId == id).ToList())
        {
            EndRequest(request);
        }

        var direct = _chats.GetValueOrDefault(ChatKey(id))?.Room;
        _contacts.SetBlocked(id, true);
        MarkAllDirty();
        CloseChat(id);
        TellRooms();
        if (block.Purge)
        {
            direct?.Purge(id);
            foreach (var chat in _chats.Values.Where(chat => chat.Room is not null))
            {
                chat.Room!.Purge(id);
            }

            // The direct chat is not on the list any more: what it deleted is told to nobody, but searched for no more
            while (direct is not null && direct.TryTakeEvent(out var happened))
            {
                if (happened is RoomEvent.ContentErased erased)
                {
                    foreach (var entry in erased.Entries)
                    {
                        _store.Search.Replace(entry.Room, entry.Arrival, null);
                    }

                    _hasErased = true;
                }
            }
        }

        return OnlyContact(id);
    }

    private NodeReply UnblockPeer(NodeCommand.UnblockPeer unblock)
    {
        if (FindPerson(unblock.Peer) is not { } id || _contacts.Find(id) is not { } contact)
        {
            return NoSuchPeer(unblock.Peer);
        }

        if (contact.Record.IsBlocked)
        {
            _contacts.SetBlocked(id, false);
            MarkAllDirty();
            OpenDirectChat(_contacts.Find(id)!);
            TellRooms();
            Announce();
        }

        return OnlyContact(id);
    }

    private NodeReply.Contacts OnlyContact(PeerId id) =>
        new([.. ListContacts().All.Where(contact => contact.PeerId == PeerIdText.Format(id))]);

    private bool IsBlocked(PeerId id) => _contacts.Find(id) is { Record.IsBlocked: true };

    private IReadOnlySet<PeerId> Blocked =>
        _contacts.All.Where(one => one.Record.IsBlocked).Select(one => one.Identity.PeerId).ToHashSet();

    private void TellRooms()
    {
        foreach (var chat in _chats.Values)
        {
            chat.Room?.SetBlocked(Blocked);
        }
    }

    /// <summary>Somebody's links end, and their chat goes from the list.</summary>
    private void CloseChat(PeerId id)
    {
        var chat = _chats.GetValueOrDefault(ChatKey(id));
        foreach (
            var link in _links
                .All.Where(link =>
                    link.Peer?.PeerId == id
                    || (chat is not null && _linkPoints.GetValueOrDefault(link.Id) == chat.Point)
                )
                .ToList()
        )
        {
            link.Close(LinkFailure.Local, "", _now);
        }

        PumpLinks();
        if (chat is not null)
        {
            _board.Remove(chat.Point!);
            _chats.Remove(chat.Key);
            _dirty.Remove(chat);
            _events.Enqueue(new NodeEvent.ChatRemoved(chat.Key));
        }

        Announce(); // without the tag by which the two recognised each other
    }
}
