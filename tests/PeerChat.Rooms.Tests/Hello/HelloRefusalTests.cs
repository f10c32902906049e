using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Identity;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Hello;

public sealed class HelloRefusalTests
{
    private const int NameLengthAt = PublicIdentity.Size;

    [Theory]
    [InlineData(HelloContext.Contact)]
    [InlineData(HelloContext.Room)]
    [InlineData(HelloContext.Invitation)]
    [InlineData(HelloContext.OpenRoom)]
    public void Refuses_a_wrong_knock_and_sends_no_identity(HelloContext context)
    {
        var pair = new HelloPair(context, bob: p => p with { KnockKey = new byte[32] });
        pair.Run();
        HelloPair.ShouldFail(pair.Alice, HelloFailure.WrongKnock);
        HelloPair.ShouldFail(pair.Bob, HelloFailure.WrongKnock);
        pair.FromAlice.Count.ShouldBe(1);
        pair.FromBob.Count.ShouldBe(1);
    }

    [Fact]
    public void Refuses_a_strangers_knock_that_is_not_zeros() =>
        AliceSends(HelloContext.Stranger, 0, ChangeByte(28), HelloFailure.WrongKnock);

    [Fact]
    public void Refuses_a_knock_from_another_connection()
    {
        var other = Session(HelloContext.Contact, isAlice: true, connection: 2);
        other.TryTakeFrame(out var hello).ShouldBeTrue();
        AliceSends(HelloContext.Contact, 0, _ => hello!, HelloFailure.WrongKnock);
    }

    [Fact]
    public void A_man_in_the_middle_with_a_connection_to_each_side_fails_at_the_knock()
    {
        // He ends DTLS on both sides, so the two channels differ, and carries the frames over.
        var alice = Session(HelloContext.Contact, isAlice: true, connection: 1);
        var bob = Session(HelloContext.Contact, isAlice: false, connection: 2);
        alice.TryTakeFrame(out var hello).ShouldBeTrue();
        bob.HandleFrame(Instant.Origin, hello!);
        HelloPair.ShouldFail(bob, HelloFailure.WrongKnock);
    }

    [Fact]
    public void A_man_in_the_middle_of_strangers_fails_at_the_signature()
    {
        var alice = Session(HelloContext.Stranger, isAlice: true, connection: 1);
        var bob = Session(HelloContext.Stranger, isAlice: false, connection: 2);
        alice.TryTakeFrame(out var aliceHello).ShouldBeTrue();
        bob.TryTakeFrame(out var bobHello).ShouldBeTrue();
        alice.HandleFrame(Instant.Origin, bobHello!);
        bob.HandleFrame(Instant.Origin, aliceHello!);
        alice.TryTakeFrame(out var auth).ShouldBeTrue();
        bob.HandleFrame(Instant.Origin, auth!);
        HelloPair.ShouldFail(bob, HelloFailure.InvalidSignature);
    }

    [Fact]
    public void Refuses_another_context_than_the_signalling_said()
    {
        var pair = new HelloPair(HelloContext.Room, bob: p => p with { Context = HelloContext.OpenRoom });
        pair.Run();
        HelloPair.ShouldFail(pair.Alice, HelloFailure.ContextMismatch);
        HelloPair.ShouldFail(pair.Bob, HelloFailure.ContextMismatch);
    }

    [Fact]
    public void Does_not_let_a_member_come_as_a_stranger()
    {
        var stranger = HelloPair.Parameters(HelloContext.Stranger, isAlice: true);
        var pair = new HelloPair(HelloContext.Room, alice: _ => stranger);
        pair.Run();
        HelloPair.ShouldFail(pair.Bob, HelloFailure.ContextMismatch);
        pair.FromBob.Count.ShouldBe(1);
    }

    [Fact]
    public void Refuses_a_peer_that_is_too_old_or_too_new()
    {
        var pair = new HelloPair(
            HelloContext.Room,
            p => p with { Versions = new HelloVersions(1, 2, 0) },
            p => p with { Versions = new HelloVersions(3, 4, 0) }
        );
        pair.Run();
        HelloPair.ShouldFail(pair.Alice, HelloFailure.PeerTooNew);
        HelloPair.ShouldFail(pair.Bob, HelloFailure.PeerTooOld);
        pair.FromAlice.Count.ShouldBe(1);
        pair.FromBob.Count.ShouldBe(1);
    }

