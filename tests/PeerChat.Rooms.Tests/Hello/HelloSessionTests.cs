using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Identity;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Hello;

public sealed class HelloSessionTests
{
    private const int AuthMinSize = 196;

    public static TheoryData<HelloContext> AllContexts => [.. Enum.GetValues<HelloContext>()];

    [Theory]
    [InlineData(HelloContext.Contact)]
    [InlineData(HelloContext.Room)]
    [InlineData(HelloContext.OpenRoom)]
    [InlineData(HelloContext.Invitation)]
    public void Both_sides_know_each_other_at_the_end(HelloContext context)
    {
        var pair = new HelloPair(context);
        pair.Run();
        HelloPair.ShouldKnow(pair.Alice, TestIdentities.Bob, "bob").Version.ShouldBe((ushort)1);
        HelloPair.ShouldKnow(pair.Bob, TestIdentities.Alice, "alice").Version.ShouldBe((ushort)1);
    }

    [Theory]
    [MemberData(nameof(AllContexts))]
    public void The_first_flight_leaves_both_sides_at_once_with_29_bytes_and_no_identity(HelloContext context)
    {
        var pair = new HelloPair(context);
        foreach (var session in new[] { pair.Alice, pair.Bob })
        {
            session.TryTakeFrame(out var hello).ShouldBeTrue();
            hello!.Length.ShouldBe(29);
            hello[12].ShouldBe((byte)context);
            session.TryTakeFrame(out _).ShouldBeFalse("no identity before the peer's knock held");
        }
    }

    [Theory]
    [InlineData(HelloContext.Contact)]
    [InlineData(HelloContext.Room)]
    [InlineData(HelloContext.OpenRoom)]
    public void Contact_and_room_identify_both_at_once(HelloContext context)
    {
        var pair = new HelloPair(context);
        var (alice, bob) = ExchangeHello(pair);
        alice.ShouldNotBeNull();
        bob.ShouldNotBeNull();
        alice.Length.ShouldBeGreaterThanOrEqualTo(AuthMinSize);
    }

    [Fact]
    public void In_an_invitation_the_inviter_identifies_first()
    {
        var pair = new HelloPair(HelloContext.Invitation);
        var (joiner, inviter) = ExchangeHello(pair);
        joiner.ShouldBeNull();
        pair.Alice.HandleFrame(Instant.Origin, inviter!);
        pair.Alice.TryTakeFrame(out _).ShouldBeTrue();
    }

    [Fact]
    public void A_joiner_stays_unknown_to_somebody_else_than_the_inviter()
    {
        var pair = new HelloPair(
            HelloContext.Invitation,
            bob: p => p with { Identity = TestIdentities.Mallory }
        );
        pair.Run();
        pair.FromAlice.Count.ShouldBe(1);
        HelloPair.ShouldFail(pair.Alice, HelloFailure.OtherIdentity);
    }

    [Fact]
    public void A_stranger_identifies_first_and_the_acceptor_only_after_the_user_agreed()
    {
        var pair = new HelloPair(HelloContext.Stranger);
        pair.Run();
        pair.FromAlice.Count.ShouldBe(2);
        pair.FromBob.Count.ShouldBe(1);
        var request = HelloPair.Only(pair.Bob).ShouldBeOfType<HelloEvent.RequestReceived>();
        request.Peer.ShouldBe(TestIdentities.Alice.Public);
        request.Name.ToString().ShouldBe("alice");
        pair.Bob.IsRequestPending.ShouldBeTrue();

        pair.Bob.Accept();
        HelloPair.ShouldKnow(pair.Bob, TestIdentities.Alice, "alice");
        pair.Run();
        HelloPair.ShouldKnow(pair.Alice, TestIdentities.Bob, "bob");
    }

    [Fact]
    public void A_declined_stranger_never_learns_who_declined()
    {
        var pair = new HelloPair(HelloContext.Stranger);
        pair.Run();
        pair.Bob.TryTakeEvent(out _).ShouldBeTrue();
        pair.Bob.Decline();
        HelloPair.ShouldFail(pair.Bob, HelloFailure.Declined);
        pair.FromBob.Count.ShouldBe(1);
        pair.Alice.HandleClosed();
        HelloPair.ShouldFail(pair.Alice, HelloFailure.RequestNotAccepted);
    }

    [Fact]
    public void Only_a_pending_request_is_accepted_or_declined()
    {
        var pair = new HelloPair(HelloContext.Stranger);
        Should.Throw<InvalidOperationException>(pair.Bob.Accept);
        Should.Throw<InvalidOperationException>(pair.Bob.Decline);
        pair.Run();
        Should.Throw<InvalidOperationException>(pair.Alice.Accept);
        pair.Bob.Accept();
        Should.Throw<InvalidOperationException>(pair.Bob.Accept);
    }

    [Fact]
    public void A_stranger_that_talks_on_while_its_request_waits_is_refused()
    {
        var pair = new HelloPair(HelloContext.Stranger);
        pair.Run();
        pair.Bob.TryTakeEvent(out _).ShouldBeTrue();
        pair.Bob.HandleFrame(Instant.Origin, pair.FromAlice[1]);
        HelloPair.ShouldFail(pair.Bob, HelloFailure.UnexpectedFrame);
    }

