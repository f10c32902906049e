using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling.Frames;

namespace PeerChat.Rooms.Signalling;

/// <summary>An offer, an answer or a decline, as it is sealed (crypto.md section 7). The description stays opaque here.</summary>
public sealed class SignalBody
{
    /// <summary>Bytes of a description: what fits the greater size with every other field, less some for fields to come.</summary>
    public const int MaxDescriptionSize = 1_920;

    private SignalBody(
        SignalType type,
        OfferId offerId,
        PeerId sender,
        ReadOnlyMemory<byte> description,
        Bytes32 offerHash
    )
    {
        Type = type;
        OfferId = offerId;
        Sender = sender;
        Description = description;
        OfferHash = offerHash;
    }

    /// <summary>Offer, answer or decline.</summary>
    public SignalType Type { get; }

    /// <summary>The offer this is or answers.</summary>
    public OfferId OfferId { get; }

    /// <summary>Who says so; a claim that only the hello proves. Zeros in a stranger's answer.</summary>
    public PeerId Sender { get; }

    /// <summary>The session description; empty in a decline.</summary>
    public ReadOnlyMemory<byte> Description { get; }

    /// <summary>
    /// The hash of the offer, its own or the one answered: H(L("offer") ‖ offer id ‖ sender ‖ description). A fixed
    /// layout, not the protobuf bytes, so that it is the same on every rung and in every implementation.
    /// </summary>
    public Bytes32 OfferHash { get; }

    /// <summary>Makes an offer.</summary>
    /// <exception cref="ArgumentException">The description is empty or too long.</exception>
    public static SignalBody Offer(OfferId offerId, PeerId sender, ReadOnlyMemory<byte> description)
    {
        CheckDescription(description);
        return new SignalBody(
            SignalType.Offer,
            offerId,
            sender,
            description,
            HashOf(offerId, sender, description.Span)
        );
    }

    /// <summary>Makes the answer to an offer.</summary>
    /// <exception cref="ArgumentException">The description is empty or too long, or that was no offer.</exception>
    public static SignalBody Answer(SignalBody offer, PeerId sender, ReadOnlyMemory<byte> description)
    {
        CheckDescription(description);
        CheckOffer(offer);
        return new SignalBody(SignalType.Answer, offer.OfferId, sender, description, offer.OfferHash);
    }

    /// <summary>Declines an offer.</summary>
    /// <exception cref="ArgumentException">That was no offer.</exception>
    public static SignalBody Decline(SignalBody offer, PeerId sender)
    {
        CheckOffer(offer);
        return new SignalBody(SignalType.Decline, offer.OfferId, sender, default, offer.OfferHash);
    }

    internal static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out SignalBody? body)
    {
        body = null;
        SignalFrame frame;
        try
        {
            frame = SignalFrame.Parser.ParseFrom(source);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }

        var type = (SignalType)(frame.Type & int.MaxValue);
        var isOffer = type == SignalType.Offer;
        var isDecline = type == SignalType.Decline;
        if (
            !Enum.IsDefined(type)
            || frame.Type > int.MaxValue
            || !OfferId.TryParse(frame.OfferId.Span, out var offerId)
            || frame.Sender.Length != Bytes32.Size
            || frame.Description.Length > MaxDescriptionSize
            || frame.Description.IsEmpty != isDecline
            || frame.OfferHash.Length != (isOffer ? 0 : Bytes32.Size)
        )
        {
            return false;
        }

        var sender = new PeerId(new Bytes32(frame.Sender.Span));
        var hash = isOffer
            ? HashOf(offerId, sender, frame.Description.Span)
            : new Bytes32(frame.OfferHash.Span);
        body = new SignalBody(type, offerId, sender, frame.Description.Memory, hash);
        return true;
    }

    internal byte[] ToArray() =>
        new SignalFrame
        {
            Type = (uint)Type,
            OfferId = ByteString.CopyFrom(OfferId.ToArray()),
            Sender = ByteString.CopyFrom(Sender.Value.ToArray()),
            Description = ByteString.CopyFrom(Description.Span),
            OfferHash =
                Type == SignalType.Offer ? ByteString.Empty : ByteString.CopyFrom(OfferHash.ToArray()),
        }.ToByteArray();

    private static Bytes32 HashOf(OfferId offerId, PeerId sender, ReadOnlySpan<byte> description) =>
        Digest.Labelled("offer", offerId.ToArray(), sender.Value.ToArray(), description.ToArray());

    private static void CheckDescription(ReadOnlyMemory<byte> description)
    {
        if (description.Length is 0 or > MaxDescriptionSize)
        {
            throw new ArgumentException(
                $"A description has 1 to {MaxDescriptionSize} bytes.",
                nameof(description)
            );
        }
    }

    private static void CheckOffer(SignalBody offer)
    {
        if (offer.Type != SignalType.Offer)
        {
            throw new ArgumentException("Only an offer is answered.", nameof(offer));
        }
    }
}
