using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Signalling;

/// <summary>Sees to it that an offer is accepted once and that an answer names an open offer of ours (crypto.md section 7).</summary>
/// <remarks>
/// One ledger per secret (contact, room, invitation, pair of bare names). Only who holds the secret gets anything past the
/// seal, so only they could fill a ledger, and they gain nothing: instead of a replay they could make a new offer.
/// </remarks>
public sealed class OfferLedger
{
    /// <summary>Ids of accepted offers kept; beyond it the oldest goes (80 KB at most).</summary>
    public const int MaxSeen = 2_048;

    /// <summary>Own offers open at a time; beyond it the oldest is withdrawn (guess: rungs times a few attempts).</summary>
    public const int MaxOpen = 64;

    /// <summary>Different answers to one offer: several claimants of a bare name may answer (guess).</summary>
    public const int MaxAnswers = 8;

    /// <summary>How long an id is kept: a tag, with its neighbouring day, is in use for less than two days.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(2);

    /// <summary>How long an offer of ours stays open unless told otherwise (guess: ICE gives up sooner).</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(2);

    private readonly Dictionary<OfferId, Instant> _seen = [];
    private readonly Queue<OfferId> _seenOrder = new();
    private readonly Dictionary<OfferId, OpenOffer> _open = [];

    /// <summary>Takes an offer that was opened; an id is accepted once.</summary>
    /// <exception cref="ArgumentException">The body is no offer.</exception>
    public OfferOutcome HandleOffer(Instant now, SignalBody offer)
    {
        if (offer.Type != SignalType.Offer)
        {
            throw new ArgumentException("The body is no offer.", nameof(offer));
        }

        Forget(now);
        if (_open.ContainsKey(offer.OfferId))
        {
            return OfferOutcome.OwnOffer;
        }

        return TryRemember(now, offer.OfferId) ? OfferOutcome.Accepted : OfferOutcome.Repeated;
    }

    /// <summary>Takes an answer or a decline that was opened.</summary>
    /// <exception cref="ArgumentException">The body is an offer.</exception>
    public OfferOutcome HandleAnswer(Instant now, SignalBody answer)
    {
        if (answer.Type == SignalType.Offer)
        {
            throw new ArgumentException("The body is an offer.", nameof(answer));
        }

        Forget(now);
        if (!_open.TryGetValue(answer.OfferId, out var offer))
        {
            return OfferOutcome.UnknownOffer;
        }

        if (offer.Hash != answer.OfferHash)
        {
            return OfferOutcome.OtherOffer;
        }

        var fingerprint = Digest.Hash(answer.ToArray());
        if (offer.Answers.Contains(fingerprint))
        {
            return OfferOutcome.Repeated;
        }

        if (offer.Answers.Count == MaxAnswers)
        {
            return OfferOutcome.TooMany;
        }

        offer.Answers.Add(fingerprint);
        return OfferOutcome.Accepted;
    }

    /// <summary>Opens an offer of ours, to be called before it is first sent.</summary>
    /// <exception cref="ArgumentException">The body is no offer, or its id is in use.</exception>
    public void Open(Instant now, SignalBody offer, TimeSpan? lifetime = null)
    {
        Forget(now);
        if (offer.Type != SignalType.Offer || _open.ContainsKey(offer.OfferId))
        {
            throw new ArgumentException("The body is no offer, or its id is in use.", nameof(offer));
        }

        if (_open.Count == MaxOpen)
        {
            _open.Remove(_open.MinBy(pair => pair.Value.Expires.Ticks).Key);
        }

        _open.Add(offer.OfferId, new OpenOffer(offer.OfferHash, now + (lifetime ?? DefaultLifetime)));
        TryRemember(now, offer.OfferId); // sent back after it was closed, it is a repetition
    }

    /// <summary>Closes an offer of ours: the connection came up, or it is wanted no more.</summary>
    public void Withdraw(OfferId offerId) => _open.Remove(offerId);

    private bool TryRemember(Instant now, OfferId offerId)
    {
        if (!_seen.TryAdd(offerId, now + Retention))
        {
            return false;
        }

        _seenOrder.Enqueue(offerId);
        if (_seen.Count > MaxSeen)
        {
            _seen.Remove(_seenOrder.Dequeue());
        }

        return true;
    }

    private void Forget(Instant now)
    {
        // All ids are kept equally long, so the queue is in order of their end.
        while (_seenOrder.TryPeek(out var oldest) && _seen[oldest] <= now)
        {
            _seen.Remove(_seenOrder.Dequeue());
        }

        foreach (var (id, _) in _open.Where(pair => pair.Value.Expires <= now).ToList())
        {
            _open.Remove(id);
        }
    }

    private sealed record OpenOffer(Bytes32 Hash, Instant Expires)
    {
        internal HashSet<Bytes32> Answers { get; } = [];
    }
}
