using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;
using PeerChat.Rooms.Tests.Identity;
using PeerChat.Rooms.Tests.Vectors;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Signalling;

public sealed class SignalTests
{
    private const uint Day = 20_000;
    private static readonly VectorFile Vectors = VectorFile.Load("signalling.txt");
    private static readonly SignalKeys Keys = TestIdentities.Alice.PairWith(TestIdentities.Bob.Public).Signal;
    private static readonly SignalTag Tag = SignalTag.Compute(
        Keys,
        Rung.PeerServer,
        Day,
        TestIdentities.Bob.PeerId
    );

    [Fact]
    public void Tags_are_the_known_ones()
    {
        Tag.ToArray().ShouldBe(Vectors.Bytes("peer server tag"));
        SignalTag.Compute(Keys, Rung.Tracker, Day, null).ToArray().ShouldBe(Vectors.Bytes("tracker tag"));
        SignalTag.TryParse(Tag.ToArray(), out var read).ShouldBeTrue();
        read.ShouldBe(Tag);
        SignalTag.TryParse(new byte[21], out _).ShouldBeFalse();
    }

    [Fact]
    public void Tags_differ_by_secret_rung_day_and_listener()
    {
        var other = SignalKeys.From(new byte[32]);
        new[]
        {
            Tag,
            SignalTag.Compute(other, Rung.PeerServer, Day, TestIdentities.Bob.PeerId),
            SignalTag.Compute(Keys, Rung.Tracker, Day, TestIdentities.Bob.PeerId),
            SignalTag.Compute(Keys, Rung.PeerServer, Day + 1, TestIdentities.Bob.PeerId),
            SignalTag.Compute(Keys, Rung.PeerServer, Day, TestIdentities.Alice.PeerId),
            SignalTag.Compute(Keys, Rung.PeerServer, Day, null),
        }
            .Distinct()
            .Count()
            .ShouldBe(6);
    }

    [Theory]
    [InlineData(0, 0, 0, new uint[] { Day, Day - 1 })]
    [InlineData(1, 59, 59, new uint[] { Day, Day - 1 })]
    [InlineData(2, 0, 0, new uint[] { Day })]
    [InlineData(12, 0, 0, new uint[] { Day })]
    [InlineData(21, 59, 59, new uint[] { Day })]
    [InlineData(22, 0, 0, new uint[] { Day, Day + 1 })]
    [InlineData(23, 59, 59, new uint[] { Day, Day + 1 })]
    public void The_neighbouring_day_is_used_within_2_hours_of_midnight(
        int hour,
        int minute,
        int second,
        uint[] days
    )
    {
        var now = new WallTime(Day * 86_400_000L) + new TimeSpan(hour, minute, second);
        SignalTag.DaysAt(now).ShouldBe(days);
    }

    [Fact]
    public void Days_before_the_epoch_do_no_harm()
    {
        SignalTag.DaysAt(new WallTime(0)).ShouldBe([0u]);
        SignalTag.DaysAt(new WallTime(-1_000_000_000)).ShouldBe([0u]);
    }

    [Fact]
    public void Seals_an_offer_to_the_known_blob()
    {
        var offer = SignalBody.Offer(
            KnownOfferId(),
            TestIdentities.Alice.PeerId,
            Vectors.Bytes("offer description")
        );
        offer.ToArray().ShouldBe(Vectors.Bytes("offer body"));
        offer.OfferHash.ToArray().ShouldBe(Vectors.Bytes("offer hash"));
        var blob = SealedSignal.Seal(new RepeatedByte(0x44), Keys, Tag, offer);
        blob.ShouldBe(Vectors.Bytes("offer blob"));
        blob.Length.ShouldBe(SealedSignal.SmallSize);
    }

