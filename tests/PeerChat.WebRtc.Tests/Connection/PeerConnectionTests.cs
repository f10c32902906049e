using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

public sealed class PeerConnectionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Connects_in_three_round_trips()
    {
        // one for the check, two for DTLS
        var pair = new ConnectionPair().Connect(TimeSpan.FromMilliseconds(6));

        var (left, right) = (pair.Offerer.Connection, pair.Answerer.Connection);
        left.State.ShouldBe(PeerConnectionState.Connected);
        left.SelectedRemote.ShouldBe(Addresses.Of("10.0.0.2:2000"));
        left.SelectedLocal.ShouldBe(Addresses.Of("10.0.0.1:1000"));
        right.RoundTripTime.ShouldBe(TimeSpan.FromMilliseconds(2));
        left.DroppedDatagrams.ShouldBe(0);
    }

    [Fact]
    public void Both_sides_hold_the_same_binding_and_no_two_connections_do()
    {
        var pair = new ConnectionPair().Connect();
        var (left, right) = (pair.Offerer.Connection.Binding!, pair.Answerer.Connection.Binding!);

        left.IsDtlsClient.ShouldBeFalse();
        right.IsDtlsClient.ShouldBeTrue();
        left.Exporter.Length.ShouldBe(32);
        left.Exporter.ShouldBe(right.Exporter);
        left.ClientCertificateSha256.ShouldBe(pair.Answerer.Connection.LocalDescription.FingerprintSha256);
        left.ServerCertificateSha256.ShouldBe(pair.Offerer.Connection.LocalDescription.FingerprintSha256);
        right.ClientCertificateSha256.ShouldBe(left.ClientCertificateSha256);
        right.ServerCertificateSha256.ShouldBe(left.ServerCertificateSha256);
        new ConnectionPair().Connect().Offerer.Connection.Binding!.Exporter.ShouldNotBe(left.Exporter);
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:2")]
    [InlineData("[::1]:1", "[::1]:2")]
    [InlineData("[2001:db8::1]:1", "[2001:db8::2]:2")]
    [InlineData("[fe80::1%2]:1", "[fe80::2%2]:2")]
    [InlineData("198.51.100.1:1", "203.0.113.1:2")]
    public void Connects_over_any_family_and_scope(string left, string right) =>
        new ConnectionPair(offerer: new(true, 1, left), answerer: new(false, 2, right)).Connect(
            TimeSpan.FromMilliseconds(6)
        );

    [Theory]
    [InlineData(DtlsSetup.Active, DtlsSetup.Passive)]
    [InlineData(DtlsSetup.Passive, DtlsSetup.Active)]
    public void Follows_an_offer_that_fixes_the_DTLS_roles(DtlsSetup offered, DtlsSetup answered)
    {
        var pair = new ConnectionPair().Meet(offer => ConnectionPair.With(offer, setup: offered));

        pair.Answerer.Connection.LocalDescription.Setup.ShouldBe(answered);
        pair.Network.RunUntil(() => pair.Offerer.IsConnected && pair.Answerer.IsConnected, Second)
            .ShouldBeTrue();
        pair.Answerer.Connection.Binding!.IsDtlsClient.ShouldBe(answered == DtlsSetup.Active);
    }

    [Fact]
    public void Two_offerers_settle_the_ICE_roles_themselves()
    {
        var (left, right) = (
            new ConnectionNode(true, 1, "10.0.0.1:1"),
            new ConnectionNode(true, 2, "10.0.0.2:2")
        );
        var pair = new ConnectionPair(offerer: left, answerer: right);
        var (fromLeft, fromRight) = (left.Connection.LocalDescription, right.Connection.LocalDescription);
        left.Connection.SetRemoteDescription(
            ConnectionPair.With(fromRight, setup: DtlsSetup.Active),
            Instant.Origin
        );
        right.Connection.SetRemoteDescription(
            ConnectionPair.With(fromLeft, setup: DtlsSetup.Passive),
            Instant.Origin
        );

        pair.Network.RunUntil(() => left.IsConnected && right.IsConnected, Second).ShouldBeTrue();
    }

    [Fact]
    public void Connects_when_the_candidates_trickle_in_later()
    {
        var pair = new ConnectionPair().Meet(
            offer => ConnectionPair.With(offer, candidates: []),
            answer => ConnectionPair.With(answer, candidates: [])
        );
        pair.Network.Run(Second);

        pair.Offerer.Connection.AddRemoteCandidate(
            pair.Answerer.Connection.LocalDescription.Candidates[0],
            pair.Network.Now
        );

        pair.Network.RunUntil(() => pair.Offerer.IsConnected && pair.Answerer.IsConnected, Second)
            .ShouldBeTrue();
    }

    [Fact]
    public void A_hello_that_comes_before_the_answer_is_kept()
    {
        var pair = new ConnectionPair();
        var offer = pair.Offerer.Connection.LocalDescription;
        pair.Answerer.Connection.SetRemoteDescription(offer, pair.Network.Now);
        var helloes = 0;
        pair.Network.Middlebox = d =>
        {
            helloes += d.Payload.Span[0] is 22 && d.Local.Port == 2000 ? 1 : 0;
            return d;
        };
        pair.Network.RunUntil(() => helloes == 1, Second).ShouldBeTrue();
        pair.Network.Run(TimeSpan.FromMilliseconds(2));

        pair.Offerer.Connection.SetRemoteDescription(
            pair.Answerer.Connection.LocalDescription,
            pair.Network.Now
        );

        // its own check takes a round trip, then the server's flight is already due
        pair.Network.RunUntil(() => pair.Offerer.IsConnected, TimeSpan.FromMilliseconds(4)).ShouldBeTrue();
        helloes.ShouldBe(2); // the hello and the client's second flight: nothing was repeated
        pair.Offerer.Connection.DroppedDatagrams.ShouldBe(0);
    }

    [Fact]
    public void A_hello_that_comes_before_the_own_check_is_answered_is_kept()
    {
        var pair = new ConnectionPair();
        var lost = 0;
        pair.Network.Middlebox = d => d.Local.Port == 1000 && lost++ == 0 ? null : d; // the offerer's first check
        pair.Meet();

        pair.Network.RunUntil(
                () => pair.Offerer.IsConnected && pair.Answerer.IsConnected,
                IceLimits.NearRetransmission + TimeSpan.FromMilliseconds(6)
            )
            .ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_swapped_fingerprint_ends_the_connection_before_anything_is_said(bool inOffer)
    {
        static SessionDescription Swap(SessionDescription d) =>
            ConnectionPair.With(d, fingerprint: [.. d.FingerprintSha256.Reverse()]);
        var pair = new ConnectionPair().Meet(inOffer ? Swap : null, inOffer ? null : Swap);
        var deceived = inOffer ? pair.Answerer : pair.Offerer;
        var other = inOffer ? pair.Offerer : pair.Answerer;

        pair.Network.RunUntil(
                () => deceived.Closed is not null && other.Closed is not null,
                TimeSpan.FromMinutes(2)
            )
            .ShouldBeTrue();

        deceived.Closed.ShouldBe(CloseReason.FingerprintMismatch);
        deceived.Connection.Binding.ShouldBeNull();
        deceived.IsConnected.ShouldBeFalse();
        other.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_path_it_fails_after_15_seconds()
    {
        var pair = new ConnectionPair();
        pair.Network.Middlebox = _ => null;
        pair.Meet();

        pair.Network.Run(TimeSpan.FromSeconds(14.9));
        pair.Offerer.Closed.ShouldBeNull();
        pair.Network.Run(TimeSpan.FromSeconds(0.2));

        pair.Offerer.Closed.ShouldBe(CloseReason.IceFailed);
        pair.Answerer.Closed.ShouldBe(CloseReason.IceFailed);
        pair.Offerer.NextDeadline.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cut_path_ends_with_consent_lost_after_30_seconds(bool withDataUnderWay)
    {
        var pair = new ConnectionPair().Connect();
        var channel = pair.Offerer.Connection.OpenChannel("a", pair.Network.Now);
        pair.Network.Run(Second);
        pair.Network.Middlebox = _ => null;
        if (withDataUnderWay)
        {
            pair.Offerer.Connection.Send(channel, isText: false, new byte[100_000], pair.Network.Now);
        }

        // the last answer is at most six seconds old
        pair.Network.Run(TimeSpan.FromSeconds(23.9));
        pair.Offerer.Closed.ShouldBeNull();
        pair.Answerer.Closed.ShouldBeNull();
        pair.Network.Run(TimeSpan.FromSeconds(6.2));

        pair.Offerer.Closed.ShouldBe(CloseReason.ConsentLost);
        pair.Answerer.Closed.ShouldBe(CloseReason.ConsentLost);
    }

    [Fact]
    public void An_idle_connection_lives_on()
    {
        var pair = new ConnectionPair().Connect();

        pair.Network.Run(TimeSpan.FromHours(1));

        pair.Offerer.Connection.State.ShouldBe(PeerConnectionState.Connected);
        pair.Answerer.Connection.State.ShouldBe(PeerConnectionState.Connected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Closing_on_one_side_closes_the_other(bool byOfferer)
    {
        var pair = new ConnectionPair().Connect();
        var (closing, other) = byOfferer ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);

        closing.Connection.Close(pair.Network.Now);
        closing.Closed.ShouldBe(CloseReason.Local);
        closing.Connection.NextDeadline.ShouldBeNull();
        pair.Network.RunUntil(() => other.Closed is not null, TimeSpan.FromMilliseconds(5)).ShouldBeTrue();

        other.Closed.ShouldBe(CloseReason.Remote);
        closing.Connection.Close(pair.Network.Now);
        pair.Network.Run(Second);
        closing.Events.Count(e => e is PeerConnectionEvent.Closed).ShouldBe(1);
    }

    [Fact]
    public void Can_be_closed_in_every_state()
    {
        for (var milliseconds = 0; milliseconds < 10; milliseconds++)
        {
            var pair = new ConnectionPair().Meet();
            pair.Network.Run(TimeSpan.FromMilliseconds(milliseconds));

            pair.Offerer.Connection.Close(pair.Network.Now);
            pair.Offerer.Closed.ShouldBe(CloseReason.Local);
            pair.Network.RunUntil(() => pair.Answerer.Closed is not null, TimeSpan.FromMinutes(2))
                .ShouldBeTrue();
        }

        var unused = new ConnectionNode(true, 1, "10.0.0.1:1");
        unused.Connection.Close(Instant.Origin);
        unused.Closed.ShouldBe(CloseReason.Local);
    }

    [Fact]
    public void An_answer_that_leaves_the_roles_open_is_a_violation()
    {
        var pair = new ConnectionPair().Meet(answerIs: d => ConnectionPair.With(d, setup: DtlsSetup.ActPass));

        pair.Offerer.Closed.ShouldBe(CloseReason.ProtocolViolation);
    }

    [Fact]
    public void Refuses_calls_in_the_wrong_order()
    {
        var pair = new ConnectionPair();
        var (left, right) = (pair.Offerer.Connection, pair.Answerer.Connection);
        Should.Throw<InvalidOperationException>(() => right.LocalDescription);
        Should.Throw<InvalidOperationException>(() => left.OpenChannel("a", Instant.Origin));
        Should.Throw<InvalidOperationException>(() => left.Send(0, isText: true, default, Instant.Origin));
        Should.Throw<InvalidOperationException>(() =>
            left.AddRemoteCandidate(left.LocalDescription.Candidates[0], Instant.Origin)
        );
        left.Binding.ShouldBeNull();
        left.SelectedRemote.ShouldBeNull();
        left.RoundTripTime.ShouldBeNull();
        left.BufferedAmount(0).ShouldBe(0);

        pair.Connect();
        Should.Throw<InvalidOperationException>(() =>
            left.SetRemoteDescription(right.LocalDescription, Instant.Origin)
        );
    }

    [Fact]
    public void A_first_check_tells_whom_it_is_for()
    {
        var pair = new ConnectionPair();
        var found = new List<string>();
        pair.Network.Middlebox = d =>
        {
            if (PeerConnection.TryReadStunUfrag(d.Payload.Span, out var ufrag))
            {
                found.Add($"{d.Remote.Port} {ufrag}");
            }

            return d;
        };
        pair.Connect();

        found
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                $"1000 {pair.Offerer.Connection.LocalDescription.Ufrag}",
                $"2000 {pair.Answerer.Connection.LocalDescription.Ufrag}",
            ]);
        PeerConnection.TryReadStunUfrag([], out _).ShouldBeFalse();
        PeerConnection.TryReadStunUfrag("GET / HTTP/1.1\r\n\r\n"u8, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_description_tells_all_addresses_and_fresh_credentials()
    {
        var node = new ConnectionNode(true, 1, "10.0.0.1:1", "[2001:db8::1]:2");
        var description = node.Connection.LocalDescription;

        description.Candidates.Select(c => c.Address).ShouldBe(node.Addresses);
        description.Candidates[1].Priority.ShouldBeGreaterThan(description.Candidates[0].Priority);
        description.Setup.ShouldBe(DtlsSetup.ActPass);
        description.MaxMessageSize.ShouldBe(PeerConnection.LocalMaxMessageSize);
        node.Connection.LocalDescription.ShouldBe(description);
        new ConnectionNode(true, 2, "10.0.0.1:1").Connection.LocalDescription.Password.ShouldNotBe(
            description.Password,
            StringComparer.Ordinal
        );
    }
}
