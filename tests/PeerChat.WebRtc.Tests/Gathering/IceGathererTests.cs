using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Stun;
using PeerChat.WebRtc.Tests.Connection;
using PeerChat.WebRtc.Tests.Turn;
using PeerChat.WebRtc.Turn;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Gathering;

public sealed class IceGathererTests
{
    private static readonly TransportAddress Socket = Addresses.Of("10.0.0.1:27717");
    private static readonly TransportAddress StunAt = Addresses.Of("192.0.2.1:3478");
    private static readonly TransportAddress TurnAt = Addresses.Of("192.0.2.2:3478");
    private static readonly TransportAddress Mapped = Addresses.Of("198.51.100.7:40000");

    private readonly FakeTurnServer _turn = new(new SeededEntropy(9));
    private readonly List<GatheringEvent> _events = [];
    private Instant _now = Instant.Origin;
    private bool _stunAnswers = true;
    private StunTransactionId _lastStun;
    private TurnCredentials? _credentials; // for relays that were named without

    private static IceServer Stun
    {
        get
        {
            IceServer.TryParseStun("192.0.2.1", out var server, out _).ShouldBeTrue();
            return server;
        }
    }

    private static IceServer Turn(string text = "turn:alice:secret@192.0.2.2")
    {
        IceServer.TryParseTurn(text, out var server, out _).ShouldBeTrue();
        return server;
    }

    private IceGatherer Start(bool relayOnly, params IceServer[] servers)
    {
        var gatherer = new IceGatherer(servers, relayOnly, new SeededEntropy(1));
        gatherer.SetSockets([Socket], _now);
        Pump(gatherer);
        return gatherer;
    }