    [Fact]
    public void Refuses_a_first_flight_of_another_size_or_with_nonsense_in_it()
    {
        AliceSends(HelloContext.Room, 0, frame => frame[..^1], HelloFailure.MalformedHello);
        AliceSends(HelloContext.Room, 0, frame => [.. frame, 0], HelloFailure.MalformedHello);
        AliceSends(HelloContext.Room, 0, _ => [], HelloFailure.MalformedHello);
        AliceSends(HelloContext.Room, 0, frame => Set(frame, 12, 5), HelloFailure.MalformedHello);
        AliceSends(HelloContext.Room, 0, frame => Set(frame, 1, 2), HelloFailure.MalformedHello); // min above max
    }

    [Theory]
    [InlineData(1, 0)] // oldest version
    [InlineData(3, 1)] // newest version: a downgrade from 2
    [InlineData(11, 0)] // features
    public void A_downgrade_of_the_first_flight_fails_at_the_signature(int at, byte value)
    {
        HelloParameters Newer(HelloParameters p) => p with { Versions = new HelloVersions(1, 2, 1) };
        foreach (var context in new[] { HelloContext.Contact, HelloContext.Stranger })
        {
            var pair = new HelloPair(context, Newer, Newer);
            pair.Run(tamperWithAlice: (number, frame) => number == 0 ? Set(frame, at, value) : frame);
            HelloPair.ShouldFail(pair.Bob, HelloFailure.InvalidSignature);
        }

        var reverse = new HelloPair(HelloContext.Contact, Newer, Newer);
        reverse.Run(tamperWithBob: (number, frame) => number == 0 ? Set(frame, at, value) : frame);
        HelloPair.ShouldFail(reverse.Bob, HelloFailure.InvalidSignature); // alice signed what she received
    }

    [Fact]
    public void Refuses_an_echo_of_our_own_first_flight()
    {
        foreach (var context in new[] { HelloContext.Contact, HelloContext.Room, HelloContext.OpenRoom })
        {
            var session = Session(context, isAlice: true);
            session.TryTakeFrame(out var hello).ShouldBeTrue();
            session.HandleFrame(Instant.Origin, hello!);
            HelloPair.ShouldFail(session, HelloFailure.WrongKnock);
        }
    }

    [Fact]
    public void Refuses_an_echo_of_our_own_identity()
    {
        // Strangers' first flights carry no role, so the echo gets as far as the second.
        var session = Session(HelloContext.Stranger, isAlice: true);
        session.TryTakeFrame(out var hello).ShouldBeTrue();
        session.HandleFrame(Instant.Origin, hello!);
        session.TryTakeFrame(out var auth).ShouldBeTrue();
        session.HandleFrame(Instant.Origin, auth!);
        HelloPair.ShouldFail(session, HelloFailure.OwnIdentity);
    }

    [Fact]
    public void Refuses_a_copy_of_our_own_profile()
    {
        var pair = new HelloPair(HelloContext.Room, bob: p => p with { Identity = TestIdentities.Alice });
        pair.Run();
        HelloPair.ShouldFail(pair.Alice, HelloFailure.OwnCopy);
        HelloPair.ShouldFail(pair.Bob, HelloFailure.OwnCopy);
    }

    [Theory]
    [InlineData(HelloContext.Room)]
    [InlineData(HelloContext.Invitation)]
    public void Refuses_another_identity_than_the_dialled_one_and_says_who_answered(HelloContext context)
    {
        var pair = new HelloPair(
            context,
            alice: p => p with { Expected = TestIdentities.Bob.PeerId },
            bob: p => p with { Identity = TestIdentities.Mallory, Name = DisplayName.Of("bob") }
        );
        pair.Run();
        var failed = HelloPair.Only(pair.Alice).ShouldBeOfType<HelloEvent.Failed>();
        failed.Reason.ShouldBe(HelloFailure.OtherIdentity);
        failed.Peer.ShouldBe(TestIdentities.Mallory.Public);
    }

