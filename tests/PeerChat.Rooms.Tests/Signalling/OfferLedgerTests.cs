using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;
using PeerChat.Rooms.Tests.Identity;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Signalling;

public sealed class OfferLedgerTests
{
    private static readonly PeerId Alice = TestIdentities.Alice.PeerId;
    private static readonly PeerId Bob = TestIdentities.Bob.PeerId;
    private static readonly Instant Now = Instant.Origin;
    private readonly SeededEntropy _entropy = new(1);
    private readonly OfferLedger _ledger = new();

    [Fact]
    public void An_offer_id_is_accepted_once()
    {
        var offer = Offer();
        _ledger.HandleOffer(Now, offer).ShouldBe(OfferOutcome.Accepted);
        _ledger.HandleOffer(Now, offer).ShouldBe(OfferOutcome.Repeated);
        var sameId = SignalBody.Offer(offer.OfferId, Bob, "another description"u8.ToArray());
        _ledger.HandleOffer(Now, sameId).ShouldBe(OfferOutcome.Repeated);
        _ledger.HandleOffer(Now, Offer()).ShouldBe(OfferOutcome.Accepted);
    }

    [Fact]
    public void An_offer_id_is_kept_for_two_days()
    {
        var offer = Offer();
        _ledger.HandleOffer(Now, offer);
        var almost = Now + TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1);
        _ledger.HandleOffer(almost, offer).ShouldBe(OfferOutcome.Repeated);
        _ledger.HandleOffer(Now + TimeSpan.FromDays(2), offer).ShouldBe(OfferOutcome.Accepted);
    }

    [Fact]
    public void Keeps_a_bounded_number_of_ids_and_forgets_the_oldest_first()
    {
        var first = Offer();
        var second = Offer();
        _ledger.HandleOffer(Now, first);
        _ledger.HandleOffer(Now, second);
        for (var i = 0; i < OfferLedger.MaxSeen - 1; i++)
        {
            _ledger.HandleOffer(Now, Offer()).ShouldBe(OfferOutcome.Accepted);
        }

        _ledger.HandleOffer(Now, second).ShouldBe(OfferOutcome.Repeated);
        _ledger.HandleOffer(Now, first).ShouldBe(OfferOutcome.Accepted);
    }

    [Fact]
    public void Our_own_offer_sent_back_is_not_accepted_open_or_closed()
    {
        var offer = Offer();
        _ledger.Open(Now, offer);
        _ledger.HandleOffer(Now, offer).ShouldBe(OfferOutcome.OwnOffer);
        _ledger.Withdraw(offer.OfferId);
        _ledger.HandleOffer(Now, offer).ShouldBe(OfferOutcome.Repeated);
    }

    [Fact]
    public void An_answer_must_name_a_live_offer()
    {
        var offer = Offer();
        var answer = SignalBody.Answer(offer, Bob, "answer"u8.ToArray());
        _ledger.HandleAnswer(Now, answer).ShouldBe(OfferOutcome.UnknownOffer);
        _ledger.Open(Now, offer);
        _ledger.HandleAnswer(Now, answer).ShouldBe(OfferOutcome.Accepted);
        _ledger.Withdraw(offer.OfferId);
        _ledger.HandleAnswer(Now, answer).ShouldBe(OfferOutcome.UnknownOffer);
    }

    [Fact]
    public void An_offer_lives_as_long_as_it_was_opened_for()
    {
        var (offer, longer) = (Offer(), Offer());
        _ledger.Open(Now, offer);
        _ledger.Open(Now, longer, TimeSpan.FromHours(1));
        var later = Now + OfferLedger.DefaultLifetime;
        _ledger.HandleAnswer(later, SignalBody.Decline(offer, Bob)).ShouldBe(OfferOutcome.UnknownOffer);
        _ledger.HandleAnswer(later, SignalBody.Decline(longer, Bob)).ShouldBe(OfferOutcome.Accepted);
    }

    [Fact]
    public void An_answer_must_hold_the_hash_of_the_offer()
    {
        var offer = Offer();
        var forged = SignalBody.Offer(offer.OfferId, Alice, "another description"u8.ToArray());
        _ledger.Open(Now, offer);
        _ledger
            .HandleAnswer(Now, SignalBody.Answer(forged, Bob, new byte[1]))
            .ShouldBe(OfferOutcome.OtherOffer);
        _ledger.HandleAnswer(Now, SignalBody.Decline(forged, Bob)).ShouldBe(OfferOutcome.OtherOffer);
    }

    [Fact]
    public void The_same_answer_by_two_rungs_counts_once_and_several_claimants_are_heard()
    {
        var offer = Offer();
        _ledger.Open(Now, offer);
        for (byte i = 0; i < OfferLedger.MaxAnswers; i++)
        {
            var answer = SignalBody.Answer(offer, default, new[] { i });
            _ledger.HandleAnswer(Now, answer).ShouldBe(OfferOutcome.Accepted);
            _ledger.HandleAnswer(Now, answer).ShouldBe(OfferOutcome.Repeated);
        }

        _ledger.HandleAnswer(Now, SignalBody.Answer(offer, Bob, new byte[9])).ShouldBe(OfferOutcome.TooMany);
    }

    [Fact]
    public void Keeps_a_bounded_number_of_offers_open()
    {
        var first = Offer();
        _ledger.Open(Now, first);
        for (var i = 0; i < OfferLedger.MaxOpen; i++)
        {
            _ledger.Open(Now + TimeSpan.FromSeconds(1), Offer());
        }

        _ledger.HandleAnswer(Now, SignalBody.Decline(first, Bob)).ShouldBe(OfferOutcome.UnknownOffer);
    }

    [Fact]
    public void The_callers_mistakes_throw()
    {
        var offer = Offer();
        var decline = SignalBody.Decline(offer, Bob);
        _ledger.Open(Now, offer);
        Should.Throw<ArgumentException>(() => _ledger.Open(Now, offer));
        Should.Throw<ArgumentException>(() => _ledger.Open(Now, decline));
        Should.Throw<ArgumentException>(() => _ledger.HandleOffer(Now, decline));
        Should.Throw<ArgumentException>(() => _ledger.HandleAnswer(Now, offer));
    }

    private SignalBody Offer() =>
        SignalBody.Offer(OfferId.Create(_entropy), Alice, "description"u8.ToArray());
}
