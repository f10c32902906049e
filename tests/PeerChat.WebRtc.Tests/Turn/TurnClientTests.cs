using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;
using PeerChat.WebRtc.Tests.Connection;
using PeerChat.WebRtc.Turn;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Turn;

public sealed class TurnClientTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TransportAddress Peer = Addresses.Of("192.0.2.5:1000");
    private static readonly byte[] Hello = "hello"u8.ToArray();

    [Fact]
    public void Gets_an_address_after_the_challenge_and_keeps_it()
    {
        var world = new TurnWorld().Allocate();
        world.Client.State.ShouldBe(TurnState.Allocated);
        world.Client.RelayedIPv4.ShouldBe(FakeTurnServer.Relayed);
        world.Client.Mapped.ShouldBe(FakeTurnServer.Mapped);

        world.Run(TimeSpan.FromHours(3));

        world.Client.State.ShouldBe(TurnState.Allocated);
        world.Client.Dropped.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Gets_and_keeps_it_on_a_path_that_loses_a_third(int seed)
    {
        var world = new TurnWorld(seed, loss: 0.18); // each way
        world.Run(TimeSpan.FromSeconds(5));
        world.Client.State.ShouldBe(TurnState.Allocated);

        world.Run(TimeSpan.FromMinutes(10));

        world.Client.State.ShouldBe(TurnState.Allocated);
    }

    [Fact]
    public void The_first_datagram_to_a_peer_waits_for_its_channel_and_arrives()
    {
        var world = new TurnWorld().Allocate();

        world.Client.Send(Peer, Hello, world.Now);
        world.Run(Second);
        world.Client.Send(Peer, Hello, world.Now);
        world.Run(Second);

        world.Server.ToPeers.Count.ShouldBe(2);
        world.Server.ToPeers.ShouldAllBe(sent => sent.Peer == Peer && sent.ByChannel);
        world.Server.Granted[StunMessageType.ChannelBindRequest].ShouldBe(1);
    }

    [Fact]
    public void Another_port_of_a_host_that_was_let_in_is_reached_at_once()
    {
        var world = new TurnWorld().Allocate();
        world.Client.Send(Peer, Hello, world.Now);
        world.Run(Second);
        world.Server.Refusals[StunMessageType.ChannelBindRequest] = StunErrorCode.InsufficientCapacity;

        world.Client.Send(Peer.WithPort(2000), Hello, world.Now);
        world.Run(Second);

        world.Server.ToPeers[^1].ByChannel.ShouldBeFalse();
    }

    [Fact]
    public void Data_of_peers_arrives_by_channel_and_by_indication()
    {
        var world = new TurnWorld().Allocate();
        world.Client.Send(Peer, Hello, world.Now);
        world.Run(Second);

        world.Server.FromPeer(Peer, "one"u8.ToArray());
        world.Server.FromPeer(Peer.WithPort(7), "two"u8.ToArray());
        world.Run(Second);

        world
            .Received.Select(got => (got.Peer, System.Text.Encoding.ASCII.GetString(got.Payload)))
            .ShouldBe([(Peer, "one"), (Peer.WithPort(7), "two")]);
    }

    [Fact]
    public void Data_of_somebody_who_was_not_let_in_is_dropped()
    {
        var world = new TurnWorld().Allocate();

        world.Server.Indicate(Peer, Hello);
        world.Give([0x40, 0x00, 0, 1, 9]);
        world.Give([0x40, 0x00, 0xFF, 0xFF, 9]);
        world.Run(Second);

        world.Received.ShouldBeEmpty();
        world.Client.Dropped.ShouldBe(3);
    }

    [Fact]
    public void A_host_that_is_permitted_can_knock_unasked()
    {
        var world = new TurnWorld().Allocate();
        world.Client.Permit(Peer, world.Now);
        world.Run(TimeSpan.FromMinutes(20));

        world.Server.FromPeer(Peer, Hello);
        world.Run(Second);

        world.Received.Single().Peer.ShouldBe(Peer);
        world.Server.Granted[StunMessageType.CreatePermissionRequest].ShouldBe(6); // once in four minutes
    }

    [Fact]
    public void The_channel_of_a_peer_that_is_talked_to_is_renewed_and_that_of_a_silent_one_is_not()
    {
        var world = new TurnWorld().Allocate();
        world.Client.Send(Peer, Hello, world.Now);
        for (var i = 0; i < 20; i++)
        {
            world.Run(TimeSpan.FromMinutes(1));
            world.Client.Send(Peer.WithPort(2), Hello, world.Now);
        }

        // the first one was bound once and renewed once, the second one at the beginning and every four minutes
        world.Server.Granted[StunMessageType.ChannelBindRequest].ShouldBe(2 + 5);
    }

    [Theory]
    [InlineData(StunErrorCode.AllocationQuotaReached, TurnFailure.Full)]
    [InlineData(StunErrorCode.InsufficientCapacity, TurnFailure.Full)]
    [InlineData(StunErrorCode.Forbidden, TurnFailure.Refused)]
    [InlineData(StunErrorCode.WrongCredentials, TurnFailure.Credentials)]
    [InlineData(StunErrorCode.BadRequest, TurnFailure.Refused)]
    internal void A_refusal_is_told_by_its_reason(StunErrorCode code, TurnFailure failure)
    {
        var world = new TurnWorld(set: server =>
            server.Refusals[StunMessageType.AllocateRequest] = code
        ).Allocate();

        world.Client.State.ShouldBe(TurnState.Closed);
        world.Client.Failure.ShouldBe(failure);
        world.Client.ErrorCode.ShouldBe((int)code);
        world.Client.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void A_wrong_password_is_tried_once_and_no_more()
    {
        var world = new TurnWorld(password: "wrong").Allocate();

        world.Client.Failure.ShouldBe(TurnFailure.Credentials);
        world.Sent.ShouldBe(2);
    }

    [Fact]
    public void A_stale_nonce_is_replaced_wherever_it_turns_up()
    {
        var world = new TurnWorld(set: server => server.NonceUses = 1).Allocate();
        for (ushort i = 1; i < 30; i++)
        {
            world.Client.Send(Peer.WithPort(i), Hello, world.Now);
            world.Run(TimeSpan.FromSeconds(30));
        }

        world.Client.State.ShouldBe(TurnState.Allocated);
        world.Server.ToPeers.Count.ShouldBe(29);
    }

    [Fact]
    public void A_server_that_finds_every_nonce_stale_is_given_up()
    {
        var world = new TurnWorld(set: server =>
            server.Refusals[StunMessageType.AllocateRequest] = StunErrorCode.StaleNonce
        );
        world.Run(TimeSpan.FromMinutes(1));

        world.Client.State.ShouldBe(TurnState.Closed);
        world.Sent.ShouldBeLessThan(10);
    }

    [Fact]
    public void The_allocation_of_a_process_that_was_killed_gives_way()
    {
        var world = new TurnWorld(set: server => server.HasAllocation = true).Allocate();

        world.Client.State.ShouldBe(TurnState.Allocated);
        world.Server.Granted[StunMessageType.RefreshRequest].ShouldBe(1);
    }

    [Fact]
    public void Is_told_of_another_server()
    {
        var world = new TurnWorld(set: server =>
        {
            server.Refusals[StunMessageType.AllocateRequest] = StunErrorCode.TryAlternate;
            server.Alternate = Addresses.Of("203.0.113.10:3478");
        }).Allocate();

        world.Client.Alternate.ShouldBe(Addresses.Of("203.0.113.10:3478"));
    }

    [Fact]
    public void A_server_with_both_families_gives_an_address_of_each()
    {
        var world = new TurnWorld(set: server => server.HasIPv6 = true).Allocate();

        world.Client.RelayedFor(Peer).ShouldBe(FakeTurnServer.Relayed);
        world.Client.RelayedFor(Addresses.Of("[2001:db8::1]:1")).ShouldBe(FakeTurnServer.Relayed6);
    }

    [Fact]
    public void A_server_with_IPv6_alone_is_asked_for_that()
    {
        var world = new TurnWorld(set: server => (server.HasIPv4, server.HasIPv6) = (false, true)).Allocate();

        world.Client.RelayedIPv6.ShouldBe(FakeTurnServer.Relayed6);
        world.Client.RelayedIPv4.ShouldBeNull();
        world.Client.Send(Peer, Hello, world.Now);
        world.Client.Undelivered.ShouldBe(1);
    }

    [Fact]
    public void Silence_ends_the_attempt_after_five_seconds()
    {
        var world = new TurnWorld(set: server => server.IsSilent = true);
        world.Run(TimeSpan.FromSeconds(4.9));
        world.Client.State.ShouldBe(TurnState.Allocating);

        world.Run(Second);

        world.Client.Failure.ShouldBe(TurnFailure.NoAnswer);
        world.Sent.ShouldBe(4); // at 0, 0.5, 1.5 and 3.5 s
    }

    [Fact]
    public void Over_a_stream_nothing_is_repeated_and_channel_data_is_padded()
    {
        var world = new TurnWorld(isStream: true, set: server => server.IsSilent = true);
        world.Run(TimeSpan.FromSeconds(6));
        world.Sent.ShouldBe(1);

        var good = new TurnWorld(isStream: true).Allocate();
        good.Client.Send(Peer, Hello, good.Now);
        good.Run(Second);
        good.Client.Send(Peer, Hello, good.Now);
        good.Client.TryTakeTransmit(out var message).ShouldBeTrue();
        message.Length.ShouldBe(4 + 8);
    }

    [Fact]
    public void The_end_of_a_server_is_noticed_within_a_minute()
    {
        var world = new TurnWorld().Allocate();
        world.Server.IsSilent = true;

        world.Run(TimeSpan.FromSeconds(40));

        world.Client.Failure.ShouldBe(TurnFailure.NoAnswer);
    }

    [Fact]
    public void A_server_that_forgot_the_allocation_ends_it()
    {
        var world = new TurnWorld().Allocate();
        world.Server.HasAllocation = false;

        world.Run(TimeSpan.FromSeconds(30));

        world.Client.State.ShouldBe(TurnState.Closed);
        world.Client.ErrorCode.ShouldBe((int)StunErrorCode.AllocationMismatch);
    }

    [Fact]
    public void A_success_that_is_signed_wrongly_counts_for_nothing()
    {
        var world = new TurnWorld(set: server => server.SignsWrongly = true);
        world.Run(TimeSpan.FromSeconds(6));

        world.Client.Failure.ShouldBe(TurnFailure.NoAnswer);
        world.Client.Dropped.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void An_answer_to_another_transaction_counts_for_nothing()
    {
        var world = new TurnWorld();
        var buffer = new byte[200];
        var writer = new StunMessageWriter(buffer, (StunMessageType)0x0113, new StunTransactionId(1, 2));
        writer.WriteErrorCode(StunErrorCode.Forbidden);
        world.Give(writer.FinishUnsigned().ToArray());
        world.Allocate();

        world.Client.State.ShouldBe(TurnState.Allocated);
        world.Client.Dropped.ShouldBe(1);
    }

    [Fact]
    public void A_peer_that_is_refused_is_not_asked_for_again_for_a_minute()
    {
        var world = new TurnWorld().Allocate();
        world.Server.Refusals[StunMessageType.ChannelBindRequest] = StunErrorCode.Forbidden;
        var before = world.Sent;
        for (var i = 0; i < 50; i++)
        {
            world.Client.Send(Peer, Hello, world.Now);
            world.Run(Second);
        }

        (world.Sent - before).ShouldBeLessThanOrEqualTo(1 + 2); // and two refreshes
        world.Client.Undelivered.ShouldBe(50);
    }

    [Fact]
    public void No_more_datagrams_wait_for_a_permission_than_the_limit()
    {
        var world = new TurnWorld().Allocate();
        for (var i = 0; i < TurnLimits.MaxHeldPerPeer + 3; i++)
        {
            world.Client.Send(Peer, Hello, world.Now);
        }

        world.Run(Second);

        world.Server.ToPeers.Count.ShouldBe(TurnLimits.MaxHeldPerPeer);
        world.Client.Undelivered.ShouldBe(3);
    }

    [Fact]
    public void No_more_peers_are_let_in_than_the_limit()
    {
        var world = new TurnWorld().Allocate();
        for (ushort port = 1; port <= TurnLimits.MaxPeers + 10; port++)
        {
            world.Client.Send(Peer.WithPort(port), Hello, world.Now);
        }

        world.Run(Second);

        world.Client.Undelivered.ShouldBe(10);
        world.Server.Granted[StunMessageType.ChannelBindRequest].ShouldBe(TurnLimits.MaxPeers);
    }

    [Fact]
    public void The_address_is_given_back_at_the_end()
    {
        var world = new TurnWorld().Allocate();

        world.Client.Release(world.Now);
        world.Run(Second);

        world.Server.HasAllocation.ShouldBeFalse();
        world.Client.State.ShouldBe(TurnState.Closed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_garbage_throws_or_ends_the_allocation(int seed)
    {
        var world = new TurnWorld(seed).Allocate();
        var random = new Random(seed);
        for (var i = 0; i < 5_000; i++)
        {
            var garbage = new byte[random.Next(0, 120)];
            random.NextBytes(garbage);
            if (garbage.Length > 20 && random.Next(2) == 0)
            {
                garbage[0] = (byte)random.Next(0, 2);
                garbage[2] = 0;
                garbage[3] = (byte)(garbage.Length - 20);
                new byte[] { 0x21, 0x12, 0xA4, 0x42 }.CopyTo(garbage, 4);
            }

            world.Give(garbage);
        }

        world.Run(TimeSpan.FromMinutes(1));
        world.Client.State.ShouldBe(TurnState.Allocated);
        world.Received.ShouldBeEmpty();
    }
}