    private void Pump(IceGatherer gatherer)
    {
        var isQuiet = false;
        while (!isQuiet)
        {
            isQuiet = true;
            while (gatherer.TryTakeTransmit(out var datagram))
            {
                isQuiet = false;
                Deliver(gatherer, datagram);
            }

            while (gatherer.TryTakeEvent(out var happened))
            {
                isQuiet = false;
                _events.Add(happened);
                if (happened is GatheringEvent.Resolve { NeedsCredentials: true } asked)
                {
                    GiveCredentials(gatherer, asked.Server);
                }

                switch (happened)
                {
                    case GatheringEvent.Resolve(var server, "192.0.2.1", _, _):
                        gatherer.HandleResolved(server, [StunAt], _now);
                        break;
                    case GatheringEvent.Resolve(var server, "192.0.2.2", _, _):
                        gatherer.HandleResolved(server, [TurnAt], _now);
                        break;
                    case GatheringEvent.Resolve(_, "192.0.2.3", _, _):
                        break; // by the test
                    case GatheringEvent.Resolve(var server, _, _, _):
                        gatherer.HandleResolved(server, [], _now);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private void GiveCredentials(IceGatherer gatherer, int server)
    {
        if (_credentials is { } credentials)
        {
            gatherer.HandleCredentials(server, credentials, _now);
        }
        else
        {
            gatherer.HandleNoCredentials(server, "nobody is there", _now);
        }
    }

    private void Deliver(IceGatherer gatherer, Datagram datagram)
    {
        if (datagram.Remote == TurnAt)
        {
            _turn.Handle(datagram.Payload.ToArray());
            while (_turn.ToClient.TryDequeue(out var answer))
            {
                Give(gatherer, TurnAt, answer);
            }
        }
        else if (datagram.Remote == StunAt)
        {
            StunHeader.TryParse(datagram.Payload.Span, out var header).ShouldBeTrue();
            _lastStun = header.TransactionId;
            if (!_stunAnswers)
            {
                return;
            }

            Give(gatherer, StunAt, Binding(header.TransactionId, Mapped));
        }
    }

    private static byte[] Binding(StunTransactionId id, TransportAddress mapped)
    {
        var writer = new StunMessageWriter(new byte[100], StunMessageType.BindingSuccess, id);
        writer.WriteMappedAddress(mapped);
        return writer.FinishUnsigned().ToArray();
    }

    [Fact]
    public void An_answer_that_names_the_address_in_the_form_of_RFC_3489_too_is_taken()
    {
        // coturn 4.6.1 to 50.60.70.1:5555: XOR-MAPPED-ADDRESS, MAPPED-ADDRESS, RESPONSE-ORIGIN, OTHER-ADDRESS, SOFTWARE
        var attributes = Convert.FromHexString(
            "0020000800013"
                + "4a1132ee243"
                + "0001000800011"
                + "5b3323c4601"
                + "802b000800010d96323c4601"
                + "802c000800010d97323c4602"
                + "80220014"
                + "436f7475726e2d342e362e312027476f72737427"
        );
        _stunAnswers = false;
        var gatherer = Start(relayOnly: false, Stun);
        var answer = new byte[StunHeader.Size + attributes.Length];
        new StunHeader(StunMessageType.BindingSuccess, (ushort)attributes.Length, _lastStun).Write(answer);
        attributes.CopyTo(answer.AsSpan(StunHeader.Size));

        Give(gatherer, StunAt, answer).ShouldBe(GatheringVerdict.Done);

        gatherer.Candidates.Single().Address.ShouldBe(Addresses.Of("50.60.70.1:5555"));
        gatherer.TryProbeBehavior(_now).ShouldBeTrue(); // it has named a second address
    }

    private GatheringVerdict Give(IceGatherer gatherer, TransportAddress from, byte[] bytes)
    {
        var (local, remote) = (Socket, from);
        var payload = bytes.AsSpan();
        return gatherer.HandleDatagram(_now, ref local, ref remote, ref payload);
    }

    private void Run(IceGatherer gatherer, TimeSpan span)
    {
        var end = _now + span;
        while (gatherer.NextDeadline is { } next && next <= end)
        {
            _now = Instant.Max(_now, next);
            gatherer.HandleDeadline(_now);
            Pump(gatherer);
        }

        _now = end;
    }

    [Fact]
    public void Without_servers_nothing_is_asked_and_nothing_waited_for()
    {
        var gatherer = Start(relayOnly: false);

        gatherer.IsComplete.ShouldBeTrue();
        gatherer.NextDeadline.ShouldBeNull();
        _events.ShouldBeEmpty();
    }

    [Fact]
    public void Both_kinds_of_servers_give_their_candidates()
    {
        var gatherer = Start(relayOnly: false, Turn(), Stun);

        gatherer.IsComplete.ShouldBeTrue();
        gatherer.Candidates.ShouldBe([
            new GatheredCandidate(IceCandidateType.Relayed, FakeTurnServer.Relayed, FakeTurnServer.Relayed),
            new GatheredCandidate(IceCandidateType.ServerReflexive, FakeTurnServer.Mapped, Socket),
        ]);
        gatherer.States.Select(state => state.Address).ShouldBe([FakeTurnServer.Relayed, Mapped]);
    }

    [Fact]
    public void With_relays_alone_no_STUN_server_is_contacted_and_no_other_address_named()
    {
        var gatherer = Start(relayOnly: true, Turn(), Stun);
        Run(gatherer, TimeSpan.FromMinutes(5));

        gatherer.Candidates.Single().Type.ShouldBe(IceCandidateType.Relayed);
        _events.OfType<GatheringEvent.Resolve>().Select(one => one.Server).Distinct().ShouldBe([0]);
    }

    [Fact]
    public void An_answer_from_another_address_or_to_another_question_is_none()
    {
        _stunAnswers = false;
        var gatherer = new IceGatherer([Stun], false, new SeededEntropy(1));
        gatherer.SetSockets([Socket], _now);
        gatherer.TryTakeEvent(out _).ShouldBeTrue();
        gatherer.HandleResolved(0, [StunAt], _now);
        gatherer.TryTakeTransmit(out var request).ShouldBeTrue();
        StunHeader.TryParse(request.Payload.Span, out var header).ShouldBeTrue();

        Give(gatherer, Addresses.Of("192.0.2.66:3478"), Binding(header.TransactionId, Mapped))
            .ShouldBe(GatheringVerdict.NotOurs);
        Give(gatherer, StunAt, Binding(new StunTransactionId(1, 1), Mapped))
            .ShouldBe(GatheringVerdict.NotOurs);
        Give(gatherer, StunAt, Binding(header.TransactionId, Addresses.Of("224.0.0.1:1")))
            .ShouldBe(GatheringVerdict.Done);
        gatherer.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void A_silent_server_holds_offers_up_for_a_second_and_no_longer()
    {
        _stunAnswers = false;
        var gatherer = Start(relayOnly: false, Stun);
        gatherer.IsComplete.ShouldBeFalse();

        Run(gatherer, TurnLimits.GatheringPatience);

        gatherer.IsComplete.ShouldBeTrue();
        Run(gatherer, TimeSpan.FromSeconds(6));
        gatherer.States.Single().Failure.ShouldBe(TurnFailure.NoAnswer);
    }

    [Fact]
    public void A_name_that_is_unknown_is_told_once_and_looked_up_again_later()
    {
        var gatherer = Start(relayOnly: false, Turn("turn:a:b@nowhere.example"));
        Run(gatherer, TimeSpan.FromMinutes(10));

        _events.OfType<GatheringEvent.ServerFailed>().Single().Failure.ShouldBe(TurnFailure.NotFound);
        _events.OfType<GatheringEvent.Resolve>().Count().ShouldBeInRange(7, 12);
    }

    [Fact]
    public void A_server_that_comes_back_is_used_again()
    {
        var gatherer = Start(relayOnly: true, Turn("turn:alice:secret@192.0.2.2?transport=udp"));
        _turn.IsSilent = true;
        Run(gatherer, TimeSpan.FromMinutes(2));
        gatherer.Candidates.ShouldBeEmpty();
        _turn.IsSilent = false;
        _turn.HasAllocation = false;

        Run(gatherer, TimeSpan.FromMinutes(3));

        gatherer.Candidates.Count.ShouldBe(1);
        _events.OfType<GatheringEvent.ServerFailed>().Count().ShouldBe(1);
    }

    [Fact]
    public void Datagrams_of_peers_come_out_as_if_the_relay_were_a_socket_and_go_in_so()
    {
        var gatherer = Start(relayOnly: true, Turn("turn:alice:secret@192.0.2.2?transport=udp"));
        var peer = Addresses.Of("192.0.2.77:9");
        gatherer.Send(new Datagram(FakeTurnServer.Relayed, peer, "to"u8.ToArray()), _now);
        Pump(gatherer);
        _turn.ToPeers.Single().Peer.ShouldBe(peer);

        _turn.FromPeer(peer, "from"u8.ToArray());
        var (local, remote) = (Socket, TurnAt);
        var payload = _turn.ToClient.Dequeue().AsSpan();
        gatherer.HandleDatagram(_now, ref local, ref remote, ref payload).ShouldBe(GatheringVerdict.Relayed);

        (local, remote).ShouldBe((FakeTurnServer.Relayed, peer));
        payload.ToArray().ShouldBe("from"u8.ToArray());
    }

    [Fact]
    public void Whoever_is_at_the_same_relay_may_knock()
    {
        var gatherer = Start(relayOnly: true, Turn());

        _turn.FromPeer(FakeTurnServer.Relayed.WithPort(50001), "offer"u8.ToArray());

        _turn.ToClient.Count.ShouldBe(1);
        gatherer.IsRelayed(FakeTurnServer.Relayed).ShouldBeTrue();
    }

    [Fact]
    public void A_stream_is_opened_and_followed_to_its_end()
    {
        var gatherer = Start(relayOnly: true, Turn("turns:alice:secret@192.0.2.2"));
        var open = _events.OfType<GatheringEvent.OpenStream>().Single();
        open.TlsHost.ShouldBe("192.0.2.2");

        gatherer.HandleStreamOpened(open.Stream, Socket.WithPort(5), _now);
        PumpStream(gatherer, open.Stream);
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);

        gatherer.HandleStreamClosed(open.Stream, isCertificate: true, "expired", _now);
        Pump(gatherer);
        gatherer.Candidates.ShouldBeEmpty();
        gatherer.States.Single().Failure.ShouldBe(TurnFailure.Certificate);
        Run(gatherer, TimeSpan.FromSeconds(6));
        _events.OfType<GatheringEvent.OpenStream>().Count().ShouldBe(2);
    }

    [Fact]
    public void Where_UDP_brings_no_answer_a_relay_is_reached_by_TCP_while_offers_still_wait()
    {
        var gatherer = Start(relayOnly: true, Turn("turn:alice:secret@192.0.2.3"));
        Resolve(gatherer);
        Run(gatherer, TurnLimits.TcpFallbackDelay - TimeSpan.FromMilliseconds(1));
        _events.OfType<GatheringEvent.OpenStream>().ShouldBeEmpty();

        Run(gatherer, TimeSpan.FromMilliseconds(1));
        var open = _events.OfType<GatheringEvent.OpenStream>().Single();
        open.TlsHost.ShouldBeNull();
        gatherer.IsComplete.ShouldBeFalse();
        gatherer.HandleStreamOpened(open.Stream, Socket.WithPort(5), _now);
        PumpStream(gatherer, open.Stream);

        gatherer.IsComplete.ShouldBeTrue();
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);
        gatherer.States.Single().Address.ShouldBe(FakeTurnServer.Relayed);
        Run(gatherer, TimeSpan.FromSeconds(10));
        _events.OfType<GatheringEvent.ServerFailed>().ShouldBeEmpty(); // that UDP is blocked is nobody's trouble
    }

    [Theory]
    [InlineData("turn:alice:secret@192.0.2.2")] // it answers by UDP
    [InlineData("turn:alice:wrong@192.0.2.2")] // it says no by UDP
    [InlineData("turn:alice:secret@192.0.2.3?transport=udp")] // the user wants UDP
    public void A_relay_that_answers_by_UDP_or_is_named_with_a_transport_is_not_asked_by_TCP(string url)
    {
        var gatherer = Start(relayOnly: true, Turn(url));
        Resolve(gatherer);
        Run(gatherer, TimeSpan.FromSeconds(4));

        _events.OfType<GatheringEvent.OpenStream>().ShouldBeEmpty();
    }

    [Fact]
    public void A_relay_that_answers_neither_by_UDP_nor_by_TCP_is_told_of_once()
    {
        var gatherer = Start(relayOnly: true, Turn("turn:alice:secret@192.0.2.3"));
        Resolve(gatherer);
        Run(gatherer, TimeSpan.FromSeconds(1));
        gatherer.HandleStreamClosed(
            _events.OfType<GatheringEvent.OpenStream>().Single().Stream,
            isCertificate: false,
            "refused",
            _now
        );
        Pump(gatherer);
        _events.OfType<GatheringEvent.ServerFailed>().ShouldBeEmpty();

        Run(gatherer, TimeSpan.FromSeconds(5));

        gatherer.States.Single().Failure.ShouldBe(TurnFailure.NoAnswer);
        _events.OfType<GatheringEvent.ServerFailed>().Count().ShouldBe(1);
    }

    [Fact]
    public void Credentials_are_replaced_before_they_end_and_the_relay_with_them()
    {
        var lifetime = TimeSpan.FromSeconds(1000);
        _credentials = new TurnCredentials("alice", "secret", lifetime);
        var gatherer = Start(relayOnly: true, Turn("turn:192.0.2.2"));
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);

        Run(gatherer, (lifetime * TurnLimits.RenewalShare) - TimeSpan.FromSeconds(1));
        CountAsked().ShouldBe(1);
        _turn.Granted[StunMessageType.AllocateRequest].ShouldBe(1);

        _credentials = _credentials with { Lifetime = null };
        Run(gatherer, TimeSpan.FromSeconds(2));
        CountAsked().ShouldBe(2);
        _turn.Granted[StunMessageType.AllocateRequest].ShouldBe(2); // which it grants only once the first one was given back
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);

        Run(gatherer, TimeSpan.FromHours(2));
        CountAsked().ShouldBe(2);
        _events.OfType<GatheringEvent.ServerFailed>().ShouldBeEmpty();
    }

    [Fact]
    public void Without_credentials_a_relay_is_not_asked_and_they_are_asked_for_again()
    {
        var gatherer = Start(relayOnly: true, Turn("turn:192.0.2.2"));

        gatherer.IsComplete.ShouldBeTrue();
        gatherer.States.Single().Failure.ShouldBe(TurnFailure.NoCredentials);
        gatherer.States.Single().Detail.ShouldBe("nobody is there");
        _turn.Granted.ShouldBeEmpty();

        Run(gatherer, TurnLimits.FirstRetry);
        _events.OfType<GatheringEvent.ServerFailed>().Count().ShouldBe(1);
        CountAsked().ShouldBe(2);

        _credentials = new TurnCredentials("alice", "secret", null);
        Run(gatherer, TurnLimits.FirstRetry * 2);
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);
    }

