using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Paths that fall silent while nobody's own address changes: seconds, not consent checks, decide how long that is felt.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TransportAddress Inside = Addresses.Of("10.0.0.1:1000");

    private static (ConnectionPair Pair, ushort Channel) Connected(
        string[]? offerers = null,
        string[]? answerers = null
    )
    {
        var pair = new ConnectionPair(
            new VirtualNetwork(minDelay: TimeSpan.FromMilliseconds(5)),
            new ConnectionNode(true, 1, offerers ?? ["10.0.0.1:1000"]),
            new ConnectionNode(false, 2, answerers ?? ["10.0.0.2:2000"])
        ).Connect();
        var channel = pair.Offerer.Connection.OpenChannel("x", pair.Network.Now);
        pair.Network.Run(TimeSpan.FromMinutes(1)); // all is calm, and the next consent check seconds away
        return (pair, channel);
    }

    /// <summary>From now on the NAT before the offerer shows it by another address, and takes nothing in for the one before.</summary>
    private static void Renumber(ConnectionPair pair, string address)
    {
        var outside = Addresses.Of(address);
        pair.Network.Middlebox = d =>
            d.Local == Inside ? d with { Local = outside }
            : d.Remote == outside ? d with { Remote = Inside }
            : null;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Behind_a_NAT_with_a_new_address_what_is_said_arrives_within_a_second_and_the_answer_within_two(
        bool isOfferer
    )
    {
        // who controls decides about the pair; both cases have to be as fast
        var (pair, channel) = isOfferer
            ? Connected()
            : Connected(offerers: ["10.0.0.2:2000"], answerers: ["10.0.0.1:1000"]);
        var (mover, other) = isOfferer ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);
        Renumber(pair, "10.9.9.9:4000");

        mover.Connection.Send(channel, true, "here now"u8, pair.Network.Now);
        pair.Network.RunUntil(() => other.Messages.Any(), Second).ShouldBeTrue();
        other.Connection.Send(channel, true, "I see"u8, pair.Network.Now);
        pair.Network.RunUntil(() => mover.Messages.Any(), 2 * Second).ShouldBeTrue();

        pair.Network.Run(Second);
        other.Connection.SelectedRemote.ShouldBe(Addresses.Of("10.9.9.9:4000"));
        other.Connection.SilentSince.ShouldBeNull();
    }

    [Fact]
    public void A_NAT_that_changes_its_address_thirty_times_is_followed_each_time()
    {
        var (pair, channel) = Connected();
        for (var i = 1; i <= 30; i++)
        {
            Renumber(pair, $"10.9.9.{i}:4000");
            pair.Offerer.Connection.Send(channel, true, "again"u8, pair.Network.Now);
            pair.Network.RunUntil(() => pair.Answerer.Messages.Count() == i, 0.5 * Second)
                .ShouldBeTrue($"the message after change {i} arrives");
            pair.Answerer.Connection.Send(channel, true, "seen"u8, pair.Network.Now);
            pair.Network.RunUntil(() => pair.Offerer.Messages.Count() == i, Second)
                .ShouldBeTrue($"the answer after change {i} arrives");
            if (i % 3 == 0)
            {
                pair.Network.Run(2 * Second); // now and then it changes again at once
            }
        }

        pair.Answerer.Closed.ShouldBeNull();
        pair.Offerer.Closed.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_a_second_path_a_first_one_that_dies_silently_costs_less_than_two_seconds(
        bool isSaidByOfferer
    )
    {
        var (pair, channel) = Connected(answerers: ["10.0.0.2:2000", "192.168.7.2:2000"]);
        pair.Offerer.Connection.SelectedRemote.ShouldBe(Addresses.Of("10.0.0.2:2000"));
        pair.Network.Middlebox = d =>
            d.Local == Addresses.Of("10.0.0.2:2000") || d.Remote == Addresses.Of("10.0.0.2:2000") ? null : d;
        var (one, other) = isSaidByOfferer ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);

        one.Connection.Send(channel, true, "by the other way"u8, pair.Network.Now);

        pair.Network.RunUntil(() => other.Messages.Any(), 2 * Second).ShouldBeTrue();
    }

    [Fact]
    public void What_waited_while_the_path_was_gone_arrives_within_a_second_and_a_half_of_its_return()
    {
        var (pair, channel) = Connected();
        pair.Network.Middlebox = _ => null;
        pair.Offerer.Connection.Send(channel, true, "later"u8, pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(18)); // the retransmission timer waits eight seconds by now

        pair.Network.Middlebox = d => d;

        pair.Network.RunUntil(() => pair.Answerer.Messages.Any(), 1.5 * Second).ShouldBeTrue();
        pair.Answerer.Messages.Count().ShouldBe(1);
    }

    [Fact]
    public void Silence_is_told_from_its_second_unanswered_check_on_and_ends_with_the_next_answer()
    {
        var (pair, _) = Connected();
        pair.Offerer.Connection.SilentSince.ShouldBeNull();
        pair.Network.Middlebox = _ => null;
        var from = pair.Network.Now;

        pair.Network.RunUntil(
                () => pair.Offerer.Connection.SilentSince is not null,
                IceLimits.ConsentInterval * (1 + IceLimits.ConsentJitter) + IceLimits.FirstProbe
            )
            .ShouldBeTrue();
        pair.Offerer.Connection.SilentSince!.Value.ShouldBeGreaterThanOrEqualTo(from);

        pair.Network.Middlebox = d => d;
        pair.Network.RunUntil(() => pair.Offerer.Connection.SilentSince is null, 1.5 * Second).ShouldBeTrue();
    }

    [Fact]
    public void A_doubt_has_the_path_checked_at_once_but_not_again_within_the_spacing()
    {
        var (pair, _) = Connected();
        var checks = 0;
        pair.Network.Middlebox = d =>
        {
            checks += d.Local == Inside && PeerConnection.TryReadStunUfrag(d.Payload.Span, out _) ? 1 : 0;
            return d;
        };

        for (var i = 0; i < 100; i++)
        {
            pair.Offerer.Connection.DoubtPath(pair.Network.Now);
        }

        pair.Network.Run(IceLimits.FirstProbe / 2);
        checks.ShouldBe(1);
        pair.Offerer.Connection.SilentSince.ShouldBeNull();
    }

    [Fact]
    public void A_silent_peer_is_checked_at_most_forty_times_before_consent_ends()
    {
        var (pair, _) = Connected();
        pair.Network.Middlebox = _ => null;
        pair.Answerer.Connection.Dispose(); // killed
        var before = pair.Network.Sent;

        pair.Network.Run(TimeSpan.FromSeconds(40));

        pair.Offerer.Closed.ShouldBe(CloseReason.ConsentLost);
        (pair.Network.Sent - before).ShouldBeLessThanOrEqualTo(40);
    }

    /// <summary>What was measured while a path was gone must not have the next outage last longer.</summary>
    [Fact]
    public void A_machine_that_gets_another_address_thirty_times_is_followed_as_quickly_the_last_time()
    {
        var (pair, channel) = Connected();
        var mover = pair.Offerer;
        for (var i = 1; i <= 30; i++)
        {
            var before = mover.Addresses.Single();
            mover.Move($"10.0.1.{i}:1000", pair.Network.Now);
            pair.Network.Middlebox = d => d.Remote == before ? null : d;
            mover.Connection.Send(channel, true, "moved"u8, pair.Network.Now);
            pair.Answerer.Connection.Send(channel, true, "where"u8, pair.Network.Now);
            pair.Network.RunUntil(
                    () => pair.Answerer.Messages.Count() == i && pair.Offerer.Messages.Count() == i,
                    Second
                )
                .ShouldBeTrue($"what was said after move {i} arrives");
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void On_a_path_that_loses_a_tenth_nobody_counts_as_silent_for_two_seconds(int seed)
    {
        var pair = new ConnectionPair(
            new VirtualNetwork(seed, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60), loss: 0.1)
        ).Connect();

        pair.Network.RunUntil(
                () =>
                    pair.Offerer.Connection.SilentSince is { } since
                    && pair.Network.Now - since >= 2 * Second,
                TimeSpan.FromMinutes(30)
            )
            .ShouldBeFalse();
        pair.Offerer.Closed.ShouldBeNull();
    }
}