    [Fact]
    public void Seals_a_strangers_long_answer_to_the_known_blob()
    {
        var offer = SignalBody.Offer(
            KnownOfferId(),
            TestIdentities.Alice.PeerId,
            Vectors.Bytes("offer description")
        );
        var answer = SignalBody.Answer(offer, default, Enumerable.Repeat((byte)'a', 1_000).ToArray());
        var blob = SealedSignal.Seal(new RepeatedByte(0x55), Keys, Tag, answer);
        blob.Length.ShouldBe(SealedSignal.LargeSize);
        Digest.Hash(blob).ToArray().ShouldBe(Vectors.Bytes("answer blob hash"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(900)]
    [InlineData(1_000)]
    [InlineData(SignalBody.MaxDescriptionSize)]
    public void Opens_what_was_sealed(int size)
    {
        var offer = Offer(size);
        foreach (
            var body in new[]
            {
                offer,
                SignalBody.Answer(offer, TestIdentities.Bob.PeerId, new byte[size]),
                SignalBody.Decline(offer, default),
            }
        )
        {
            var blob = SealedSignal.Seal(new SeededEntropy(1), Keys, Tag, body);
            new SignalOpener()
                .TryOpen(Instant.Origin, Keys, Tag, blob, out var opened)
                .ShouldBe(SignalRefusal.None);
            opened!.Type.ShouldBe(body.Type);
            opened.OfferId.ShouldBe(body.OfferId);
            opened.Sender.ShouldBe(body.Sender);
            opened.Description.ToArray().ShouldBe(body.Description.ToArray());
            opened.OfferHash.ShouldBe(offer.OfferHash);
        }
    }

    [Fact]
    public void There_are_two_sizes_on_the_wire_and_no_more()
    {
        var sizes = new[] { 1, 500, 900, 930, 960, 1_500, SignalBody.MaxDescriptionSize }.Select(size =>
            SealedSignal.Seal(new SeededEntropy(1), Keys, Tag, Offer(size)).Length
        );
        sizes.Distinct().Order().ShouldBe([1_104, 2_128]);
        Should.Throw<ArgumentException>(() => Offer(SignalBody.MaxDescriptionSize + 1));
        Should.Throw<ArgumentException>(() => Offer(0));
    }

    [Fact]
    public void A_blob_opens_under_its_own_tag_and_key_only()
    {
        var blob = SealedSignal.Seal(new SeededEntropy(1), Keys, Tag, Offer(10));
        var opener = new SignalOpener();
        var otherTag = SignalTag.Compute(Keys, Rung.PeerServer, Day + 1, TestIdentities.Bob.PeerId);
        opener.TryOpen(Instant.Origin, Keys, otherTag, blob, out _).ShouldBe(SignalRefusal.WrongKey);
        opener
            .TryOpen(Instant.Origin, SignalKeys.From(new byte[32]), Tag, blob, out _)
            .ShouldBe(SignalRefusal.WrongKey);
        opener.Refused.ShouldBe(2);
    }

    [Fact]
    public void Checks_size_then_commitment_then_ciphertext_then_form()
    {
        var opener = new SignalOpener();
        var blob = SealedSignal.Seal(new SeededEntropy(1), Keys, Tag, Offer(10));
        opener.TryOpen(Instant.Origin, Keys, Tag, blob.AsSpan(1), out _).ShouldBe(SignalRefusal.WrongSize);
        opener.TryOpen(Instant.Origin, Keys, Tag, Changed(blob, 0), out _).ShouldBe(SignalRefusal.WrongKey);
        opener.TryOpen(Instant.Origin, Keys, Tag, Changed(blob, 63), out _).ShouldBe(SignalRefusal.WrongKey);
        opener
            .TryOpen(Instant.Origin, Keys, Tag, Changed(blob, 64), out _)
            .ShouldBe(SignalRefusal.NotAuthentic);
        opener
            .TryOpen(Instant.Origin, Keys, Tag, Changed(blob, 1_103), out _)
            .ShouldBe(SignalRefusal.NotAuthentic);

        byte[] nonsense = [0, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[1_017]];
        Open(nonsense).ShouldBe(SignalRefusal.Malformed);
        Open(SignalPadding.Pad(Offer(10).ToArray())).ShouldBe(SignalRefusal.None);
    }

    [Fact]
    public void Refuses_padding_that_is_not_zero_a_length_past_the_end_and_a_size_too_great()
    {
        var padded = SignalPadding.Pad(Offer(10).ToArray());
        Open(Changed(padded, 1_023)).ShouldBe(SignalRefusal.Malformed);
        Open([0xFF, 0xFF, .. padded[2..]]).ShouldBe(SignalRefusal.Malformed);
        Open([.. padded, .. new byte[1_024]]).ShouldBe(SignalRefusal.Malformed);
    }

    [Fact]
    public void Refuses_a_body_with_fields_of_a_wrong_size()
    {
        var good = new PeerChat.Rooms.Signalling.Frames.SignalFrame
        {
            Type = 2,
            OfferId = Bytes(16),
            Sender = Bytes(32),
            Description = Bytes(10),
            OfferHash = Bytes(32),
        };
        Parses(good).ShouldBeTrue();
        foreach (
            var spoil in new Action<PeerChat.Rooms.Signalling.Frames.SignalFrame>[]
            {
                frame => frame.Type = 0,
                frame => frame.Type = 4,
                frame => frame.Type = 0x8000_0002,
                frame => frame.Type = 1, // an offer with the hash of an offer
                frame => frame.Type = 3, // a decline with a description
                frame => frame.OfferId = Bytes(15),
                frame => frame.Sender = Bytes(0),
                frame => frame.Sender = Bytes(33),
                frame => frame.Description = Bytes(0),
                frame => frame.Description = Bytes(SignalBody.MaxDescriptionSize + 1),
                frame => frame.OfferHash = Bytes(0),
                frame => frame.OfferHash = Bytes(31),
            }
        )
        {
            var bad = good.Clone();
            spoil(bad);
            Parses(bad).ShouldBeFalse(bad.ToString());
        }
    }

    [Fact]
    public void Never_throws_on_a_body_from_outside() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                _ = SignalBody.TryParse(bytes, out _);
                _ = SignalPadding.TryUnpad(bytes, out _);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Only_offers_are_answered()
    {
        var decline = SignalBody.Decline(Offer(1), default);
        Should.Throw<ArgumentException>(() => SignalBody.Decline(decline, default));
        Should.Throw<ArgumentException>(() => SignalBody.Answer(decline, default, new byte[1]));
    }

    [Fact]
    public void A_burst_under_one_tag_is_limited_before_the_commitment()
    {
        var opener = new SignalOpener();
        var noise = new byte[SealedSignal.SmallSize];
        var now = Instant.Origin;
        for (var i = 0; i < SignalOpener.CommitmentBurst; i++)
        {
            opener.TryOpen(now, Keys, Tag, noise, out _).ShouldBe(SignalRefusal.WrongKey);
        }

        opener.TryOpen(now, Keys, Tag, noise, out _).ShouldBe(SignalRefusal.RateLimited);
        var otherTag = SignalTag.Compute(Keys, Rung.Lan, Day, null);
        opener.TryOpen(now, Keys, otherTag, noise, out _).ShouldBe(SignalRefusal.WrongKey);

        now += SignalOpener.CommitmentInterval;
        opener.TryOpen(now, Keys, Tag, noise, out _).ShouldBe(SignalRefusal.WrongKey);
        opener.TryOpen(now, Keys, Tag, noise, out _).ShouldBe(SignalRefusal.RateLimited);
    }

    [Fact]
    public void A_burst_with_the_right_key_is_limited_before_the_decryption()
    {
        var opener = new SignalOpener();
        var blob = SealedSignal.Seal(new SeededEntropy(1), Keys, Tag, Offer(10));
        for (var i = 0; i < SignalOpener.DecryptionBurst; i++)
        {
            opener.TryOpen(Instant.Origin, Keys, Tag, blob, out _).ShouldBe(SignalRefusal.None);
        }

        opener.TryOpen(Instant.Origin, Keys, Tag, blob, out _).ShouldBe(SignalRefusal.RateLimited);
        var later = Instant.Origin + SignalOpener.DecryptionInterval;
        opener.TryOpen(later, Keys, Tag, blob, out _).ShouldBe(SignalRefusal.None);
    }

    [Fact]
    public void Remembers_a_bounded_number_of_tags_and_forgets_idle_ones()
    {
        var opener = new SignalOpener();
        var noise = new byte[SealedSignal.SmallSize];
        for (uint i = 0; i < SignalOpener.MaxTags; i++)
        {
            opener
                .TryOpen(Instant.Origin, Keys, new SignalTag(i, 0), noise, out _)
                .ShouldBe(SignalRefusal.WrongKey);
        }

        opener.TryOpen(Instant.Origin, Keys, Tag, noise, out _).ShouldBe(SignalRefusal.RateLimited);
        var later = Instant.Origin + SignalOpener.CommitmentInterval;
        opener.TryOpen(later, Keys, Tag, noise, out _).ShouldBe(SignalRefusal.WrongKey);
    }

    [Fact]
    public void Bare_names_give_the_known_keys_in_either_order()
    {
        var keys = BareNames.DeriveExpensively(DisplayName.Of("bob"), DisplayName.Of("alice"));
        keys.TagKey.ToArray().ShouldBe(Vectors.Bytes("bare tag key"));
        var (one, other) = (DisplayName.Of("alice"), DisplayName.Of("bob"));
        BareNames.SecretOf(one, other, 10).ShouldBe(BareNames.SecretOf(other, one, 10));
        BareNames.SecretOf(one, other, 10).ShouldNotBe(BareNames.SecretOf(one, one, 10));
        BareNames.Rounds.ShouldBe(600_000);
    }

    [Fact]
    public void Bare_names_are_compared_in_form_C()
    {
        var composed = BareNames.SecretOf(DisplayName.Of("é"), DisplayName.Of("bob"), 10);
        BareNames.SecretOf(DisplayName.Of("e\u0301"), DisplayName.Of("bob"), 10).ShouldBe(composed);
    }

    [Fact]
    public void An_open_room_gives_the_known_id_and_secrets()
    {
        var room = OpenRoomSecrets.DeriveExpensively(DisplayName.Of("dev"));
        room.RoomId.Value.ToArray().ShouldBe(Vectors.Bytes("open room id"));
        room.EpochSecret.ToArray().ShouldBe(Vectors.Bytes("open epoch secret"));
        room.RendezvousSecret.ToArray().ShouldBe(Vectors.Bytes("open rendezvous secret"));
        room.Signal.TagKey.ToArray().ShouldBe(Vectors.Bytes("open tag key"));
        var another = OpenRoomSecrets.Derive(DisplayName.Of("dev2"), 10);
        another.RoomId.ShouldNotBe(OpenRoomSecrets.Derive(DisplayName.Of("dev"), 10).RoomId);
    }

    [Fact]
    public void A_secret_has_32_bytes() =>
        Should.Throw<ArgumentException>(() => SignalKeys.From(new byte[31]));

    private static SignalBody Offer(int size) =>
        SignalBody.Offer(OfferId.Create(new SeededEntropy(7)), TestIdentities.Alice.PeerId, new byte[size]);

    private static OfferId KnownOfferId()
    {
        OfferId.TryParse(Vectors.Bytes("offer id"), out var id).ShouldBeTrue();
        return id;
    }

    private static SignalRefusal Open(byte[] padded)
    {
        var blob = Sealing.Seal(
            new SeededEntropy(1),
            Keys.SignalKey.Span,
            "signal",
            Tag.ToArray(),
            [],
            padded
        );
        return new SignalOpener().TryOpen(Instant.Origin, Keys, Tag, blob, out _);
    }

    private static bool Parses(PeerChat.Rooms.Signalling.Frames.SignalFrame frame) =>
        SignalBody.TryParse(Google.Protobuf.MessageExtensions.ToByteArray(frame), out _);

    private static Google.Protobuf.ByteString Bytes(int size) =>
        Google.Protobuf.ByteString.CopyFrom(Enumerable.Repeat((byte)1, size).ToArray());

    private static byte[] Changed(byte[] bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 1;
        return changed;
    }

    private sealed class RepeatedByte(byte value) : IEntropy
    {
        public void Fill(Span<byte> destination) => destination.Fill(value);
    }
}
