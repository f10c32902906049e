using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sdp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>SCTP that begins without asking, because both INITs came with the descriptions (draft-hancke-tsvwg-snap).</summary>
public sealed class SnapTests
{
    private const string Example = "AQAAHols3R0AUAAA/////+B5ZR3AAAAEgAgABoLA"; // of the draft, section 5

    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void A_message_arrives_with_the_first_packet_after_dtls()
    {
        var (with, without) = (TimeToMessages(snap: true), TimeToMessages(snap: false));
        with.ShouldBeLessThan(without);
        (without - with).ShouldBeGreaterThanOrEqualTo(OneWay * 2);
    }

    [Fact]
    public void An_answerer_that_knows_none_of_it_is_asked_as_usual()
    {
        var pair = new ConnectionPair();
        pair.Meet(offerIs: offer => offer with { SctpInit = null });
        pair.Answerer.Connection.LocalDescription.SctpInit.ShouldBeNull();
        ExchangeMessages(pair);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(19)]
    public void An_offer_with_an_init_that_is_none_is_answered_without_one(int length)
    {
        var pair = new ConnectionPair();
        pair.Meet(offerIs: offer => offer with { SctpInit = offer.SctpInit![..length] });
        pair.Answerer.Connection.LocalDescription.SctpInit.ShouldBeNull();
        ExchangeMessages(pair);
    }

    [Fact]
    public void An_answer_with_an_init_that_is_none_ends_the_connection()
    {
        var pair = new ConnectionPair();
        pair.Meet(answerIs: answer => answer with { SctpInit = [1, 2, 3] });
        pair.Offerer.Connection.State.ShouldBe(PeerConnectionState.Closed);
    }

    [Fact]
    public void An_answer_that_repeats_the_offers_own_line_says_nothing_of_the_peer()
    {
        // libdatachannel copies into its answer what it does not know of the offer
        var pair = new ConnectionPair();
        byte[]? offered = null;
        pair.Meet(
            offerIs: offer =>
            {
                offered = offer.SctpInit;
                return offer with { SctpInit = null };
            },
            answerIs: answer => answer with { SctpInit = offered }
        );
        ExchangeMessages(pair);
    }

    [Fact]
    public void The_init_of_the_draft_is_read()
    {
        SctpAssociation.IsAcceptableInit(Convert.FromBase64String(Example)).ShouldBeTrue();
        SctpAssociation.IsAcceptableInit(new byte[SctpAssociation.MaxDescribedInit + 1]).ShouldBeFalse();
    }

    [Fact]
    public void An_sdp_carries_it_and_what_is_no_base64_or_too_long_is_passed_over()
    {
        var description = new ConnectionPair().Offerer.Connection.LocalDescription;
        var text = SdpDocument.WriteOffer(description);
        var own = Convert.ToBase64String(description.SctpInit!);
        text.ShouldContain($"a=sctp-init:{own}\r\n");
        InitOf(text).ShouldBe(description.SctpInit);
        InitOf(text.Replace(own, Example, StringComparison.Ordinal))
            .ShouldBe(Convert.FromBase64String(Example));
        InitOf(text.Replace(own, "%%%", StringComparison.Ordinal)).ShouldBeNull();
        InitOf(text.Replace(own, new string('A', 4096), StringComparison.Ordinal)).ShouldBeNull();
        InitOf(text.Replace($"a=sctp-init:{own}\r\n", "", StringComparison.Ordinal)).ShouldBeNull();
    }

    private static byte[]? InitOf(string sdp)
    {
        SdpDocument.TryParse(sdp, out var document, out var reason).ShouldBeTrue(reason);
        return document!.Description.SctpInit;
    }

    private static TimeSpan TimeToMessages(bool snap)
    {
        var pair = new ConnectionPair(new VirtualNetwork(minDelay: OneWay));
        pair.Meet(offerIs: offer => snap ? offer : offer with { SctpInit = null });
        (pair.Answerer.Connection.LocalDescription.SctpInit is not null).ShouldBe(snap);
        var start = pair.Network.Now;
        ExchangeMessages(pair);
        return pair.Network.Now - start;
    }

    private static void ExchangeMessages(ConnectionPair pair)
    {
        pair.Network.RunUntil(() => pair.Offerer.IsConnected, TimeSpan.FromSeconds(20)).ShouldBeTrue();
        var channel = pair.Offerer.Connection.OpenChannel("chat", pair.Network.Now);
        pair.Offerer.Connection.Send(channel, isText: true, "hello"u8, pair.Network.Now);
        pair.Network.RunUntil(() => pair.Answerer.Messages.Any(), TimeSpan.FromSeconds(5)).ShouldBeTrue();
    }
}
