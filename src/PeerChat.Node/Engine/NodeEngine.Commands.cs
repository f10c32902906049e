using System.Net;
using System.Text;
using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>What the faces ask for.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The UDP port that is tried first, so that <c>--peer HOST</c> needs no number; unassigned at IANA.</summary>
    public const int DefaultPort = 27717;

    private const int MaxHistoryPage = 10_000;

    /// <summary>What was said last gets so long to arrive when the user leaves; a dead peer must not hold them up for long.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    /// <summary>Does what a face asks.</summary>
    public NodeReply HandleCommand(NodeCommand command, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        switch (command)
        {
            case NodeCommand.JoinPeer join:
                JoinPeer(join);
                break;
            case NodeCommand.JoinRoom join:
                JoinRoom(join);
                break;
            case NodeCommand.SendText send:
                SendText(send);
                break;
            case NodeCommand.AnswerRequest answer:
                AnswerRequest(answer);
                break;
            case NodeCommand.ChoosePeer choice:
                ChoosePeer(choice);
                break;
            case NodeCommand.ReleaseOutbox release:
                ReleaseOutbox(release);
                break;
            case NodeCommand.LoadHistory load:
                LoadHistory(load);
                break;
            case NodeCommand.SaveDraft draft:
                SaveDraft(draft);
                break;
            case NodeCommand.RememberInput input:
                RememberInput(input);
                break;
            case NodeCommand.SetAnnounceName announce:
                _announceName = announce.Announce;
                Announce();
                break;
            case NodeCommand.StopNode:
                _leaveBy ??= _now + LeavePatience;
                break;
            default:
                throw new ArgumentException(
                    $"The command {command.GetType().Name} is not known.",
                    nameof(command)
                );
        }

        return new NodeReply.Done();
    }

    /// <summary>Once asked to leave: goes as soon as everything said has arrived, or patience ends.</summary>
    private void LeaveWhenDone()
    {
        if (_leaveBy is not { } latest || _stopping || (_now < latest && HasUnsent()))
        {
            return;
        }

        _stopping = true;
        _leaveBy = null;
        foreach (var link in _links.All.ToList())
        {
            link.Close(LinkFailure.Local, "", _now);
        }

        _lan.Goodbye(_now);
    }

    private bool HasUnsent() =>
        _chats.Values.Any(chat => chat.Room is { OwesStatements: true })
        || _links.All.Any(link => link.Phase == LinkPhase.Authenticated && link.HasUnacknowledged);

    private void JoinPeer(NodeCommand.JoinPeer join)
    {
        if (PeerIdText.TryParse(join.Target, out var id))
        {
            if (id.Value.IsZero || id == _options.Self.PeerId)
            {
                FailJoin(
                    join.Target,
                    JoinFailure.NobodyFound,
                    id.Value.IsZero ? "That id is nobody's." : "That is your own id; join somebody else."
                );
                return;
            }

            JoinKnownOrNew(_contacts.Find(id), join.Target, id, join.Address);
        }
        else if (DisplayName.TryCreate(join.Target, out var name, out var error))
        {
            if (name.Folded == _options.Name.Folded && _contacts.Find(name) is null)
            {
                FailJoin(join.Target, JoinFailure.NobodyFound, "That is your own name; join somebody else.");
                return;
            }

            JoinKnownOrNew(_contacts.Find(name), name.ToString(), null, join.Address);
        }
        else
        {
            FailJoin(join.Target, JoinFailure.NobodyFound, DisplayName.Explain(error));
        }
    }

    private void JoinKnownOrNew(KnownContact? contact, string target, PeerId? id, string? address)
    {
        var key = contact is not null ? ChatKey(contact.Identity.PeerId) : "?" + target;
        if (!_chats.TryGetValue(key, out var chat))
        {
            chat = contact is not null ? OpenDirectChat(contact) : OpenUnmetChat(key, target, id);
        }

        Activate(chat, address);
    }

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

    private void Activate(Chat chat, string? address)
    {
        chat.Failure = null;
        MarkDirty(chat.Key);
        if (chat.Point is not { } point)
        {
            return;
        }

        MeetingBoard.Activate(point, _now);
        point.FirewallNoticed = false;
        if (address is not null)
        {
            DialAddress(chat, point, address);
        }

        _board.Rematch(point, _wall, _now);
        Announce();
        _lan.Requery(_now);
    }

    /// <summary>HOST, HOST:PORT, [IPv6] or [IPv6]:PORT.</summary>
    private void DialAddress(Chat chat, MeetingPoint point, string address)
    {
        if (IPAddress.TryParse(address, out var plain))
        {
            point.Direct = new TransportAddress(plain, DefaultPort);
            point.DirectDialAt = _now;
        }
        else if (IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port != 0)
        {
            point.Direct = new TransportAddress(endpoint);
            point.DirectDialAt = _now;
        }
        else
        {
            var colon = address.LastIndexOf(':');
            var port = DefaultPort;
            if (colon > 0 && !int.TryParse(address.AsSpan(colon + 1), out port))
            {
                port = 0;
            }

            if (port is < 1 or > ushort.MaxValue)
            {
                FailJoin(
                    chat.Key,
                    JoinFailure.NobodyFound,
                    $"{address} is no HOST or HOST:PORT; the port is 1 to 65535."
                );
                return;
            }

            _effects.Enqueue(
                new EngineEffect.ResolveHost(chat.Key, colon > 0 ? address[..colon] : address, port)
            );
        }
    }

    private void JoinRoom(NodeCommand.JoinRoom join)
    {
        if (!DisplayName.TryCreate(join.Room, out var name, out var error))
        {
            FailJoin(join.Room, JoinFailure.NobodyFound, DisplayName.Explain(error));
            return;
        }

        var key = "#" + name;
        if (!_chats.TryGetValue(key, out var chat))
        {
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

        Activate(chat, join.Address);
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
        chat.Point = point;
        _board.Add(point, _wall, _now);
        SendCommonRoomsToAll();
    }

    private void SendText(NodeCommand.SendText send)
    {
        if (!_chats.TryGetValue(send.Chat, out var chat))
        {
            Notice(null, NoticeCode.Information, $"There is no chat {send.Chat}; join it first.");
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(send.Text);
        if (bytes > Room.MaxTextBytes)
        {
            Notice(
                chat.Key,
                NoticeCode.MessageTooLong,
                $"The message is {bytes:N0} bytes long; the limit is {Room.MaxTextBytes:N0} (64 KiB). Split it, or send it as a file."
            );
            return;
        }

        if (chat is { OutboxReleased: true, Room: { CanWrite: true } room } && _waiting.Count(chat.Key) == 0)
        {
            var id = room.Post(send.Text, _wall);
            _references[id] = send.Reference;
        }
        else
        {
            var waiting = _waiting.Add(chat.Key, send.Text, _wall);
            _events.Enqueue(new NodeEvent.MessageShown(WaitingMessage(chat, waiting), send.Reference));
        }

        MarkDirty(chat.Key);
    }

    private void SaveDraft(NodeCommand.SaveDraft draft)
    {
        if (
            _chats.TryGetValue(draft.Chat, out var chat)
            && Encoding.UTF8.GetByteCount(draft.Text) <= Room.MaxTextBytes
        )
        {
            chat.Draft = draft.Text;
            _store.Drafts.Write(chat.Key, draft.Text);
        }
    }

    private void RememberInput(NodeCommand.RememberInput input)
    {
        if (
            _chats.TryGetValue(input.Chat, out var chat)
            && Encoding.UTF8.GetByteCount(input.Text) <= Room.MaxTextBytes
        )
        {
            chat.InputLines.Add(input.Text);
            _store.Drafts.AddInputLine(chat.Key, input.Text);
        }
    }

    private void ChoosePeer(NodeCommand.ChoosePeer choice)
    {
        var point = _board.Points.FirstOrDefault(point => point.IsBareName && point.Chat == choice.Target);
        point ??= _board.Points.FirstOrDefault(point => point.IsBareName && point.Name == choice.Target);
        if (point is null || !PeerIdText.TryParse(choice.PeerId, out var id) || id.Value.IsZero)
        {
            return;
        }

        point.Expected = id;
        _board.Rematch(point, _wall, _now);
        foreach (var encounter in point.Encounters.Values)
        {
            encounter.DialAt ??= _now;
        }
    }

    private void ReleaseOutbox(NodeCommand.ReleaseOutbox release)
    {
        if (!_chats.TryGetValue(release.Chat, out var chat))
        {
            return;
        }

        if (!release.Release)
        {
            foreach (var waiting in _waiting.Of(chat.Key))
            {
                _waiting.Remove(waiting);
            }

            LoadHistory(new NodeCommand.LoadHistory(chat.Key, 200));
        }

        chat.OutboxReleased = true;
        MarkDirty(chat.Key);
    }

    private void LoadHistory(NodeCommand.LoadHistory load)
    {
        if (!_chats.TryGetValue(load.Chat, out var chat))
        {
            return;
        }

        var count = Math.Clamp(load.Count, 1, MaxHistoryPage);
        var messages = new List<ChatMessage>();
        var hasOlder = false;
        if (chat.Room is { } room)
        {
            EntryPosition? before = null;
            if (load.BeforeMessage is { } text && Bytes32.TryParseHex(text, out var id))
            {
                before = room.Find(new Rooms.Log.EntryId(id))?.Position;
            }

            var page = room.ReadLatest(count + 1, before);
            hasOlder = page.Count > count;
            messages.AddRange(page.TakeLast(count).Select(message => Show(chat, message)));
        }

        if (load.BeforeMessage is null)
        {
            messages.AddRange(_waiting.Of(chat.Key).Select(waiting => WaitingMessage(chat, waiting)));
        }

        _events.Enqueue(new NodeEvent.HistoryLoaded(chat.Key, [.. messages], hasOlder));
    }

    private void FailJoin(string target, JoinFailure failure, string sentence) =>
        _events.Enqueue(new NodeEvent.JoinFailed(target, failure, sentence, []));
}
