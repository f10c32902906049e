using System.Globalization;
using System.Net;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>Opening chats and looking for their people.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The UDP port that is tried first, so that <c>--peer HOST</c> needs no number; unassigned at IANA.</summary>
    public const int DefaultPort = 27717;

    /// <summary>What all links begin with.</summary>
    private const string LinkScheme = "peerchat:";

    /// <summary>So many chats are open at once: each costs keys and memory, and nobody overlooks more.</summary>
    internal const int MaxChats = 1_000;

    /// <summary>The longest host name there is (RFC 1035 section 2.3.4).</summary>
    private const int MaxHostName = 253;

    private NodeReply JoinPeer(NodeCommand.JoinPeer join)
    {
        if (join.Target.StartsWith(LinkScheme, StringComparison.OrdinalIgnoreCase))
        {
            return JoinLink(new NodeCommand.JoinLink(join.Target, join.Address));
        }

        if (join.Target.StartsWith('%'))
        {
            return FindGuest(join.Target) is { } guest
                ? new NodeReply.Opened(Summarise(guest))
                : new NodeReply.Refused(
                    RefusalCode.NoSuchPeer,
                    $"No guest {Shorten(join.Target)} is here, or several are; 'peerchat rooms' lists them by their ids."
                );
        }

        if (PeerIdText.TryParse(join.Target, out var id))
        {
            if (id.Value.IsZero || id == _options.Self.PeerId)
            {
                return Bad(
                    id.Value.IsZero ? "That id is nobody's." : "That is your own id; join somebody else."
                );
            }

            return JoinKnownOrNew(_contacts.Find(id), join.Target, id, join.Address);
        }

        if (!DisplayName.TryCreate(join.Target, out var name, out var error))
        {
            return Bad(DisplayName.Explain(error));
        }

        return name.Folded == _options.Name.Folded && _contacts.Find(name) is null
            ? Bad("That is your own name; join somebody else.")
            : JoinKnownOrNew(_contacts.Find(name), name.ToString(), null, join.Address);
    }

    private NodeReply JoinKnownOrNew(KnownContact? contact, string target, PeerId? id, string? address)
    {
        if (!TryReadAddress(address, out var direct))
        {
            return BadAddress(address!);
        }

        if (OffLink(direct) is { } offLink)
        {
            return offLink;
        }

        if (contact is { Record.IsBlocked: true })
        {
            return Bad($"{contact.Name} is blocked; 'peerchat unblock' takes that back.");
        }

        var key = contact is not null ? ChatKey(contact.Identity.PeerId) : "?" + target;
        if (!_chats.TryGetValue(key, out var chat))
        {
            if (_chats.Count >= MaxChats)
            {
                return TooManyChats();
            }

            chat = contact is not null ? OpenDirectChat(contact) : OpenUnmetChat(key, target, id);
        }

        Activate(chat, direct);
        return new NodeReply.Opened(Summarise(chat));
    }

    private static NodeReply.Refused TooManyChats() =>
        Bad($"{MaxChats:N0} chats are open, which is the limit; this one was not opened.");

    private Chat OpenUnmetChat(string key, string target, PeerId? id)
    {
        var point = new MeetingPoint(key, HelloContext.Stranger)
        {
            Name = id is null ? target : null,
            Expected = id,
            IsActive = true,
        };
        var chat = new Chat(key, ChatKind.Direct)
        {
            Title = id is { } known ? PeerIdText.ShortForm(known) : target,
            Draft = _store.Drafts.Read(key),
            InputLines = [.. _store.Drafts.ReadInputLines(key)],
            Point = point,
            OutboxReleased = _options.ReleaseOutboxUnasked,
        };
        _chats.Add(key, chat);
        if (id is null)
        {
            var name = DisplayName.Of(target);
            RequestBareName(name);
            point.Keys = _bareNames[name.Folded.ToString()];
        }

        _board.Add(point, _wall, _now);
        foreach (var peer in _board.Peers.ToList())
        {
            LearnName(peer);
        }

        return chat;
    }

    private void Activate(Chat chat, DirectAddress? address)
    {
        chat.Failure = null;
        EndChoice(chat, chosen: null); // asked anew where it is still so
        MarkDirty(chat.Key);
        if (chat.Point is not { } point)
        {
            return;
        }

        MeetingBoard.Activate(point, _now);
        point.FirewallNoticed = false;
        if (address is { } direct)
        {
            DialAddress(chat, point, direct);
        }

        (point.ReachFrom, point.ReachDialAt, point.ReachFailures, _reachIsDue) = (null, null, 0, true);

        _board.Rematch(point, _wall, _now);
        Announce();
        _lan.Requery(_now);
    }

    /// <summary>HOST, HOST:PORT, [IPv6] or [IPv6]:PORT; nothing at all is fine too.</summary>
    private static bool TryReadAddress(string? text, out DirectAddress? address)
    {
        address = null;
        if (text is null)
        {
            return true;
        }

        if (IPAddress.TryParse(text, out var plain))
        {
            address = new DirectAddress(new TransportAddress(plain, DefaultPort), "", DefaultPort);
            return true;
        }

        if (IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port != 0)
        {
            address = new DirectAddress(new TransportAddress(endpoint), "", endpoint.Port);
            return true;
        }

        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : text;
        var port = DefaultPort;
        if (
            host.Length is 0 or > MaxHostName
            || (
                colon > 0
                && !int.TryParse(
                    text.AsSpan(colon + 1),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out port
                )
            )
            || port is < 1 or > ushort.MaxValue
        )
        {
            return false;
        }

        address = new DirectAddress(null, host, port);
        return true;
    }

    private static NodeReply.Refused BadAddress(string address) =>
        Bad($"{address} is no HOST or HOST:PORT; the port is 1 to 65535.");

    private void DialAddress(Chat chat, MeetingPoint point, DirectAddress address)
    {
        if (address.Known is { } known)
        {
            point.Direct = known;
            point.DirectDialAt = _now;
        }
        else
        {
            _effects.Enqueue(new EngineEffect.ResolveHost(chat.Key, address.Host, address.Port));
        }
    }

    private NodeReply JoinRoom(NodeCommand.JoinRoom join)
    {
        if (!DisplayName.TryCreate(join.Room, out var name, out var error))
        {
            return Bad(DisplayName.Explain(error));
        }

        if (!TryReadAddress(join.Address, out var direct))
        {
            return BadAddress(join.Address!);
        }

        if (FindPrivateRoom(join.Room) is { } privateRoom)
        {
            Activate(privateRoom, direct);
            return new NodeReply.Opened(Summarise(privateRoom));
        }

        var key = "#" + name;
        if (!_chats.TryGetValue(key, out var chat))
        {
            if (_chats.Count >= MaxChats)
            {
                return TooManyChats();
            }

            chat = new Chat(key, ChatKind.OpenRoom)
            {
                Title = key,
                Draft = _store.Drafts.Read(key),
                InputLines = [.. _store.Drafts.ReadInputLines(key)],
                Point = new MeetingPoint(key, HelloContext.OpenRoom),
            };
            _chats.Add(key, chat);
            if (_store.OpenRooms.Find(name.ToString()) is { } known)
            {
                EnterOpenRoom(chat, OpenRoomSecrets.Restore(known.Secret.Span));
            }
            else
            {
                _effects.Enqueue(new EngineEffect.DeriveOpenRoom(name));
            }
        }

        Activate(chat, direct);
        return new NodeReply.Opened(Summarise(chat));
    }

    /// <summary>Takes the secrets of an open room in, derived elsewhere.</summary>
    public void HandleOpenRoom(string room, OpenRoomSecrets secrets, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        if (_chats.GetValueOrDefault("#" + room) is { Room: null } chat)
        {
            _store.OpenRooms.Write(new Storage.OpenRoom(secrets.RoomId, room, secrets.Secret, wall));
            EnterOpenRoom(chat, secrets);
            Activate(chat, null);
        }
    }

    private void EnterOpenRoom(Chat chat, OpenRoomSecrets secrets)
    {
        chat.Room = Room.OpenOpen(
            _options.Self,
            _options.Name,
            secrets.RoomId,
            secrets.EpochSecret.Span,
            secrets.RendezvousSecret.Span,
            _store.Rooms,
            _options.Keys,
            _options.Entropy,
            _wall
        );
        chat.Room.SetBlocked(Blocked);
        chat.Room.UseOverlay(OverlayContact);
        var keys = secrets.Signal;
        chat.RoomKnockKey = keys.KnockKey;
        var point = new MeetingPoint(chat.Key, HelloContext.OpenRoom)
        {
            Keys = keys,
            KnockKey = keys.KnockKey,
            IsActive = true,
            Direct = chat.Point?.Direct,
            DirectDialAt = chat.Point?.DirectDialAt,
        };
        _reachIsDue = true;
        chat.Point = point;
        _board.Add(point, _wall, _now);
        SendCommonRoomsToAll();
    }

    /// <summary>Where to dial without looking on the network.</summary>
    /// <param name="Known">The address; null where <paramref name="Host"/> has to be looked up first.</param>
    /// <param name="Host">The host's name.</param>
    /// <param name="Port">The port.</param>
    private readonly record struct DirectAddress(TransportAddress? Known, string Host, int Port);
}