    [Fact]
    public void A_relay_outlives_a_renewal_that_brings_nothing_and_a_network_that_changes_beside_it()
    {
        _credentials = new TurnCredentials("alice", "secret", TimeSpan.FromSeconds(1000));
        var gatherer = Start(relayOnly: true, Turn("turn:192.0.2.2"));
        gatherer.SetSockets([Socket, Addresses.Of("10.0.0.2:27717")], _now);
        Pump(gatherer);
        CountAsked().ShouldBe(2);

        _credentials = null;
        Run(gatherer, TimeSpan.FromSeconds(751) + TurnLimits.LastRetry);

        CountAsked().ShouldBe(4);
        _turn.Granted[StunMessageType.AllocateRequest].ShouldBe(1);
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);
        _events.OfType<GatheringEvent.ServerFailed>().ShouldBeEmpty();
    }

    [Fact]
    public void A_renewal_that_met_no_relay_replaces_none_that_came_later()
    {
        _credentials = new TurnCredentials("alice", "secret", TimeSpan.FromSeconds(100)); // ends between two attempts
        var gatherer = Start(relayOnly: true, Turn("turn:192.0.2.2?transport=udp"));
        (_turn.IsSilent, _turn.HasAllocation) = (true, false);
        Run(gatherer, TimeSpan.FromMinutes(20));
        gatherer.Candidates.ShouldBeEmpty();
        _turn.IsSilent = false;
        _credentials = _credentials with { Lifetime = null };
        Run(gatherer, TurnLimits.LastRetry);
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);
        var granted = _turn.Granted[StunMessageType.AllocateRequest];

        gatherer.SetSockets([Socket, Addresses.Of("10.0.0.2:27717")], _now);
        Pump(gatherer);

        _turn.Granted[StunMessageType.AllocateRequest].ShouldBe(granted);
    }

    [Fact]
    public void Credentials_that_are_refused_are_asked_for_anew()
    {
        _credentials = new TurnCredentials("alice", "yesterday's", null);
        var gatherer = Start(relayOnly: true, Turn("turn:192.0.2.2"));
        gatherer.States.Single().Failure.ShouldBe(TurnFailure.Credentials);

        _credentials = _credentials with { Password = "secret" };
        Run(gatherer, TurnLimits.FirstRetry);

        CountAsked().ShouldBe(2);
        gatherer.Candidates.Single().Address.ShouldBe(FakeTurnServer.Relayed);
    }

    private int CountAsked() => _events.OfType<GatheringEvent.Resolve>().Count(one => one.NeedsCredentials);

    // A server that takes what comes by UDP and says nothing
    private void Resolve(IceGatherer gatherer)
    {
        foreach (var asked in _events.OfType<GatheringEvent.Resolve>().Where(one => one.Host == "192.0.2.3"))
        {
            gatherer.HandleResolved(asked.Server, [Addresses.Of("192.0.2.3:3478")], _now);
        }

        Pump(gatherer);
    }

    [Fact]
    public void A_redirection_is_followed_once()
    {
        _turn.Refusals[StunMessageType.AllocateRequest] = StunErrorCode.TryAlternate;
        _turn.Alternate = TurnAt; // back to itself: a loop

        var gatherer = Start(relayOnly: true, Turn());

        gatherer.States.Single().Failure.ShouldBe(TurnFailure.Refused);
        _events.OfType<GatheringEvent.ServerFailed>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_relay_reached_from_an_address_that_is_gone_counts_no_more()
    {
        var gatherer = Start(relayOnly: true, Turn());
        gatherer.SetSockets([Addresses.Of("10.0.0.9:27717")], _now);
        gatherer.Candidates.ShouldBeEmpty();
        gatherer.Close(_now);
        gatherer.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void No_more_servers_are_used_than_the_limit()
    {
        var gatherer = new IceGatherer(
            [.. Enumerable.Repeat(Turn(), IceGatherer.MaxServers + 3)],
            false,
            new SeededEntropy(1)
        );

        gatherer.States.Count().ShouldBe(IceGatherer.MaxServers);
    }

    private void PumpStream(IceGatherer gatherer, int stream)
    {
        var isQuiet = false;
        while (!isQuiet)
        {
            isQuiet = true;
            while (gatherer.TryTakeEvent(out var happened))
            {
                if (happened is GatheringEvent.SendStream send)
                {
                    isQuiet = false;
                    _turn.Handle(send.Bytes);
                }
            }

            while (_turn.ToClient.TryDequeue(out var answer))
            {
                gatherer.HandleStreamReceived(stream, answer);
                gatherer.TryTakeStreamData(stream, _now, out _, out _, out _).ShouldBeFalse();
            }
        }
    }
}
