using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Node.Meeting;
using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;

namespace PeerChat.Node.Engine;

/// <summary>Admission by invitation, from both sides (crypto.md section 6).</summary>
internal sealed partial class NodeEngine
{
    private readonly Dictionary<long, MeetingPoint> _invitationPoints = [];

    private void AddInvitationPoint(Invitation invitation)
    {
        if (!invitation.IsOpen(_wall) || _invitationPoints.ContainsKey(invitation.Number))
        {
            return;
        }

        var keys = InvitationKeys.From(invitation.Secret.Span).Signal;
        var point = new MeetingPoint(
            invitation.IsForContact ? ContactLinkKey : PrivateKey(invitation.RoomId),
            HelloContext.Invitation
        )
        {
            Keys = keys,
            KnockKey = keys.KnockKey,
        };
        _invitationPoints.Add(invitation.Number, point);
        _board.Add(point, _wall, _now);
    }

    private void EndInvitationPoint(long number)
    {
        if (_invitationPoints.Remove(number, out var point))
        {
            _board.Remove(point);
            _reachIsDue = true;
            Announce();
        }
    }

    /// <summary>Asks over a link whose peer is the inviter; again over the next one where no answer came.</summary>
    private void AskForAdmission(MeetingPoint point, PeerLink link)
    {
        if (_chats.GetValueOrDefault(point.Chat) is { ContactLink: { } contactLink })
        {
            AskByContactLink(contactLink, link);
        }
        else if (
            _chats.GetValueOrDefault(point.Chat) is { Invitation: { } invitation, Room: { } room }
            && link.Peer!.PeerId == invitation.Inviter
        )
        {
            var proof = InvitationKeys.From(invitation.Secret.Span).JoinProof(link.Binding, room.OwnAuthor);
            link.Send(
                new LinkFrame
                {
                    JoinRequest = new JoinRequest
                    {
                        RoomId = ByteString.CopyFrom(room.Id.Value.ToArray()),
                        Profile = ByteString.CopyFrom(room.OwnProfile.Span),
                        Proof = ByteString.CopyFrom(proof),
                    },
                },
                bulk: false,
                _now
            );
        }
    }

    private void HandleJoinRequest(PeerLink link, JoinRequest request)
    {
        var chat = _chats.Values.FirstOrDefault(one =>
            one.Kind == ChatKind.PrivateRoom
            && one.Room is { } known
            && request.RoomId.Span.SequenceEqual(known.Id.Value.ToArray())
        );
        var reply = new JoinReply { RoomId = request.RoomId, Outcome = JoinOutcome.NotValid };
        if (
            chat?.Room is { } room
            && room.AuthorOf(request.Profile.Span, link.Peer!.PeerId) is { } author
            && InvitationOf(link, room.Id, author, request.Proof.Span) is { } invitation
        )
        {
            var isAgain = room.WasAdmitted(author); // its answer was lost; that costs no further use
            if (isAgain || invitation.IsOpen(_wall))
            {
                Admit(chat, room, invitation, request, isAgain, reply);
            }
        }

        // The reply leaves when the admission is durable: frames of links are sent after the commit of this turn.
        _afterCommit.Enqueue(() =>
        {
            link.Send(new LinkFrame { JoinReply = reply }, bulk: false, _now);
            if (reply.Outcome == JoinOutcome.Admitted)
            {
                Attach(link, chat!.Room!);
            }
        });
    }

    private void Admit(
        Chat chat,
        Room room,
        Invitation invitation,
        JoinRequest request,
        bool isAgain,
        JoinReply reply
    )
    {
        if (room.Admit(request.Profile.Span, invitation.Role, _wall) is not { } welcome)
        {
            reply.Outcome = JoinOutcome.Refused;
            return;
        }

        reply.Outcome = JoinOutcome.Admitted;
        reply.Welcome = ByteString.CopyFrom(welcome);
        MarkDirty(chat.Key);
        if (!isAgain)
        {
            var left = invitation with { UsesLeft = invitation.UsesLeft - 1 };
            _store.Invitations.Write(left);
        }
    }

    private Invitation? InvitationOf(PeerLink link, RoomId room, AuthorId author, ReadOnlySpan<byte> proof)
    {
        foreach (var invitation in _store.Invitations.ReadAll().Where(one => one.RoomId == room))
        {
            if (InvitationKeys.From(invitation.Secret.Span).VerifyJoin(link.Binding, author, proof))
            {
                return invitation;
            }
        }

        return null;
    }

    private void HandleJoinReply(PeerLink link, JoinReply reply)
    {
        var chat = _chats.Values.FirstOrDefault(one =>
            one is { Kind: ChatKind.PrivateRoom, Invitation: not null, Room: { } known }
            && reply.RoomId.Span.SequenceEqual(known.Id.Value.ToArray())
        );
        if (chat is not { Invitation: { } invitation, Room: { } room, Point: { } point })
        {
            return;
        }

        if (link.Peer!.PeerId != invitation.Inviter)
        {
            return;
        }

        if (reply.Outcome == JoinOutcome.Admitted && room.TakeWelcome(reply.Welcome.Span, _wall))
        {
            chat.Invitation = null;
            chat.Failure = null;
            chat.Title = room.Info.Title.Length > 0 ? room.Info.Title : chat.Title;
            KeepPrivateRoom(chat);
            MeetMembers(chat, room);
            Attach(link, room);
            Notice(chat.Key, NoticeCode.Information, $"You are in {chat.Title} now.");
            MarkDirty(chat.Key);
            return;
        }

        Fail(
            point,
            JoinFailure.Refused,
            reply.Outcome switch
            {
                JoinOutcome.NotValid =>
                    "The invitation does not hold any more: it has expired, was used by as many as it admits, or was taken back. "
                        + "Ask for a new one.",
                JoinOutcome.Refused =>
                    "The inviter cannot admit you to this room: you were removed from it, the room is full, or the inviter may not "
                        + "invite any more.",
                _ => "The inviter's answer does not fit the room of the invitation; ask for a new one.",
            }
        );
    }
}