    [Fact]
    public void The_version_is_the_smaller_of_the_two_maxima_and_features_are_the_common_ones()
    {
        var pair = new HelloPair(
            HelloContext.Room,
            p => p with { Versions = new HelloVersions(1, 5, 0b0110) },
            p => p with { Versions = new HelloVersions(2, 3, 0b0011) }
        );
        pair.Run();
        var authenticated = HelloPair.ShouldKnow(pair.Alice, TestIdentities.Bob, "bob");
        authenticated.Version.ShouldBe((ushort)3);
        authenticated.Features.ShouldBe(0b0010UL);
        HelloPair.ShouldKnow(pair.Bob, TestIdentities.Alice, "alice").Version.ShouldBe((ushort)3);
    }

    [Fact]
    public void A_hello_has_15_seconds()
    {
        var session = new HelloPair(HelloContext.Contact).Alice;
        var deadline = Instant.Origin + TimeSpan.FromSeconds(15);
        session.NextDeadline.ShouldBe(deadline);
        session.HandleDeadline(deadline - TimeSpan.FromMilliseconds(1));
        session.IsFinished.ShouldBeFalse();
        session.HandleDeadline(deadline);
        HelloPair.ShouldFail(session, HelloFailure.TimedOut);
    }

    [Fact]
    public void The_15_seconds_are_not_renewed_by_the_first_flight_and_bind_without_a_timer_too()
    {
        var pair = new HelloPair(HelloContext.Contact);
        var (_, auth) = ExchangeHello(pair);
        pair.Alice.NextDeadline.ShouldBe(Instant.Origin + HelloSession.Timeout);
        pair.Alice.HandleFrame(Instant.Origin + HelloSession.Timeout, auth!);
        HelloPair.ShouldFail(pair.Alice, HelloFailure.TimedOut);
    }

    [Fact]
    public void A_request_waits_for_the_user_without_a_deadline()
    {
        var pair = new HelloPair(HelloContext.Stranger);
        pair.Run();
        pair.Bob.NextDeadline.ShouldBeNull();
        pair.Alice.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void A_stranger_that_never_identifies_has_15_seconds_like_everybody()
    {
        var pair = new HelloPair(HelloContext.Stranger);
        pair.Alice.TryTakeFrame(out var hello).ShouldBeTrue();
        pair.Bob.HandleFrame(Instant.Origin, hello!);
        pair.Bob.NextDeadline.ShouldBe(Instant.Origin + HelloSession.Timeout);
    }

    [Fact]
    public void A_connection_that_closes_early_fails_the_hello()
    {
        var session = new HelloPair(HelloContext.Room).Alice;
        session.TryTakeFrame(out _);
        session.HandleClosed();
        HelloPair.ShouldFail(session, HelloFailure.Closed);
    }

    [Fact]
    public void Frames_after_the_hello_belong_to_somebody_else()
    {
        var pair = new HelloPair(HelloContext.Room);
        pair.Run();
        Should.Throw<InvalidOperationException>(() => pair.Alice.HandleFrame(Instant.Origin, [1]));
        pair.Alice.HandleClosed();
        HelloPair.ShouldKnow(pair.Alice, TestIdentities.Bob, "bob");
    }

    [Fact]
    public void Refuses_parameters_that_do_not_fit_the_context()
    {
        RefusesParameters(HelloContext.Contact, p => p with { Expected = null });
        RefusesParameters(HelloContext.Invitation, p => p with { Expected = null });
        RefusesParameters(HelloContext.Contact, p => p with { Expected = TestIdentities.Alice.PeerId });
        RefusesParameters(HelloContext.Contact, p => p with { Expected = default(PeerId) });
        RefusesParameters(HelloContext.Room, p => p with { KnockKey = default });
        RefusesParameters(HelloContext.Room, p => p with { KnockKey = new byte[31] });
        RefusesParameters(HelloContext.Stranger, p => p with { KnockKey = new byte[32] });
        RefusesParameters(HelloContext.Room, p => p with { Versions = new HelloVersions(2, 1, 0) });
        RefusesParameters(HelloContext.Room, p => p with { Context = (HelloContext)5 });
    }

    [Fact]
    public void The_channel_binding_depends_on_both_certificates_and_the_exporter()
    {
        var (a, b, e) = (Digest.Hash("a"u8), Digest.Hash("b"u8), new byte[32]);
        var values = new[]
        {
            ChannelBinding.Derive(true, a, b, e).Value,
            ChannelBinding.Derive(true, b, a, e).Value,
            ChannelBinding.Derive(true, a, a, e).Value,
            ChannelBinding.Derive(true, a, b, Digest.Hash(e).ToArray()).Value,
        };
        values.Distinct().Count().ShouldBe(4);
        ChannelBinding.Derive(false, a, b, e).Value.ShouldBe(values[0]);
        Should.Throw<ArgumentException>(() => ChannelBinding.Derive(true, a, b, new byte[31]));
    }

    private static (byte[]? FromAlice, byte[]? FromBob) ExchangeHello(HelloPair pair)
    {
        pair.Alice.TryTakeFrame(out var alice).ShouldBeTrue();
        pair.Bob.TryTakeFrame(out var bob).ShouldBeTrue();
        pair.Alice.HandleFrame(Instant.Origin, bob!);
        pair.Bob.HandleFrame(Instant.Origin, alice!);
        pair.Alice.TryTakeFrame(out var aliceAuth);
        pair.Bob.TryTakeFrame(out var bobAuth);
        return (aliceAuth, bobAuth);
    }

    private static void RefusesParameters(
        HelloContext context,
        Func<HelloParameters, HelloParameters> change
    ) => Should.Throw<ArgumentException>(() => new HelloPair(context, alice: change));
}