    [Fact]
    public void A_stranger_who_dialled_somebody_else_than_who_answers_learns_it()
    {
        var pair = new HelloPair(
            HelloContext.Stranger,
            alice: p => p with { Expected = null },
            bob: p => p with { Expected = TestIdentities.Mallory.PeerId }
        );
        pair.Run();
        HelloPair.ShouldFail(pair.Bob, HelloFailure.OtherIdentity);
    }

    [Fact]
    public void Refuses_a_signature_that_means_neither_us_nor_nobody()
    {
        // Alice dialled mallory and reached bob.
        var pair = new HelloPair(
            HelloContext.Room,
            alice: p => p with { Expected = TestIdentities.Mallory.PeerId }
        );
        pair.Run();
        HelloPair.ShouldFail(pair.Bob, HelloFailure.InvalidSignature);
        HelloPair.ShouldFail(pair.Alice, HelloFailure.OtherIdentity);
    }

    [Fact]
    public void Who_speaks_second_means_the_one_who_spoke_first()
    {
        // Bob's answer to alice's request is of no use towards anybody else, even on the same channel.
        var pair = new HelloPair(HelloContext.Stranger);
        pair.Run();
        pair.Bob.Accept();
        pair.Bob.TryTakeFrame(out var auth).ShouldBeTrue();
        var mallory = new HelloSession(
            Instant.Origin,
            HelloPair.Parameters(HelloContext.Stranger, isAlice: true) with
            {
                Identity = TestIdentities.Mallory,
            }
        );
        mallory.HandleFrame(Instant.Origin, pair.FromBob[0]);
        mallory.HandleFrame(Instant.Origin, auth!);
        while (mallory.TryTakeFrame(out _)) { }
        HelloPair.ShouldFail(mallory, HelloFailure.InvalidSignature);
    }

    [Fact]
    public void Refuses_a_replay_of_the_second_flight_on_another_connection()
    {
        var first = new HelloPair(HelloContext.Contact);
        first.Run();
        var again = Session(HelloContext.Contact, isAlice: false, connection: 2);
        var alice = Session(HelloContext.Contact, isAlice: true, connection: 2);
        alice.TryTakeFrame(out var hello).ShouldBeTrue();
        again.HandleFrame(Instant.Origin, hello!);
        again.HandleFrame(Instant.Origin, first.FromAlice[1]);
        while (again.TryTakeFrame(out _)) { }
        HelloPair.ShouldFail(again, HelloFailure.InvalidSignature);
    }

    [Fact]
    public void Refuses_a_signature_with_high_s() =>
        AliceSends(
            HelloContext.Contact,
            1,
            frame =>
            {
                // n − s, by subtracting twice what normalising would.
                var s = new System.Numerics.BigInteger(
                    frame.AsSpan(^32..),
                    isUnsigned: true,
                    isBigEndian: true
                );
                var n = System.Numerics.BigInteger.Parse(
                    "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
                    System.Globalization.NumberStyles.HexNumber,
                    System.Globalization.CultureInfo.InvariantCulture
                );
                var flipped = (n - s).ToByteArray(isUnsigned: true, isBigEndian: true);
                frame.AsSpan(^32..).Clear();
                flipped.CopyTo(frame.AsSpan(frame.Length - flipped.Length));
                return frame;
            },
            HelloFailure.InvalidSignature
        );

    [Fact]
    public void Refuses_a_second_flight_of_another_size()
    {
        AliceSends(HelloContext.Contact, 1, frame => [.. frame, 0], HelloFailure.MalformedAuth);
        AliceSends(HelloContext.Contact, 1, frame => frame[..^1], HelloFailure.MalformedAuth);
        AliceSends(HelloContext.Contact, 1, frame => frame[..130], HelloFailure.MalformedAuth);
        AliceSends(HelloContext.Contact, 1, _ => [], HelloFailure.MalformedAuth);
        AliceSends(HelloContext.Contact, 1, frame => Set(frame, NameLengthAt, 0), HelloFailure.MalformedAuth);
        AliceSends(
            HelloContext.Contact,
            1,
            frame => Set(frame, NameLengthAt, 129),
            HelloFailure.MalformedAuth
        );
        AliceSends(HelloContext.Contact, 1, frame => Set(frame, NameLengthAt, 4), HelloFailure.MalformedAuth);
    }

