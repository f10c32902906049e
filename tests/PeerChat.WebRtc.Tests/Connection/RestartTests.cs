using PeerChat.WebRtc.Sdp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>ICE restarts and addresses that come and go (RFC 8445 section 9).</summary>
public sealed class RestartTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static (ConnectionPair Pair, ushort Channel) Connected(params string[] answerers)
    {
        var pair = new ConnectionPair(
            new VirtualNetwork(minDelay: TimeSpan.FromMilliseconds(5)),
            new ConnectionNode(true, 1, "10.0.0.1:1000"),
            new ConnectionNode(false, 2, answerers.Length > 0 ? answerers : ["10.0.0.2:2000"])
        ).Connect();
        var channel = pair.Offerer.Connection.OpenChannel("x", pair.Network.Now);
        pair.Network.Run(Second);
        return (pair, channel);
    }

    private static SessionDescription Offer(ConnectionPair pair, ConnectionNode from) =>
        from.Connection.TryOfferRestart(from.Addresses, [], pair.Network.Now, out var offer)
            ? offer
            : throw new InvalidOperationException("No offer.");

    private static SessionDescription? Answer(
        ConnectionPair pair,
        ConnectionNode from,
        SessionDescription offer
    ) =>
        from.Connection.TryAnswerRestart(offer, from.Addresses, [], pair.Network.Now, out var answer)
            ? answer
            : null;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_restart_from_either_side_gives_new_credentials_and_leaves_the_association(bool byOfferer)
    {
        var (pair, channel) = Connected();
        var (one, other) = byOfferer ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);
        var before = one.Connection.LocalDescription;
        var binding = one.Connection.Binding;

        var offer = Offer(pair, one);
        one.Connection.LocalDescription.Ufrag.ShouldBe(before.Ufrag); // in use until the new one works
        var answer = Answer(pair, other, offer).ShouldNotBeNull();
        one.Connection.TryCompleteRestart(answer, pair.Network.Now).ShouldBeTrue();
        pair.Network.Run(Second);

        one.Connection.LocalDescription.Ufrag.ShouldBe(offer.Ufrag);
        one.Connection.LocalDescription.Password.ShouldNotBe(before.Password);
        offer.FingerprintSha256.ShouldBe(before.FingerprintSha256);
        other.Connection.LocalDescription.Ufrag.ShouldBe(answer.Ufrag);
        one.Connection.Binding.ShouldBe(binding);
        pair.Offerer.Connection.Send(channel, true, "after"u8, pair.Network.Now);
        pair.Network.Run(Second);
        pair.Answerer.Messages.Count().ShouldBe(1);
        pair.Network.Run(TimeSpan.FromMinutes(2)); // consent goes on under the new credentials
        pair.Offerer.Closed.ShouldBeNull();
    }

    [Fact]
    public void Messages_flow_while_the_answer_is_on_its_way()
    {
        var (pair, channel) = Connected();
        Offer(pair, pair.Offerer);

        pair.Offerer.Connection.Send(channel, true, "meanwhile"u8, pair.Network.Now);
        pair.Network.Run(Second);

        pair.Answerer.Messages.Count().ShouldBe(1);
    }

    [Fact]
    public void A_restart_that_finds_no_path_leaves_the_old_one_in_use()
    {
        var (pair, channel) = Connected();
        var offer = Offer(pair, pair.Offerer);
        var nowhere = Answer(pair, pair.Answerer, offer).ShouldNotBeNull();
        pair.Offerer.Connection.TryCompleteRestart(
            ConnectionPair.With(nowhere, ufrag: "nobodyknows", candidates: []),
            pair.Network.Now
        );
        pair.Network.Run(TimeSpan.FromMinutes(2));

        pair.Offerer.Closed.ShouldBeNull();
        pair.Offerer.Connection.Send(channel, true, "still"u8, pair.Network.Now);
        pair.Network.Run(Second);
        pair.Answerer.Messages.Count().ShouldBe(1);
    }

    [Fact]
    public void An_offer_can_be_withdrawn_and_its_answer_then_counts_for_nothing()
    {
        var (pair, _) = Connected();
        var answer = Answer(pair, pair.Answerer, Offer(pair, pair.Offerer)).ShouldNotBeNull();

        pair.Offerer.Connection.RollBackRestart();

        pair.Offerer.Connection.IsRestartOffered.ShouldBeFalse();
        pair.Offerer.Connection.TryCompleteRestart(answer, pair.Network.Now).ShouldBeFalse();
        pair.Network.Run(TimeSpan.FromMinutes(2));
        pair.Offerer.Closed.ShouldBeNull();
        pair.Answerer.Closed.ShouldBeNull();
    }

    [Fact]
    public void An_offer_that_nobody_answers_expires()
    {
        var (pair, _) = Connected();
        Offer(pair, pair.Offerer);

        pair.Network.Run(TimeSpan.FromSeconds(45));

        pair.Offerer.Connection.IsRestartOffered.ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_restart_of_this_connection_is_refused()
    {
        var (pair, _) = Connected();
        var offer = Offer(pair, pair.Offerer);

        Answer(pair, pair.Answerer, ConnectionPair.With(offer, fingerprint: new byte[32])).ShouldBeNull();
        Answer(pair, pair.Answerer, pair.Offerer.Connection.LocalDescription).ShouldBeNull();
        Answer(pair, pair.Answerer, offer).ShouldNotBeNull();
        Answer(pair, pair.Answerer, offer).ShouldBeNull(); // a replay has no new credentials
    }

    [Fact]
    public void Before_DTLS_holds_there_is_nothing_to_restart()
    {
        var pair = new ConnectionPair();

        pair.Offerer.Connection.TryOfferRestart(pair.Offerer.Addresses, [], pair.Network.Now, out _)
            .ShouldBeFalse();
    }

    [Fact]
    public void A_machine_that_moves_is_found_by_its_checks_alone()
    {
        var (pair, channel) = Connected("10.0.0.2:2000", "192.168.7.2:2000");
        var answerer = pair.Answerer.Connection;
        answerer.SelectedLocal.ShouldBe(Addresses.Of("10.0.0.2:2000"));

        // the first address goes; the second one was in the description, and serves as the new one
        pair.Network.Middlebox = d =>
            d.Local == Addresses.Of("10.0.0.2:2000") || d.Remote == Addresses.Of("10.0.0.2:2000") ? null : d;
        answerer.SetLocalAddresses(Addresses.All("192.168.7.2:2000"), [], pair.Network.Now);
        for (var i = 0; i < 10; i++)
        {
            pair.Offerer.Connection.Send(channel, true, "n"u8, pair.Network.Now);
        }

        pair.Network.Run(TimeSpan.FromSeconds(20));

        pair.Answerer.Messages.Count().ShouldBe(10);
        answerer.SelectedLocal.ShouldBe(Addresses.Of("192.168.7.2:2000"));
        pair.Offerer.Closed.ShouldBeNull();
    }

    [Fact]
    public void Without_any_address_left_the_connection_ends_after_the_rescue_time()
    {
        var (pair, _) = Connected();
        pair.Answerer.Connection.SetLocalAddresses([], [], pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(29));
        pair.Answerer.Closed.ShouldBeNull();

        pair.Network.Run(TimeSpan.FromSeconds(2));

        pair.Answerer.Closed.ShouldBe(CloseReason.ConsentLost);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Many_restarts_on_a_lossy_path_lose_and_repeat_nothing(int seed)
    {
        var pair = new ConnectionPair(
            new VirtualNetwork(seed, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), loss: 0.1)
        ).Connect();
        var channel = pair.Offerer.Connection.OpenChannel("x", pair.Network.Now);
        for (byte i = 0; i < 20; i++)
        {
            pair.Offerer.Connection.Send(channel, false, [i], pair.Network.Now);
            var (one, other) = i % 2 == 0 ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);
            var answer = Answer(pair, other, Offer(pair, one)).ShouldNotBeNull();
            pair.Network.Run(TimeSpan.FromMilliseconds(50));
            one.Connection.TryCompleteRestart(answer, pair.Network.Now).ShouldBeTrue();
            pair.Network.Run(Second);
        }

        pair.Network.Run(TimeSpan.FromSeconds(20));
        pair.Answerer.Messages.Select(message => message.Message.Span[0])
            .ShouldBe(Enumerable.Range(0, 20).Select(i => (byte)i));
    }

    [Fact]
    public void A_restart_travels_as_SDP_with_a_higher_version_and_the_end_of_candidates()
    {
        var (pair, _) = Connected();
        var first = SdpDocument.WriteOffer(pair.Offerer.Connection.LocalDescription);
        var text = SdpDocument.WriteOffer(Offer(pair, pair.Offerer), version: 2, isComplete: true);

        SdpDocument.TryParse(text, out var offer, out var reason).ShouldBeTrue(reason);
        offer!.IsComplete.ShouldBeTrue();
        Origin(text).ShouldBe(Origin(first).Replace(" 1 IN", " 2 IN", StringComparison.Ordinal));
        var answer = Answer(pair, pair.Answerer, offer.Description).ShouldNotBeNull();
        SdpDocument
            .TryParse(SdpDocument.WriteAnswer(answer, offer, version: 2), out var back, out reason)
            .ShouldBeTrue(reason);
        back!.IsComplete.ShouldBeFalse();
        pair.Offerer.Connection.TryCompleteRestart(back.Description, pair.Network.Now).ShouldBeTrue();
        pair.Network.Run(Second);
        pair.Offerer.Connection.LocalDescription.Ufrag.ShouldBe(offer.Description.Ufrag);
    }

    private static string Origin(string sdp) =>
        sdp.Split("\r\n").Single(line => line.StartsWith("o=", StringComparison.Ordinal));
}
