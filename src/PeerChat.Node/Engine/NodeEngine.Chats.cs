using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>Chats, contacts and what the faces are told of them.</summary>
internal sealed partial class NodeEngine
{
    private readonly Dictionary<string, Chat> _chats = new(StringComparer.Ordinal);

    // By what the chat was called before the person was met; and whether what was written until then goes out unasked
    private readonly Dictionary<string, (string Chat, bool IsReleased)> _metAs = new(StringComparer.Ordinal);
    private readonly Dictionary<EntryId, string?> _references = [];
    private readonly Dictionary<EntryId, string> _replaces = [];

    private static string ChatKey(PeerId peer) => "@" + PeerIdText.Format(peer);

    private string TitleOf(string chat) => _chats.GetValueOrDefault(chat)?.Title ?? chat;

    private void OpenStoredChats()
    {
        foreach (var contact in _contacts.All.Where(contact => !contact.Record.IsBlocked))
        {
            OpenDirectChat(contact);
        }

        OpenStoredPrivateRooms();
        foreach (var room in _store.OpenRooms.ReadAll())
        {
            JoinRoom(new NodeCommand.JoinRoom(room.Name));
        }

        foreach (
            var target in _waiting
                .Chats.Where(chat => chat.StartsWith('?') && !_chats.ContainsKey(chat))
                .ToList()
        )
        {
            var isId = PeerIdText.TryParse(target.AsSpan(1), out var id);
            var chat = OpenUnmetChat(target, target[1..], isId ? id : null);
            Activate(chat, null); // somebody is waiting for that text
        }

        // The node ended before it knew the secrets of a room that was just joined
        foreach (
            var room in _waiting
                .Chats.Where(chat => chat.StartsWith('#') && !_chats.ContainsKey(chat))
                .ToList()
        )
        {
            JoinRoom(new NodeCommand.JoinRoom(room[1..]));
        }
    }

    private Chat OpenDirectChat(KnownContact contact)
    {
        var key = ChatKey(contact.Identity.PeerId);
        var pair = _options.Self.PairWith(contact.Identity);
        var chat = new Chat(key, ChatKind.Direct)
        {
            // What waits here was not released before this start: the question was open when the node ended.
            OutboxReleased = _options.ReleaseOutboxUnasked || _waiting.Count(key) == 0,
            Title = contact.Name,
            Draft = _store.Drafts.Read(key),
            InputLines = [.. _store.Drafts.ReadInputLines(key)],
            Contact = contact,
            Room = Room.OpenDirect(
                _options.Self,
                _options.Name,
                contact.Identity,
                _store.Rooms,
                _options.Keys,
                _options.Entropy,
                _wall
            ),
            Point = new MeetingPoint(key, HelloContext.Contact)
            {
                Keys = pair.Signal,
                KnockKey = pair.Signal.KnockKey,
                Name = contact.Record.ClaimedName,
                Expected = contact.Identity.PeerId,
                Hints = contact.Record.Services,
            },
        };
        _chats.Add(key, chat);
        Remember(contact.Identity.PeerId);
        _board.Add(chat.Point, _wall, _now);
        MarkDirty(key);
        if (!chat.OutboxReleased)
        {
            AskForRelease(chat);
        }

        return chat;
    }

    private void AskForRelease(Chat chat) => _events.Enqueue(ReleaseQuestion(chat));

    private NodeEvent.OutboxQuestion ReleaseQuestion(Chat chat) =>
        new(
            chat.Key,
            chat.Contact!.Name,
            PeerIdText.ShortForm(chat.Contact.Identity.PeerId),
            _waiting.Count(chat.Key)
        );

    /// <summary>Keeps somebody's key, and turns a chat with their name into the chat with them.</summary>
    private void Pin(PublicIdentity peer, DisplayName name, TrustState trust)
    {
        var key = ChatKey(peer.PeerId);
        var contact = _contacts.Pin(peer, name, trust, _wall);
        MarkAllDirty();
        _requests.ForgetDecline(peer.PeerId);
        if (!_chats.TryGetValue(key, out var chat))
        {
            chat = OpenDirectChat(contact);
        }

        foreach (var unmet in _chats.Values.Where(other => IsNowMet(other, peer, name)).ToList())
        {
            Replace(unmet, chat);
        }

        Announce(); // the tag by which the two recognise each other from now on
    }

