using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Node.Meeting;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;

namespace PeerChat.Node.Engine;

/// <summary>Contact links: who brings one becomes a contact of its owner, from both sides (docs/PROTOCOL.md).</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The chat that points of own contact links belong to; there is none.</summary>
    private const string ContactLinkKey = "";

    private const string LinksSetting = "contact links";

    /// <summary>Links whose owner was not met yet, kept over restarts; the oldest goes first.</summary>
    private const int MaxPendingLinks = 32;

    private NodeReply JoinContactLink(ContactLink link, string? address)
    {
        if (!TryReadAddress(address, out var direct))
        {
            return BadAddress(address!);
        }

        if (OffLink(direct) is { } offLink)
        {
            return offLink;
        }

        if (link.Owner == _options.Self.PeerId)
        {
            return Bad("That is your own contact link; give it to somebody else.");
        }

        if (link.Expires is { } end && end.CompareTo(_wall) <= 0)
        {
            return Bad(
                $"That contact link ended on {end.ToDateTimeOffset():yyyy-MM-dd HH:mm} UTC; ask for a new one."
            );
        }

        if (_contacts.Find(link.Owner) is { Record.IsBlocked: false })
        {
            var known = _chats[ChatKey(link.Owner)];
            KeepHints(known, link.Hints.Services);
            known.Point!.Remembered = [.. link.Hints.Addresses, .. known.Point.Remembered];
            Activate(known, direct);
            DialRemembered(known.Point);
            return new NodeReply.Opened(Summarise(known));
        }

        if (_contacts.Find(link.Owner) is { } blocked)
        {
            return Bad($"{blocked.Name} is blocked; 'peerchat unblock' takes that back.");
        }

        if (_chats.Count >= MaxChats)
        {
            return TooManyChats();
        }

        var chat = OpenLinkChat(link);
        KeepPendingLinks(PendingLinks().Append(link.ToString()));
        Activate(chat, direct);
        DialRemembered(chat.Point);
        return new NodeReply.Opened(Summarise(chat));
    }

    private Chat OpenLinkChat(ContactLink link)
    {
        var key = "?" + PeerIdText.Format(link.Owner);
        if (_chats.Remove(key, out var former))
        {
            _board.Remove(former.Point!);
        }

        var keys = InvitationKeys.From(link.Secret.Span).Signal;
        var chat = new Chat(key, ChatKind.Direct)
        {
            Title = PeerIdText.ShortForm(link.Owner),
            Draft = _store.Drafts.Read(key),
            InputLines = [.. _store.Drafts.ReadInputLines(key)],
            ContactLink = link,
            OutboxReleased = true, // the link says exactly whom
            Point = new MeetingPoint(key, HelloContext.Invitation)
            {
                Keys = keys,
                KnockKey = keys.KnockKey,
                Expected = link.Owner,
                IsJoiner = true,
                IsActive = true,
                Hints = link.Hints.Services,
                Remembered = link.Hints.Addresses,
            },
        };
        _chats.Add(key, chat);
        _board.Add(chat.Point, _wall, _now);
        MarkDirty(key);
        return chat;
    }

    /// <summary>Links that were taken before this start, and whose owner was not met yet.</summary>
    private void OpenContactLinks()
    {
        foreach (var text in PendingLinks())
        {
            if (
                ContactLink.TryParse(text, out var link)
                && (link.Expires is not { } end || end.CompareTo(_wall) > 0)
                && _contacts.Find(link.Owner) is null
            )
            {
                var chat = OpenLinkChat(link);
                Activate(chat, null);
                DialRemembered(chat.Point);
            }
        }
    }

    private string[] PendingLinks() =>
        _store.Settings.Read(LinksSetting)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private void KeepPendingLinks(IEnumerable<string> links)
    {
        var kept = links.Distinct(StringComparer.Ordinal).TakeLast(MaxPendingLinks).ToList();
        _store.Settings.Write(LinksSetting, kept.Count == 0 ? null : string.Join('\n', kept));
    }

    private void AskByContactLink(ContactLink contactLink, PeerLink link)
    {
        if (link.Peer!.PeerId == contactLink.Owner && _askedOverLink.Add(link.Id))
        {
            var proof = InvitationKeys
                .From(contactLink.Secret.Span)
                .MeetProof(link.Binding, _options.Self.PeerId);
            link.Send(
                new LinkFrame { ContactRequest = new ContactRequest { Proof = ByteString.CopyFrom(proof) } },
                bulk: false,
                _now
            );
        }
    }

    private void HandleContactRequest(PeerLink link, ContactRequest request)
    {
        if (request.Proof.IsEmpty)
        {
            HandleStranger(link, link.Peer!, link.PeerName!, overLink: true);
            return;
        }

        var isKnown = _contacts.Find(link.Peer!.PeerId) is { Record.IsBlocked: false };
        var isByHand = _handSecrets.Any(secret =>
            InvitationKeys.From(secret.Span).VerifyMeet(link.Binding, link.Peer.PeerId, request.Proof.Span)
        );
        var invitation = _store
            .Invitations.ReadAll()
            .FirstOrDefault(one =>
                one.IsForContact
                && one.IsOpen(_wall)
                && InvitationKeys
                    .From(one.Secret.Span)
                    .VerifyMeet(link.Binding, link.Peer.PeerId, request.Proof.Span)
            );
        var isGood = !IsBlocked(link.Peer.PeerId) && (isKnown || isByHand || invitation is not null);
        if (isGood)
        {
            Pin(link.Peer, link.PeerName!, TrustState.Introduced);
        }

        if (isGood && !isKnown && !isByHand)
        {
            var left = invitation! with { UsesLeft = invitation.UsesLeft - 1 };
            _store.Invitations.Write(left);
            if (!left.IsOpen(_wall))
            {
                _invitationPoints.Remove(left.Number, out var over);
                _board.Remove(over!); // the link in use stays
                _reachIsDue = true;
            }
        }

        // The answer leaves when the contact and the count are durable: frames of links are sent after the commit of this turn.
        _afterCommit.Enqueue(() =>
        {
            link.Send(
                new LinkFrame { ContactReply = new ContactReply { Accepted = isGood } },
                bulk: false,
                _now
            );
            if (isGood)
            {
                AttachDirectRoom(link);
            }
        });
    }

    private Chat? ContactLinkOf(PeerLink link) =>
        _chats.Values.FirstOrDefault(chat =>
            chat.ContactLink is { } known && known.Owner == link.Peer!.PeerId
        );

    private void HandleContactLinkReply(Chat chat, PeerLink link, bool isAccepted)
    {
        KeepPendingLinks(PendingLinks().Where(text => text != chat.ContactLink!.ToString()));
        if (isAccepted)
        {
            Pin(link.Peer!, link.PeerName!, TrustState.Introduced);
            AttachDirectRoom(link);
            return;
        }

        Fail(
            chat.Point!,
            JoinFailure.Refused,
            "The contact link does not hold any more: it has expired, was used by as many as it admits, or was taken back. Ask for a new one."
        );
    }
}