    [Fact]
    public void Refuses_keys_that_are_not_points() =>
        AliceSends(HelloContext.Contact, 1, ChangeByte(64), HelloFailure.InvalidKey);

    [Fact]
    public void Refuses_a_changed_name() =>
        AliceSends(
            HelloContext.Contact,
            1,
            frame => Set(frame, NameLengthAt + 1, (byte)'m'),
            HelloFailure.InvalidSignature
        );

    [Theory]
    [InlineData("_x")]
    [InlineData("x.")]
    [InlineData("a b")]
    [InlineData("e\u0301")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void Refuses_a_bad_name_under_a_good_signature(string name)
    {
        var pair = new HelloPair(HelloContext.Room);
        pair.Alice.TryTakeFrame(out var aliceHello).ShouldBeTrue();
        pair.Bob.TryTakeFrame(out var bobHello).ShouldBeTrue();
        pair.Bob.HandleFrame(Instant.Origin, aliceHello!);
        pair.Bob.TryTakeFrame(out _).ShouldBeTrue();
        pair.Bob.HandleFrame(Instant.Origin, SignedWithName(aliceHello!, bobHello!, name));
        HelloPair.ShouldFail(pair.Bob, HelloFailure.InvalidName);
    }

    [Fact]
    public void Refuses_any_changed_byte_of_either_flight()
    {
        foreach (var flight in new[] { 0, 1 })
        {
            var size = flight == 0 ? 29 : 200;
            for (var at = 0; at < size; at++)
            {
                var pair = new HelloPair(HelloContext.Contact);
                pair.Run(
                    tamperWithAlice: (number, frame) => number == flight ? ChangeByte(at)(frame) : frame
                );
                HelloPair.Only(pair.Bob).ShouldBeOfType<HelloEvent.Failed>($"flight {flight} byte {at}");
            }
        }
    }

    [Fact]
    public void Never_throws_on_frames_from_outside() =>
        Prop.ForAll<byte[], byte[]>(
                (first, second) =>
                {
                    var session = Session(HelloContext.Contact, isAlice: true);
                    session.HandleFrame(Instant.Origin, first);
                    session.HandleFrame(Instant.Origin, second);
                    return session.IsFinished;
                }
            )
            .QuickCheckThrowOnFailure();

    private static byte[] SignedWithName(byte[] clientHello, byte[] serverHello, string name)
    {
        var alice = TestIdentities.Alice;
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        byte[] message =
        [
            0,
            .. HelloPair.Channel(true).Value.ToArray(),
            .. Digest.Hash(clientHello).ToArray(),
            .. Digest.Hash(serverHello).ToArray(),
            .. alice.PeerId.Value.ToArray(),
            .. new byte[32],
            .. Digest.Hash(bytes).ToArray(),
        ];
        return [.. alice.Public.ToArray(), (byte)bytes.Length, .. bytes, .. alice.SignAuth(message)];
    }

    private static HelloSession Session(HelloContext context, bool isAlice, byte connection = 1) =>
        new(Instant.Origin, HelloPair.Parameters(context, isAlice, connection));

    private static void AliceSends(
        HelloContext context,
        int flight,
        Func<byte[], byte[]> tamper,
        HelloFailure expected
    )
    {
        var pair = new HelloPair(context);
        pair.Run(tamperWithAlice: (number, frame) => number == flight ? tamper(frame) : frame);
        HelloPair.ShouldFail(pair.Bob, expected);
    }

    private static Func<byte[], byte[]> ChangeByte(int at) => frame => Set(frame, at, (byte)(frame[at] ^ 1));

    private static byte[] Set(byte[] frame, int at, byte value)
    {
        frame[at] = value;
        return frame;
    }
}