    private static bool IsNowMet(Chat chat, PublicIdentity peer, DisplayName name) =>
        chat is { Kind: ChatKind.Direct, Contact: null, Point: { } point }
        && (
            point.Expected is { } expected
                ? expected == peer.PeerId
                : FoldOf(point.Name) == name.Folded.ToString()
        );

    private void Replace(Chat unmet, Chat met)
    {
        _chats.Remove(unmet.Key);
        _board.Remove(unmet.Point!);
        met.Point!.IsActive = true;
        foreach (var (link, _) in _linkPoints.Where(pair => pair.Value == unmet.Point).ToList())
        {
            _linkPoints[link] = met.Point;
            if (
                _linkInstances.GetValueOrDefault(link) is { } instance
                && met.Point.Encounters.GetValueOrDefault(instance) is { } known
            )
            {
                MeetingBoard.LinkBegan(met.Point, known, link);
            }
        }

        if (unmet.ContactLink is { } contactLink)
        {
            KeepHints(met, contactLink.Hints.Services);
        }

        if (unmet.Point!.Direct is { } direct)
        {
            met.Point.Direct = direct; // dialled again when this link ends
            met.Point.DirectLink = unmet.Point.DirectLink;
        }

        var waiting = _waiting.Count(unmet.Key);
        _waiting.Move(unmet.Key, met.Key);
        _store.Drafts.Move(unmet.Key, met.Key);
        foreach (var item in _files.Values.Where(item => item.Chat == unmet.Key))
        {
            item.Chat = met.Key;
            _store.Files.Write(item);
        }

        met.Draft = unmet.Draft;
        met.InputLines.AddRange(unmet.InputLines);
        _metAs[unmet.Key] = (met.Key, unmet.OutboxReleased);
        _events.Enqueue(new NodeEvent.ChatReplaced(unmet.Key, Summarise(met)));
        if (waiting > 0 && !unmet.OutboxReleased)
        {
            met.OutboxReleased = false;
            AskForRelease(met);
        }
    }

    private void PumpRooms()
    {
        var toldBefore = _events.Count;
        foreach (var chat in _chats.Values)
        {
            if (chat.Room is not { } room)
            {
                continue;
            }

            room.Quota = _options.RoomQuota;
            (room.StatesAtTurnEnd, room.SignsAtTurnEnd) = (true, true);
            FlushOutbox(chat, room);
            while (room.TryTakeEvent(out var happened))
            {
                HandleRoomEvent(chat, happened);
            }
        }

        ArrivalOrder.Apply(_events, toldBefore);
    }

