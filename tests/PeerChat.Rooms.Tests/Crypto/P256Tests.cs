using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Tests.Vectors;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Crypto;

public sealed class P256Tests
{
    private static readonly VectorFile Vectors = VectorFile.Load("p256.txt");

    public static TheoryData<string> RefusedSignatures =>
        [.. Vectors.Names.Where(name => name.EndsWith(" signature", StringComparison.Ordinal))];

    public static TheoryData<string> RefusedPoints =>
        [
            .. Vectors.Names.Where(name =>
                name.EndsWith(" point", StringComparison.Ordinal)
                && !string.Equals(name, "x below p point", StringComparison.Ordinal)
            ),
        ];

    [Fact]
    public void Verifies_the_known_signature() => Verify(Vectors.Bytes("signature")).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(RefusedSignatures))]
    public void Refuses_a_signature_with_high_s_or_r_or_s_out_of_range_or_another_length(string name) =>
        Verify(Vectors.Bytes(name)).ShouldBeFalse();

    [Fact]
    public void Refuses_a_signature_under_another_label_and_over_another_message()
    {
        var (point, signature) = (Vectors.Bytes("point"), Vectors.Bytes("signature"));
        P256.Verify(point, "author", Vectors.Bytes("message"), signature).ShouldBeFalse();
        P256.Verify(point, "auth", "another message"u8, signature).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(RefusedPoints))]
    public void Refuses_points_compressed_hybrid_off_the_curve_out_of_range_or_with_trailing_bytes(
        string name
    )
    {
        var point = Vectors.Bytes(name);
        P256.IsPoint(point).ShouldBeFalse();
        P256.Verify(point, "auth", Vectors.Bytes("message"), Vectors.Bytes("signature")).ShouldBeFalse();
        new SystemKeySource().NewAgreementKey().DeriveSharedSecret(point).ShouldBeNull();
    }

    [Fact]
    public void Takes_the_point_whose_twin_is_out_of_range()
    {
        P256.IsPoint(Vectors.Bytes("x below p point")).ShouldBeTrue();
        P256.IsPoint(Vectors.Bytes("point")).ShouldBeTrue();
    }

    [Fact]
    public void Signs_with_low_s_always()
    {
        // A signer that did not normalise would pass this with probability 2^-64.
        var key = new SystemKeySource().NewSigningKey();
        for (byte i = 0; i < 64; i++)
        {
            var signature = key.Sign("auth", [i]);
            signature[32].ShouldBeLessThan((byte)0x80);
            P256.Verify(key.PublicKey.Span, "auth", [i], signature).ShouldBeTrue();
        }
    }

    [Fact]
    public void Lowers_s_to_n_minus_s()
    {
        var signature = Vectors.Bytes("high s signature");
        P256.NormalizeLowS(signature);
        signature.ShouldBe(Vectors.Bytes("signature"));
        P256.NormalizeLowS(signature);
        signature.ShouldBe(Vectors.Bytes("signature"));
    }

    [Fact]
    public void Restores_a_key_from_its_scalar()
    {
        var scalar = Vectors.Bytes("scalar");
        var keys = new SystemKeySource();
        keys.ImportSigningKey(scalar).PublicKey.ToArray().ShouldBe(Vectors.Bytes("point"));
        keys.ImportSigningKey(scalar).ExportScalar().ShouldBe(scalar);
        keys.ImportAgreementKey(scalar).PublicKey.ToArray().ShouldBe(Vectors.Bytes("point"));
        keys.ImportAgreementKey(scalar).ExportScalar().ShouldBe(scalar);
    }

    private static bool Verify(byte[] signature) =>
        P256.Verify(Vectors.Bytes("point"), "auth", Vectors.Bytes("message"), signature);
}
