using System.Text;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Ice;
using PeerChat.WebRtc.Stun;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Ice;

public sealed class IceAgentTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly VirtualNetwork _network = new(minDelay: TimeSpan.FromMilliseconds(1));

    private (AgentNode Left, AgentNode Right) Pair(AgentNode left, AgentNode right)
    {
        _network.Attach(left);
        _network.Attach(right);
        left.Meet(right, _network.Now);
        right.Meet(left, _network.Now);
        return (left, right);
    }

    private bool RunUntilNominated(AgentNode left, AgentNode right, TimeSpan limit) =>
        _network.RunUntil(
            () =>
                left.Agent.Selected is { IsNominated: true } l
                && right.Agent.Selected is { IsNominated: true } r
                && l.LocalAddress == r.RemoteAddress
                && r.LocalAddress == l.RemoteAddress,
            limit
        );

    [Fact]
    public void The_only_pair_is_valid_and_nominated_after_one_round_trip()
    {
        var (left, right) = Pair(new(true, 1, "10.0.0.1:1000"), new(false, 2, "10.0.0.2:2000"));

        RunUntilNominated(left, right, TimeSpan.FromMilliseconds(2)).ShouldBeTrue();

        left.Agent.State.ShouldBe(IceAgentState.Connected);
        left.Agent.Selected!.RoundTripTime.ShouldBe(TimeSpan.FromMilliseconds(2));
        _network.Sent.ShouldBe(4);
    }

    [Fact]
    public void Among_several_addresses_both_sides_agree_on_the_best_reachable_pair()
    {
        var (left, right) = Pair(
            new(true, 1, "[2001:db8::1]:1000", "10.0.0.1:1000", "192.168.1.1:1000"),
            new(false, 2, "10.0.0.2:2000", "192.168.1.2:2000", "[2001:db8::2]:2000")
        );
        // the networks do not route to each other
        _network.Middlebox = d =>
            !d.Local.IsIPv6
            && d.Remote.ToString().StartsWith(d.Local.ToString()[..3], StringComparison.Ordinal)
                ? d
                : null;

        RunUntilNominated(left, right, Second).ShouldBeTrue();

        left.Agent.Selected!.LocalAddress.IsIPv6.ShouldBeFalse();
    }

    [Fact]
    public void Prefers_IPv6_when_both_work()
    {
        var (left, right) = Pair(
            new(true, 1, "10.0.0.1:1000", "[2001:db8::1]:1000"),
            new(false, 2, "10.0.0.2:2000", "[2001:db8::2]:2000")
        );

        RunUntilNominated(left, right, Second).ShouldBeTrue();

        left.Agent.Selected!.LocalAddress.IsIPv6.ShouldBeTrue();
        left.Agent.Pairs.ShouldAllBe(pair => pair.LocalAddress.IsIPv6 == pair.RemoteAddress.IsIPv6);
    }

    [Fact]
    public void A_better_pair_that_turns_up_later_is_nominated_too()
    {
        var (left, right) = Pair(
            new(true, 1, "[2001:db8::1]:1000", "10.0.0.1:1000"),
            new(false, 2, "[2001:db8::2]:2000", "10.0.0.2:2000")
        );
        var isIPv6Open = false;
        _network.Middlebox = d => isIPv6Open || !d.Local.IsIPv6 ? d : null;
        RunUntilNominated(left, right, Second).ShouldBeTrue();
        left.Agent.Selected!.LocalAddress.IsIPv6.ShouldBeFalse();

        isIPv6Open = true;
        _network
            .RunUntil(
                () => left.Agent.Selected!.LocalAddress.IsIPv6 && right.Agent.Selected!.LocalAddress.IsIPv6,
                Second * 5
            )
            .ShouldBeTrue();
        left.Agent.Selected.IsNominated.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, 1, 2)]
    [InlineData(true, 2, 1)]
    [InlineData(false, 1, 2)]
    [InlineData(false, 2, 1)]
    public void Two_agents_of_the_same_role_settle_on_one_of_each(bool isControlling, int seed, int otherSeed)
    {
        var (left, right) = Pair(
            new(isControlling, seed, "10.0.0.1:1000"),
            new(isControlling, otherSeed, "10.0.0.2:2000")
        );

        RunUntilNominated(left, right, Second).ShouldBeTrue();

        left.Agent.IsControlling.ShouldBe(!right.Agent.IsControlling);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Equal_tie_breakers_are_drawn_again(bool isControlling)
    {
        var (left, right) = Pair(
            new(isControlling, new EqualFirstDraw(1), "10.0.0.1:1000"),
            new(isControlling, new EqualFirstDraw(2), "10.0.0.2:2000")
        );

        RunUntilNominated(left, right, Second).ShouldBeTrue();

        left.Agent.IsControlling.ShouldBe(!right.Agent.IsControlling);
    }

    [Fact]
    public void A_check_that_comes_before_the_description_is_answered_and_checked_back_later()
    {
        var left = new AgentNode(true, 1, "10.0.0.1:1000");
        var right = new AgentNode(false, 2, "10.0.0.2:2000");
        _network.Attach(left);
        _network.Attach(right);
        right.Meet(left, _network.Now);
        _network.RunUntil(() => right.Agent.State == IceAgentState.Connected, Second).ShouldBeTrue();
        left.Agent.State.ShouldBe(IceAgentState.New);

        left.Agent.SetRemote(right.Agent.LocalCredentials, [], _network.Now); // not even a candidate is needed

        RunUntilNominated(left, right, TimeSpan.FromMilliseconds(30)).ShouldBeTrue();
        left.Agent.Selected!.Remote.Type.ShouldBe(IceCandidateType.PeerReflexive);
    }

    [Fact]
    public void A_signalled_candidate_replaces_the_peer_reflexive_one_of_its_address()
    {
        var left = new AgentNode(true, 1, "10.0.0.1:1000");
        var right = new AgentNode(false, 2, "10.0.0.2:2000");
        _network.Attach(left);
        _network.Attach(right);
        right.Meet(left, _network.Now);
        left.Agent.SetRemote(right.Agent.LocalCredentials, [], _network.Now);
        RunUntilNominated(left, right, Second).ShouldBeTrue();
        var pair = left.Agent.Selected!;

        left.Agent.AddRemoteCandidate(right.Agent.LocalCandidates.Single(), _network.Now);

        left.Agent.Pairs.ShouldBe([pair]);
        pair.Remote.Type.ShouldBe(IceCandidateType.Host);
        pair.IsValid.ShouldBeTrue();
    }

    [Fact]
    public void Candidates_that_trickle_in_are_tried_at_once()
    {
        var left = new AgentNode(true, 1, "10.0.0.1:1000");
        var right = new AgentNode(false, 2, "10.0.0.2:2000");
        _network.Attach(left);
        _network.Attach(right);
        left.Agent.SetRemote(right.Agent.LocalCredentials, [], _network.Now);
        right.Agent.SetRemote(left.Agent.LocalCredentials, [], _network.Now);
        _network.Run(Second);

        left.Agent.AddRemoteCandidate(right.Agent.LocalCandidates.Single(), _network.Now);

        RunUntilNominated(left, right, TimeSpan.FromMilliseconds(30)).ShouldBeTrue();
    }

    [Fact]
    public void A_peer_behind_a_translator_is_reached_at_the_address_its_checks_show()
    {
        var inside = Addresses.Of("192.168.7.7:5000");
        var outside = Addresses.Of("203.0.113.9:61000");
        var (left, right) = Pair(new(true, 1, "198.51.100.1:1000"), new(false, 2, "192.168.7.7:5000"));
        _network.Middlebox = d =>
            d.Local == inside ? d with { Local = outside }
            : d.Remote == outside ? d with { Remote = inside }
            : null;

        _network
            .RunUntil(
                () =>
                    left.Agent.Selected is { IsNominated: true }
                    && right.Agent.Selected is { IsNominated: true },
                Second * 3
            )
            .ShouldBeTrue();

        left.Agent.Selected!.RemoteAddress.ShouldBe(outside);
        left.Agent.Selected.Remote.Type.ShouldBe(IceCandidateType.PeerReflexive);
        right.Agent.Selected!.RemoteAddress.ShouldBe(Addresses.Of("198.51.100.1:1000"));
    }

    [Fact]
    public void An_answer_from_another_address_than_the_checked_one_is_none()
    {
        var other = Addresses.Of("10.0.0.77:7");
        var left = new AgentNode(true, 1, "10.0.0.1:1000");
        var right = new AgentNode(false, 2, "10.0.0.2:2000");
        _network.Attach(left);
        _network.Attach(right);
        left.Meet(right, _network.Now);
        _network.Middlebox = d => d.Local == right.Addresses[0] ? d with { Local = other } : d;

        _network.Run(TimeSpan.FromSeconds(14));
        left.Agent.Pairs.Single().State.ShouldBe(IcePairState.Failed);
        left.Agent.Dropped.ShouldBe(IceLimits.MaxChecksPerPair);

        _network.Run(TimeSpan.FromSeconds(2));
        left.Agent.State.ShouldBe(IceAgentState.Failed);
    }

    [Fact]
    public void Without_an_answer_it_fails_after_15_seconds_and_sends_at_most_10_checks_per_pair()
    {
        var left = new AgentNode(true, 1, "10.0.0.1:1000");
        var right = new AgentNode(false, 2, "10.0.0.2:2000");
        _network.Attach(left);
        left.Meet(right, _network.Now);

        _network.Run(TimeSpan.FromSeconds(14.9));
        left.Agent.State.ShouldBe(IceAgentState.Checking);
        _network.Sent.ShouldBe(IceLimits.MaxChecksPerPair);

        _network.Run(TimeSpan.FromSeconds(0.2));
        left.Agent.State.ShouldBe(IceAgentState.Failed);
        left.Agent.NextDeadline.ShouldBeNull();
        (_network.Now - Instant.Origin).ShouldBeLessThan(TimeSpan.FromSeconds(15.2));
    }

    [Theory]
    [InlineData("10.0.0.1:1000", "10.0.0.2:2000", new[] { 0, 50, 150, 350, 750, 1550, 3150, 5150 })]
    [InlineData("198.51.100.1:1000", "198.51.100.2:2000", new[] { 0, 500, 1500, 3500, 5500, 7500 })]
    public void Repeats_checks_sooner_between_near_addresses(string local, string remote, int[] milliseconds)
    {
        var sent = new List<int>();
        var left = new AgentNode(true, 1, local);
        _network.Attach(left);
        _network.Middlebox = d =>
        {
            sent.Add((int)(_network.Now - Instant.Origin).TotalMilliseconds);
            return null;
        };
        left.Meet(new AgentNode(false, 2, remote), _network.Now);

        _network.Run(TimeSpan.FromMilliseconds(milliseconds[^1] + 1));

        sent.ShouldBe(milliseconds);
    }

    [Fact]
    public void Starts_ten_checks_5_ms_apart_and_the_others_at_50()
    {
        var sent = new List<int>();
        var left = new AgentNode(true, 1, "198.51.100.1:1000");
        var addresses = Enumerable.Range(1, 14).Select(i => $"198.51.100.2:{i}").ToArray();
        _network.Attach(left);
        _network.Middlebox = d =>
        {
            sent.Add((int)(_network.Now - Instant.Origin).TotalMilliseconds);
            return null;
        };
        left.Meet(new AgentNode(false, 2, addresses), _network.Now);

        _network.Run(TimeSpan.FromMilliseconds(249));

        sent.ShouldBe([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 95, 145, 195, 245]);
    }

    [Fact]
    public void Consent_is_renewed_every_4_to_6_seconds()
    {
        var (left, right) = Pair(new(true, 1, "10.0.0.1:1000"), new(false, 2, "10.0.0.2:2000"));
        RunUntilNominated(left, right, Second).ShouldBeTrue();
        var sentBefore = _network.Sent;

        _network.Run(TimeSpan.FromMinutes(10));

        left.Agent.State.ShouldBe(IceAgentState.Connected);
        // two agents, a request and an answer each
        ((_network.Sent - sentBefore) / 4.0).ShouldBeInRange(600 / 6, 600 / 4);
    }

    [Fact]
    public void Consent_is_lost_30_seconds_after_the_last_answer()
    {
        var (left, right) = Pair(new(true, 1, "10.0.0.1:1000"), new(false, 2, "10.0.0.2:2000"));
        RunUntilNominated(left, right, Second).ShouldBeTrue();
        var last = _network.Now;
        _network.Middlebox = _ => null;

        _network
            .RunUntil(() => left.Agent.State == IceAgentState.ConsentLost, TimeSpan.FromMinutes(1))
            .ShouldBeTrue();

        (_network.Now - last).ShouldBeInRange(TimeSpan.FromSeconds(29.9), TimeSpan.FromSeconds(30.1));
        left.Agent.Selected.ShouldBeNull();
    }

    [Fact]
    public void A_pair_that_stops_answering_gives_way_to_one_that_answers()
    {
        // IPv6 opens last, so both families are valid; then it goes away
        var (left, right) = Pair(
            new(true, 1, "[2001:db8::1]:1000", "10.0.0.1:1000"),
            new(false, 2, "[2001:db8::2]:2000", "10.0.0.2:2000")
        );
        var isIPv6Open = false;
        _network.Middlebox = d => isIPv6Open || !d.Local.IsIPv6 ? d : null;
        RunUntilNominated(left, right, Second).ShouldBeTrue();
        isIPv6Open = true;
        _network.RunUntil(() => left.Agent.Selected!.LocalAddress.IsIPv6, Second * 5).ShouldBeTrue();
        _network.Run(Second);

        isIPv6Open = false;
        _network
            .RunUntil(
                () => !left.Agent.Selected!.LocalAddress.IsIPv6 && !right.Agent.Selected!.LocalAddress.IsIPv6,
                TimeSpan.FromSeconds(20)
            )
            .ShouldBeTrue();
        _network.Run(TimeSpan.FromMinutes(2));
        left.Agent.State.ShouldBe(IceAgentState.Connected);
    }

    [Theory]
    [InlineData("0.0.0.0:5")]
    [InlineData("[::]:5")]
    [InlineData("224.0.0.251:5353")]
    [InlineData("[ff02::fb]:5353")]
    [InlineData("255.255.255.255:5")]
    [InlineData("10.0.0.9:0")]
    [InlineData("127.0.0.1:5")]
    [InlineData("[::1]:5")]
    [InlineData("[fe80::1]:5")]
    public void Never_checks_an_address_that_is_not_a_peers(string address)
    {
        var left = new AgentNode(true, 1, "10.0.0.1:1000", "[2001:db8::1]:1000");
        _network.Attach(left);
        left.Agent.SetRemote(IceCredentials.Create(new SeededEntropy(3)), [], _network.Now);

        left.Agent.AddRemoteCandidate(
            new IceCandidate(IceCandidateType.Host, Addresses.Of(address), 1, "1"),
            _network.Now
        );
        _network.Run(Second);

        _network.Sent.ShouldBe(0);
        left.Agent.Pairs.ShouldBeEmpty();
    }

    [Fact]
    public void Loopback_addresses_meet_only_loopback_addresses()
    {
        var (left, right) = Pair(
            new(true, 1, "127.0.0.1:1000", "10.0.0.1:1000"),
            new(false, 2, "127.0.0.1:2000", "10.0.0.2:2000")
        );

        RunUntilNominated(left, right, Second).ShouldBeTrue();

        left.Agent.Pairs.Count.ShouldBe(2);
        left.Agent.Pairs.ShouldAllBe(pair => pair.LocalAddress.IsLoopback == pair.RemoteAddress.IsLoopback);
    }

    [Fact]
    public void Link_local_addresses_take_the_interface_of_the_own_socket()
    {
        var (left, right) = Pair(new(true, 1, "[fe80::1%3]:1000"), new(false, 2, "[fe80::2%3]:2000"));
        right.Agent.LocalCandidates.Single().Address.ScopeId.ShouldBe(3u);
        left.Agent.Pairs.Single().RemoteAddress.ScopeId.ShouldBe(3u);

        RunUntilNominated(left, right, Second).ShouldBeTrue();
    }

    [Fact]
    public void Takes_no_more_candidates_and_pairs_than_the_limits()
    {
        var left = new AgentNode(true, 1, [.. Enumerable.Range(1, 16).Select(i => $"10.0.0.{i}:1000")]);
        left.Agent.SetRemote(IceCredentials.Create(new SeededEntropy(3)), [], _network.Now);
        for (var i = 1; i <= IceLimits.MaxRemoteCandidates + 5; i++)
        {
            var address = Addresses.Of($"10.0.1.{i}:1000");
            left.Agent.AddRemoteCandidate(
                new IceCandidate(IceCandidateType.Host, address, (uint)i, "1"),
                _network.Now
            );
        }

        left.Agent.Pairs.Count.ShouldBe(IceLimits.MaxPairs);
        left.Agent.RefusedCandidates.ShouldBe(5);
    }

    [Fact]
    public void A_peer_that_checks_from_many_addresses_makes_only_so_many_candidates()
    {
        var left = new AgentNode(false, 1, "10.0.0.1:1000");
        var credentials = IceCredentials.Create(new SeededEntropy(3));
        left.Agent.SetRemote(credentials, [], _network.Now);
        for (var i = 1; i <= IceLimits.MaxPeerReflexive + 5; i++)
        {
            HandleRequest(
                left,
                credentials,
                $"10.0.1.{i}:1000",
                (ref StunMessageWriter w) => w.WritePriority(1)
            );
        }

        left.Agent.Pairs.Count.ShouldBe(IceLimits.MaxPeerReflexive);
    }

    [Fact]
    public void Early_checks_are_kept_up_to_the_limit()
    {
        var left = new AgentNode(false, 1, "10.0.0.1:1000");
        var credentials = IceCredentials.Create(new SeededEntropy(3));
        for (var i = 1; i <= IceLimits.MaxEarlyChecks + 2; i++)
        {
            HandleRequest(
                left,
                credentials,
                $"10.0.1.{i}:1000",
                (ref StunMessageWriter w) => w.WritePriority(1)
            );
        }

        left.Agent.SetRemote(credentials, [], _network.Now);

        left.Agent.Pairs.Count.ShouldBe(IceLimits.MaxEarlyChecks);
        left.Agent.Dropped.ShouldBe(2);
    }

    [Fact]
    public void Early_checks_of_another_agent_than_the_described_one_are_forgotten()
    {
        var left = new AgentNode(false, 1, "10.0.0.1:1000");
        HandleRequest(
            left,
            IceCredentials.Create(new SeededEntropy(4)),
            "10.0.1.1:1000",
            (ref StunMessageWriter w) => w.WritePriority(1)
        );

        left.Agent.SetRemote(IceCredentials.Create(new SeededEntropy(3)), [], _network.Now);

        left.Agent.Pairs.ShouldBeEmpty();
    }

    [Fact]
    public void Answers_420_to_an_unknown_attribute_that_must_be_understood()
    {
        var left = new AgentNode(false, 1, "10.0.0.1:1000");
        var answer = HandleRequest(
            left,
            IceCredentials.Create(new SeededEntropy(3)),
            "10.0.1.1:1000",
            (ref StunMessageWriter w) => w.WriteRaw((StunAttributeType)0x7123, [])
        );

        StunMessage.TryParse(answer, out var message).ShouldBeTrue();
        message.Header.Type.ShouldBe(StunMessageType.BindingError);
        message.ErrorCode.ShouldBe(420);
        message.VerifyIntegrity(left.Agent.LocalCredentials.Key).ShouldBeTrue();
        Convert.ToHexString(answer).ShouldContain("000A0002712300");
    }

    [Fact]
    public void Answers_400_to_a_check_without_priority()
    {
        var left = new AgentNode(false, 1, "10.0.0.1:1000");
        var answer = HandleRequest(
            left,
            IceCredentials.Create(new SeededEntropy(3)),
            "10.0.1.1:1000",
            (ref StunMessageWriter w) => w.WriteUseCandidate()
        );

        StunMessage.TryParse(answer, out var message).ShouldBeTrue();
        message.ErrorCode.ShouldBe(400);
    }

    [Fact]
    public void Is_silent_towards_those_who_do_not_know_the_password()
    {
        var left = new AgentNode(false, 1, "10.0.0.1:1000");
        var credentials = IceCredentials.Create(new SeededEntropy(3));
        var wrong = new IceCredentials(left.Agent.LocalCredentials.Ufrag, new string('x', 24));
        var request = IceMessages.Request(new(1, 2), credentials, wrong, 1, true, 1, useCandidate: true);

        left.Agent.HandleDatagram(_network.Now, left.Addresses[0], Addresses.Of("10.0.1.1:1000"), request);

        left.Agent.TryTakeTransmit(out _).ShouldBeFalse();
        left.Agent.Dropped.ShouldBe(1);
    }

    [Fact]
    public void Changed_messages_never_throw_and_never_validate()
    {
        var random = new Random(5);
        var (left, right) = Pair(new(true, 1, "10.0.0.1:1000"), new(false, 2, "10.0.0.2:2000"));
        _network.Middlebox = d =>
        {
            var bytes = d.Payload.ToArray();
            // before FINGERPRINT: that one alone is not what authenticates
            bytes[random.Next(bytes.Length - 8)] ^= (byte)(1 << random.Next(8));
            return d with { Payload = bytes };
        };

        _network.Run(TimeSpan.FromSeconds(16));

        left.Agent.State.ShouldBe(IceAgentState.Failed);
        right.Agent.State.ShouldBe(IceAgentState.Failed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Takes_no_answer_that_is_not_signed_by_the_peer(bool isError)
    {
        var type = isError ? StunMessageType.BindingError : StunMessageType.BindingSuccess;
        var left = new AgentNode(true, 1, "10.0.0.1:1000");
        var right = new AgentNode(false, 2, "10.0.0.2:2000");
        left.Meet(right, _network.Now);
        left.Agent.TryTakeTransmit(out var check).ShouldBeTrue();
        StunHeader.TryParse(check.Payload.Span, out var header).ShouldBeTrue();

        byte[] Answer(byte[] key)
        {
            var writer = new StunMessageWriter(new byte[200], type, header.TransactionId);
            writer.WriteMappedAddress(left.Addresses[0]);
            writer.WriteErrorCode(StunErrorCode.RoleConflict);
            return writer.Finish(key).ToArray();
        }

        left.Agent.HandleDatagram(
            _network.Now,
            left.Addresses[0],
            right.Addresses[0],
            Answer(left.Agent.LocalCredentials.Key)
        );
        left.Agent.Dropped.ShouldBe(1);
        left.Agent.State.ShouldBe(IceAgentState.Checking);
        left.Agent.IsControlling.ShouldBeTrue();

        left.Agent.HandleDatagram(
            _network.Now,
            left.Addresses[0],
            right.Addresses[0],
            Answer(right.Agent.LocalCredentials.Key)
        );
        left.Agent.Dropped.ShouldBe(1);
        left.Agent.IsControlling.ShouldBe(!isError);
    }

    [Theory]
    [InlineData("0.0.0.0:1")]
    [InlineData("10.0.0.1:0")]
    public void Refuses_own_addresses_that_no_socket_has(string address) =>
        Should.Throw<ArgumentException>(() => new AgentNode(true, 1, address));

    [Fact]
    public void Refuses_more_own_addresses_than_the_limit_and_the_same_twice()
    {
        var many = Enumerable.Range(1, IceLimits.MaxLocalCandidates + 1).Select(i => $"10.0.0.1:{i}");
        Should.Throw<ArgumentException>(() => new AgentNode(true, 1, [.. many]));
        Should.Throw<ArgumentException>(() => new AgentNode(true, 1, "10.0.0.1:1", "10.0.0.1:1"));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Connects_over_a_path_that_loses_a_fifth(int seed)
    {
        var network = new VirtualNetwork(
            seed,
            TimeSpan.FromMilliseconds(5),
            TimeSpan.FromMilliseconds(60),
            loss: 0.2,
            duplication: 0.1
        );
        var left = new AgentNode(true, seed, "10.0.0.1:1000", "10.1.0.1:1000");
        var right = new AgentNode(seed % 2 == 0, seed + 1000, "10.0.0.2:2000");
        network.Attach(left);
        network.Attach(right);
        left.Meet(right, network.Now);
        right.Meet(left, network.Now);

        network
            .RunUntil(
                () =>
                    left.Agent.Selected is { IsNominated: true }
                    && right.Agent.Selected is { IsNominated: true },
                TimeSpan.FromSeconds(5)
            )
            .ShouldBeTrue($"seed {seed}");
        network.Run(TimeSpan.FromMinutes(3));
        left.Agent.State.ShouldBe(IceAgentState.Connected);
    }

    /// <summary>Entropy whose first draw, the tie-breaker, is always the same.</summary>
    private sealed class EqualFirstDraw(int seed) : IEntropy
    {
        private readonly SeededEntropy _later = new(seed);
        private bool _drawn;

        public void Fill(Span<byte> destination)
        {
            destination.Clear();
            if (_drawn)
            {
                _later.Fill(destination);
            }

            _drawn = true;
        }
    }

    private delegate void Write(ref StunMessageWriter writer);

    /// <summary>Gives an agent an authentic request with any content; returns what it answers.</summary>
    private byte[] HandleRequest(AgentNode node, IceCredentials from, string address, Write write)
    {
        var buffer = new byte[StunMessage.MaxSize];
        var id = new StunTransactionId(9, (ulong)address.GetHashCode(StringComparison.Ordinal));
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, id);
        writer.WriteUsername(node.Agent.LocalCredentials.Ufrag, from.Ufrag);
        write(ref writer);
        var request = writer.Finish(Encoding.ASCII.GetBytes(node.Agent.LocalCredentials.Password));
        node.Agent.HandleDatagram(_network.Now, node.Addresses[0], Addresses.Of(address), request);
        node.Agent.TryTakeTransmit(out var answer).ShouldBeTrue();
        return answer.Payload.ToArray();
    }
}