    private void HandleRoomEvent(Chat chat, RoomEvent happened)
    {
        MarkDirty(chat.Key);
        switch (happened)
        {
            case RoomEvent.MessageAdded added:
                var message = Show(chat, added.Message);
                _events.Enqueue(
                    _replaces.Remove(added.Message.Id, out var old)
                        ? new NodeEvent.MessageReplaced(old, message)
                        : new NodeEvent.MessageShown(message, _references.GetValueOrDefault(added.Message.Id))
                );
                _references.Remove(added.Message.Id);
                _hasReceived |= !added.Message.IsOwn;
                CountUnread(chat, message);
                HandleAdded(chat);
                if (added.IsLate)
                {
                    Reindex(chat, added.Message.Id);
                }

                ForgetImported(chat, added.Message.Id);
                WantByItself(chat, added.Message);
                break;
            case RoomEvent.MessageChanged changed:
                HandleChanged(chat, changed.Id);
                break;
            case RoomEvent.ContentErased erased:
                _hasErased = true;
                ForgetErased(erased.Entries.Select(entry => entry.Id));
                foreach (var entry in erased.Entries)
                {
                    _chats.Values.ToList().ForEach(other => ForgetImported(other, entry.Id));
                }

                break;
            case RoomEvent.ContentExpired expired:
                HandleExpired(chat, expired);
                break;
            case RoomEvent.ClockDoubted doubted:
                Notice(
                    chat.Key,
                    NoticeCode.Information,
                    $"Nothing is deleted in {chat.Title} by this machine's clock for now: it is {doubted.Ahead.TotalDays:0} days ahead of what it "
                        + "should be since PeerChat last ran. A message of somebody else that confirms it, two days of running, or setting "
                        + "the time with /retention again ends that."
                );
                break;
            case RoomEvent.StateChanged changed:
                _events.Enqueue(
                    new NodeEvent.MessageStateChanged(
                        chat.Key,
                        changed.Id.ToString(),
                        MessageView.StateOf(changed.State),
                        changed.DeliveredTo
                    )
                );
                break;
            case RoomEvent.MessageHidden hidden:
                _events.Enqueue(new NodeEvent.MessageHidden(chat.Key, hidden.Id.ToString()));
                Reindex(chat, hidden.Id);
                break;
            case RoomEvent.RollChanged
            or RoomEvent.RendezvousChanged
            or RoomEvent.Removed
            or RoomEvent.MemberChanged when chat.Kind == ChatKind.PrivateRoom:
                HandlePrivateRoomEvent(chat, happened);
                break;
            case RoomEvent.HistoryChanged:
                _events.Enqueue(new NodeEvent.HistoryChanged(chat.Key));
                break;
            case RoomEvent.LinkWanted wanted:
                HandleLinkWanted(chat, wanted);
                break;
            case RoomEvent.PeerMisbehaved misbehaved:
                EndMisbehaving(chat, misbehaved);
                break;
            case RoomEvent.QuotaReached reached:
                TellQuota(chat, reached);
                break;
            case RoomEvent.AuthorForked forked:
                Notice(
                    chat.Key,
                    NoticeCode.ConnectionRefused,
                    $"An author in {chat.Title} ({forked.Author.ToString()[..8]}) wrote two different messages at one place: a copied "
                        + "profile is the likely cause. Its later messages are hidden."
                );
                break;
            case RoomEvent.AuthorReplaced:
                Notice(
                    chat.Key,
                    NoticeCode.Information,
                    $"This profile was rolled back or copied; in {chat.Title} it goes on under a new author key."
                );
                break;
            case RoomEvent.NewerVersionNeeded:
                Notice(
                    chat.Key,
                    NoticeCode.Information,
                    $"Somebody in {chat.Title} uses a newer PeerChat; some of it cannot be shown."
                );
                break;
            default:
                break;
        }
    }

    private void TellQuota(Chat chat, RoomEvent.QuotaReached reached)
    {
        var name = _contacts.Find(reached.Person)?.Name ?? reached.Name.ToString();
        Notice(
            chat.Key,
            NoticeCode.StorageTrouble,
            reached.Kind switch
            {
                QuotaKind.PersonRate =>
                    $"{name} writes very much in {chat.Title}; what is too much comes later, a little at a time.",
                QuotaKind.RoomBytes =>
                    $"{chat.Title} takes as much as is kept of a room ({_options.RoomQuota.RoomBytes >> 20:N0} MiB); nothing more of others is taken in. "
                        + "--room-quota allows more, a retention time makes room.",
                _ =>
                    $"What {name} wrote in {chat.Title} is as much as is kept of one person; nothing more of theirs is taken in. "
                        + "--room-quota allows more, /block ends it.",
            }
        );
    }

    private void EndMisbehaving(Chat chat, RoomEvent.PeerMisbehaved misbehaved)
    {
        if (_links.Find(misbehaved.Link) is { } link)
        {
            var sentence =
                $"{link.PeerName} broke the protocol in {chat.Title} ({misbehaved.Reason}); the connection was closed.";
            link.Close(LinkFailure.Misbehaved, sentence, _now);
        }
    }

    private ChatMessage Show(Chat chat, RoomMessage message) =>
        MessageView.Show(
            chat.Key,
            message,
            _options.Name,
            _options.Self.PeerId,
            _contacts,
            message.File is null ? null : Summarise(chat, message)
        );

