using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Rooms;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Epochs;

public class EpochBytesTests
{
    private static readonly RoomId Room = new(Of(7));

    [Fact]
    public void A_wrap_opens_for_its_recipient_sender_and_seq_only()
    {
        var keys = new SeededKeySource(1);
        var leaf = keys.NewAgreementKey();
        var secrets = new SeededEntropy(1).Bytes(64);
        var (sender, recipient) = (new AuthorId(Of(1)), new AuthorId(Of(2)));
        var wrap = SecretWrap.Seal(keys, Room, sender, 5, recipient, leaf.PublicKey.Span, secrets)!;

        wrap.Open(leaf, Room, sender, 5).ShouldBe(secrets);
        wrap.Open(leaf, Room, sender, 6).ShouldBeNull();
        wrap.Open(leaf, Room, recipient, 5).ShouldBeNull();
        wrap.Open(leaf, new RoomId(Of(8)), sender, 5).ShouldBeNull();
        (wrap with { Recipient = sender }).Open(leaf, Room, sender, 5).ShouldBeNull();
        wrap.Open(keys.NewAgreementKey(), Room, sender, 5).ShouldBeNull();
        SecretWrap.Size.ShouldBe(32 + 65 + 80);
    }

    [Fact]
    public void A_payload_is_strictly_ascending_by_recipient()
    {
        var (one, two) = (Wrap(1), Wrap(2));

        EpochPayload.TryParse(new EpochPayload([one, two]).Write(), out var payload).ShouldBeTrue();
        payload.Wraps.Select(w => w.Recipient).ShouldBe([one.Recipient, two.Recipient]);
        EpochPayload.TryParse(new EpochPayload([two, one]).Write(), out _).ShouldBeFalse();
        EpochPayload.TryParse(new EpochPayload([one, one]).Write(), out _).ShouldBeFalse();
        EpochPayload.TryParse([], out _).ShouldBeFalse();
        EpochPayload.TryParse([.. new EpochPayload([one]).Write(), 0], out _).ShouldBeFalse();
    }

    [Fact]
    public void No_input_makes_the_parsers_throw() =>
        Prop.ForAll<byte[]>(noise =>
            {
                _ = EpochPayload.TryParse(noise, out _);
                _ = SecretWrap.TryParse(noise, out _);
                return true;
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_step_is_one_way_and_a_secret_opens_no_generation_before_its_own()
    {
        var first = new EpochSecret(0, Of(1).ToArray(), Of(2).ToArray());
        var later = new EpochSecret(2, first.At(2)!, Of(2).ToArray());

        first.At(0).ShouldBe(Of(1).ToArray());
        first.At(1).ShouldBe(Digest.Expand(Of(1).ToArray(), Label.Of("step"), 32));
        later.At(3).ShouldBe(first.At(3));
        later.At(1).ShouldBeNull();
    }

    [Fact]
    public void A_header_cannot_make_us_step_without_end()
    {
        var secret = new EpochSecret(0, Of(1).ToArray(), Of(2).ToArray());
        secret.At(EpochSecret.MaxSteps).ShouldNotBeNull();
        secret.At(EpochSecret.MaxSteps + 1).ShouldBeNull();
        secret.At(uint.MaxValue).ShouldBeNull();
    }

    [Fact]
    public void The_commit_is_bound_to_the_room()
    {
        var s = Of(1).ToArray();
        EpochSecret
            .CommitOf(s, Room)
            .ShouldBe(new Bytes32(Digest.Expand(s, [.. Label.Of("commit"), .. Room.Value.ToArray()], 32)));
        EpochSecret.CommitOf(s, Room).ShouldNotBe(EpochSecret.CommitOf(s, new RoomId(Of(8))));
    }

    [Fact]
    public void Step_and_commit_have_the_known_answers()
    {
        // Vectors of our own, for a second implementation: s_0 is 32 bytes of 01, the room id 32 bytes of 07.
        var secret = new EpochSecret(0, Of(1).ToArray(), Of(2).ToArray());
        Convert
            .ToHexStringLower(secret.At(1)!)
            .ShouldBe("08632620c77dbea06d35fe75ab40d61e4bfc1fc9269e2909870b9e744ec2fdb8");
        EpochSecret
            .CommitOf(Of(1).ToArray(), Room)
            .ToString()
            .ShouldBe("ff3bb563f610419564f79a17233410497d562cd102ea245dfa578d01d131ba68");
    }

    private static SecretWrap Wrap(byte recipient) =>
        new(new AuthorId(Of(recipient)), new byte[65], new byte[80]);

    private static Bytes32 Of(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
