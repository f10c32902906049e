using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Vectors;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Identity;

public sealed class IdentityTests
{
    private static readonly VectorFile Vectors = VectorFile.Load("identity.txt");
    private static readonly OwnIdentity Alice = TestIdentities.Alice;
    private static readonly OwnIdentity Bob = TestIdentities.Bob;

    [Fact]
    public void A_peer_id_is_the_hash_of_both_keys()
    {
        Alice.Public.ToArray().ShouldBe(Vectors.Bytes("alice public"));
        Alice.PeerId.Value.ToArray().ShouldBe(Vectors.Bytes("alice id"));
        Bob.PeerId.Value.ToArray().ShouldBe(Vectors.Bytes("bob id"));
    }

    [Fact]
    public void Is_restored_from_its_scalars()
    {
        Alice.ExportSigningScalar().ShouldBe(Vectors.Bytes("alice signing scalar"));
        Alice.ExportAgreementScalar().ShouldBe(Vectors.Bytes("alice agreement scalar"));
    }

    [Fact]
    public void Both_sides_derive_the_known_pair_secrets()
    {
        foreach (var secrets in new[] { Alice.PairWith(Bob.Public), Bob.PairWith(Alice.Public) })
        {
            secrets.Signal.TagKey.ToArray().ShouldBe(Vectors.Bytes("pair tag"));
            secrets.Signal.SignalKey.ToArray().ShouldBe(Vectors.Bytes("pair signal"));
            secrets.Signal.KnockKey.ToArray().ShouldBe(Vectors.Bytes("pair knock"));
            secrets.DirectRoomId.Value.ToArray().ShouldBe(Vectors.Bytes("pair direct room id"));
        }

        PairSecrets
            .DeriveKey(Vectors.Bytes("ecdh"), Bob.PeerId, Alice.PeerId)
            .ShouldBe(Vectors.Bytes("pair key"));
    }

    [Fact]
    public void Different_pairs_have_different_secrets()
    {
        var withMallory = Alice.PairWith(TestIdentities.Mallory.Public);
        withMallory.DirectRoomId.ShouldNotBe(Alice.PairWith(Bob.Public).DirectRoomId);
    }

    [Fact]
    public void Has_no_pair_with_itself() =>
        Should.Throw<ArgumentException>(() => Alice.PairWith(Alice.Public));

    [Fact]
    public void Reads_back_a_public_identity()
    {
        PublicIdentity.TryParse(Alice.Public.ToArray(), out var read).ShouldBeTrue();
        read.ShouldBe(Alice.Public);
        read.SigningKey.ToArray().ShouldBe(Vectors.Bytes("alice public")[..65]);
        read.AgreementKey.ToArray().ShouldBe(Vectors.Bytes("alice public")[65..]);
    }

    [Fact]
    public void Refuses_a_public_identity_of_another_size_or_with_a_bad_point()
    {
        var bytes = Alice.Public.ToArray();
        PublicIdentity.TryParse(bytes.AsSpan(1), out _).ShouldBeFalse();
        PublicIdentity.TryParse([.. bytes, 0], out _).ShouldBeFalse();
        foreach (var at in new[] { 0, 64, 65, 129 })
        {
            var bad = bytes.ToArray();
            bad[at] ^= 1;
            PublicIdentity.TryParse(bad, out _).ShouldBeFalse($"byte {at}");
        }
    }

    [Fact]
    public void The_two_keys_are_never_the_same_scalar()
    {
        var scalar = Vectors.Bytes("alice signing scalar");
        var keys = new SystemKeySource();
        var (signing, agreement) = (keys.ImportSigningKey(scalar), keys.ImportAgreementKey(scalar));
        PublicIdentity
            .TryParse([.. signing.PublicKey.Span, .. agreement.PublicKey.Span], out _)
            .ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new OwnIdentity(signing, agreement));

        var made = OwnIdentity.Create(keys);
        made.ExportSigningScalar().ShouldNotBe(made.ExportAgreementScalar());
    }

    [Fact]
    public void Certifies_an_author_of_one_room_and_no_other()
    {
        var room = new RoomId(Fill(0x11));
        var author = AuthorId.Of(Bob.Public.SigningKey.Span);
        author.Value.ToArray().ShouldBe(Vectors.Bytes("author id"));
        Alice.Public.VerifyAuthor(room, author, Vectors.Bytes("certificate")).ShouldBeTrue();

        var certificate = Alice.CertifyAuthor(room, author);
        Alice.Public.VerifyAuthor(room, author, certificate).ShouldBeTrue();
        Alice.Public.VerifyAuthor(new RoomId(Fill(0x12)), author, certificate).ShouldBeFalse();
        Alice.Public.VerifyAuthor(room, new AuthorId(Fill(1)), certificate).ShouldBeFalse();
        Bob.Public.VerifyAuthor(room, author, certificate).ShouldBeFalse();
    }

    [Fact]
    public void Commits_to_an_identity_with_a_blind() =>
        IdentityCommitment
            .Of(Alice.PeerId, Fill(0x22))
            .ToArray()
            .ShouldBe(Vectors.Bytes("identity commitment"));

    [Fact]
    public void The_safety_number_is_known_and_the_same_on_both_sides()
    {
        SafetyNumber.Format(Alice.PeerId, Bob.PeerId).ShouldBe(Vectors.Text("safety number"));
        SafetyNumber.Format(Bob.PeerId, Alice.PeerId).ShouldBe(Vectors.Text("safety number"));
        SafetyNumber.Of(Alice.PeerId, Bob.PeerId).Length.ShouldBe(SafetyNumber.Groups);
    }

    private static Bytes32 Fill(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