    private ChatMessage WaitingMessage(Chat chat, OutboxText waiting) =>
        MessageView.Show(chat.Key, waiting, _options.Name, _options.Self.PeerId);

    private void TellChoice(MeetingEvent.ChoiceNeeded choice)
    {
        var claims = choice
            .Claims.Select(peer => new PeerClaim(
                peer.Name ?? choice.Point.Name ?? "",
                peer.PeerId ?? "",
                peer.PeerId is { } text && PeerIdText.TryParse(text, out var id)
                    ? PeerIdText.ShortForm(id)
                    : "",
                peer.Addresses.Count > 0 ? peer.Addresses[0].ToString() : ""
            ))
            .ToArray();
        var question = new NodeEvent.ChoiceNeeded(choice.Point.Chat, claims);
        _chats.GetValueOrDefault(choice.Point.Chat)?.OpenChoice = question;
        _events.Enqueue(question);
        _events.Enqueue(
            new NodeEvent.JoinFailed(
                choice.Point.Chat,
                JoinFailure.Ambiguous,
                $"{claims.Length} different keys claim the name {choice.Point.Name}; say which one by its full id.",
                claims
            )
        );
        MarkDirty(choice.Point.Chat);
    }

    private void TellKeyDiffers(MeetingEvent.KeyDiffers differs)
    {
        var (point, claim) = (differs.Point, differs.Claim);
        if (
            point.MismatchNoticed
            || !PeerIdText.TryParse(claim.PeerId!, out var id)
            || _contacts.Find(id) is not null // two people of one name, both known
            || _links.FindAuthenticated(point.Expected!.Value) is not null
        )
        {
            return;
        }

        point.MismatchNoticed = true;
        var sentence =
            $"{point.Name} is on the network with another key ({PeerIdText.ShortForm(id)}) than the one you know "
            + $"({PeerIdText.ShortForm(point.Expected!.Value)}). Not connected. A second machine or a new installation of the same "
            + $"person is the likely cause: compare the ids another way, then join {claim.PeerId}.";
        _events.Enqueue(
            new NodeEvent.JoinFailed(
                point.Chat,
                JoinFailure.IdentityMismatch,
                sentence,
                [
                    new PeerClaim(
                        claim.Name ?? "",
                        claim.PeerId!,
                        PeerIdText.ShortForm(id),
                        claim.Addresses[0].ToString()
                    ),
                ]
            )
        );
    }

    /// <summary>A join that cannot succeed as it stands: told, and not tried again until the user asks.</summary>
    private void Fail(MeetingPoint point, JoinFailure failure, string sentence)
    {
        var wasAsked = point.IsActive; // whoever goes on attacking is not told of again and again
        point.IsActive = false;
        point.DirectDialAt = null;
        foreach (var encounter in point.Encounters.Values)
        {
            encounter.DialAt = null;
        }

        SetFailure(point, sentence);
        if (wasAsked)
        {
            _events.Enqueue(new NodeEvent.JoinFailed(point.Chat, failure, sentence, []));
        }
    }

    private void SetFailure(MeetingPoint point, string sentence)
    {
        if (_chats.GetValueOrDefault(point.Chat) is { } chat)
        {
            chat.Failure = sentence;
            MarkDirty(chat.Key);
        }
    }

    /// <summary>Who is a contact is another than before, and so may be whom names look like.</summary>
    private void MarkAllDirty() => _dirty.UnionWith(_chats.Values);

    private void MarkDirty(string chat)
    {
        if (_chats.TryGetValue(chat, out var known))
        {
            _dirty.Add(known);
        }
    }

    private void TellChats()
    {
        foreach (var chat in _dirty)
        {
            var summary = Summarise(chat);
            if (_chats.ContainsKey(chat.Key) && (chat.Told is not { } told || !SameSummary(told, summary)))
            {
                chat.Told = summary;
                _events.Enqueue(new NodeEvent.ChatChanged(summary));
            }
        }

        _dirty.Clear();
    }
}
