using PeerChat.Node.Links;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Invitations;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>Meeting with no service at all: an offer and its answer are pasted by hand.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Offers that wait for a pasted answer; each holds a connection.</summary>
    internal const int MaxHandOffers = 4;

    /// <summary>How long people may take to carry codes (guess): NAT bindings do not last longer anyway.</summary>
    internal static readonly TimeSpan HandPatience = TimeSpan.FromMinutes(10);

    private readonly List<HandOffer> _handOffers = [];

    private IEnumerable<ReadOnlyMemory<byte>> _handSecrets => _handOffers.Select(offer => offer.Secret);

    private Instant? NextCodeDeadline =>
        _handOffers.Count == 0 ? null : _handOffers.Min(offer => offer.EndsAt);

    private NodeReply MakeOfferCode()
    {
        if (CannotMeetByHand() is { } problem)
        {
            return problem;
        }

        if (_handOffers.Count == MaxHandOffers)
        {
            EndHandOffer(_handOffers[0]); // nobody pastes five; the oldest was forgotten
        }

        ReadOnlyMemory<byte> secret = _options.Entropy.Bytes(HandCode.SecretSize);
        var keys = InvitationKeys.From(secret.Span).Signal;
        var point = new MeetingPoint(ContactLinkKey, HelloContext.Invitation)
        {
            Keys = keys,
            KnockKey = keys.KnockKey,
        };
        var connection = NewConnection(isOfferer: true, []);
        var link = _links.Add(connection, PlanFor(point, isDialler: true), isDeafUntilAnswered: true);
        _linkRemotes.Add(link.Id, []);
        _linkPoints[link.Id] = point;
        _linkRungs[link.Id] = Rung.Pasted;
        var code = new HandCode(
            _options.Self.PeerId,
            secret,
            default,
            connection.LocalDescription
        ).ToString();
        _handOffers.Add(new HandOffer(link.Id, HandCode.HashOf(code), secret, _now + HandPatience));
        return new NodeReply.PastedCode(code, (int)HandPatience.TotalSeconds, null);
    }

    private NodeReply TakeCode(string text)
    {
        switch (HandCode.Read(text, out var code))
        {
            case HandCodeProblem.OtherText:
                return Bad(
                    $"That is no code: an offer begins with {HandCode.OfferScheme}, an answer with {HandCode.AnswerScheme}."
                );
            case HandCodeProblem.WrongLength:
                return Bad(
                    "The code was not copied whole: letters are missing, or some are there twice. Copy it again."
                );
            case HandCodeProblem.WrongLetter:
                return Bad("A letter of the code is wrong: copy it again rather than typing it.");
            default:
                return code!.IsOffer ? TakeOfferCode(text, code) : TakeAnswerCode(code);
        }
    }

    private NodeReply TakeAnswerCode(HandCode code)
    {
        if (
            _handOffers.Find(one => one.Hash.Span.SequenceEqual(code.OfferHash.Span)) is not { } offer
            || _links.Find(offer.Link) is not { Phase: LinkPhase.Offering } link
        )
        {
            return Bad(
                "That answers no offer that is open here: it may be older than 10 minutes, or PeerChat was started again since. Make a new offer."
            );
        }

        link.HandleDescription(code.Description, _now);
        PumpLinks();
        return new NodeReply.Done();
    }

    private NodeReply TakeOfferCode(string text, HandCode code)
    {
        var offerer = code.Offerer!.Value;
        if (CannotMeetByHand() is { } problem)
        {
            return problem;
        }

        if (offerer == _options.Self.PeerId)
        {
            return Bad("That is your own offer; give it to somebody else.");
        }

        if (IsBlocked(offerer))
        {
            return Bad($"{_contacts.Find(offerer)?.Name} is blocked; 'peerchat unblock' takes that back.");
        }

        // A contact is met under the code as anybody is: its secret says who made the offer, the hello that it is they.
        var contactLink = new ContactLink(offerer, code.Secret, null, LinkHints.None);
        var chat = _contacts.Find(offerer) is null ? OpenLinkChat(contactLink) : _chats[ChatKey(offerer)];
        var keys = InvitationKeys.From(code.Secret.Span).Signal;
        var point = chat.ContactLink is null
            ? new MeetingPoint(chat.Key, HelloContext.Invitation)
            {
                Keys = keys,
                KnockKey = keys.KnockKey,
                Expected = offerer,
                IsJoiner = true,
                IsActive = true,
            }
            : chat.Point!;
        var connection = NewConnection(isOfferer: false, []);
        connection.Patience = HandPatience;
        connection.SetRemoteDescription(code.Description, _now);
        var link = _links.Add(connection, PlanFor(point, isDialler: false));
        _linkRemotes.Add(link.Id, []);
        _linkPoints[link.Id] = point;
        _linkRungs[link.Id] = Rung.Pasted;
        PumpLinks();
        MarkDirty(chat.Key);
        return new NodeReply.PastedCode(
            new HandCode(null, default, HandCode.HashOf(text), connection.LocalDescription).ToString(),
            (int)HandPatience.TotalSeconds,
            Summarise(chat)
        );
    }

    private NodeReply.Refused? CannotMeetByHand() =>
        MustWaitForCandidates
            ? new NodeReply.Refused(
                RefusalCode.NotYet,
                "The STUN or TURN servers are still being asked where this machine is; try again in a moment."
            )
        : _links.HasRoom ? null
        : NotAllowed($"{LinkSet.MaxLinks} connections are open, which is the limit; try again later.");

    private void HandleCodeDeadline()
    {
        foreach (var over in _handOffers.Where(offer => offer.EndsAt <= _now).ToList())
        {
            EndHandOffer(over);
        }
    }

    private void EndHandOffer(HandOffer offer)
    {
        _handOffers.Remove(offer);
        if (_links.Find(offer.Link) is { Phase: LinkPhase.Offering } link)
        {
            link.Close(LinkFailure.Local, "", _now);
            PumpLinks();
        }
    }

    private sealed record HandOffer(
        int Link,
        ReadOnlyMemory<byte> Hash,
        ReadOnlyMemory<byte> Secret,
        Instant EndsAt
    );
}
