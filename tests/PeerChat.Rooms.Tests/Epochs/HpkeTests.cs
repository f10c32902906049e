using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Tests.Rooms;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Epochs;

public class HpkeTests
{
    // RFC 9180 appendix A.3.1, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0.
    private const string SkEm = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb";
    private const string PkEm =
        "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4";
    private const string SkRm = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
    private const string PkRm =
        "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
    private const string Info = "4f6465206f6e2061204772656369616e2055726e";
    private const string Pt = "4265617574792069732074727574682c20747275746820626561757479";
    private const string Aad = "436f756e742d30";
    private const string Ct =
        "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434";

    [Fact]
    public void Seals_as_in_RFC_9180_appendix_A_3_1()
    {
        var box = Hpke.Seal(
            new FixedKey(SkEm),
            Bytes(PkRm),
            Bytes(Info),
            Bytes(Aad),
            Bytes(Pt),
            HpkeAead.Aes128Gcm
        );

        Convert.ToHexStringLower(box!.Value.EncapsulatedKey).ShouldBe(PkEm);
        Convert.ToHexStringLower(box.Value.Ciphertext).ShouldBe(Ct);
    }

    [Fact]
    public void Opens_as_in_RFC_9180_appendix_A_3_1()
    {
        var recipient = new SystemKeySource().ImportAgreementKey(Bytes(SkRm));
        var opened = Hpke.Open(
            recipient,
            Bytes(PkEm),
            Bytes(Info),
            Bytes(Aad),
            Bytes(Ct),
            HpkeAead.Aes128Gcm
        );

        Convert.ToHexStringLower(opened!).ShouldBe(Pt);
    }

    [Fact]
    public void Seals_and_opens_with_AES_256_GCM_and_nothing_may_differ()
    {
        var keys = new SeededKeySource(1);
        var recipient = keys.NewAgreementKey();
        var (enc, ct) = Hpke.Seal(keys, recipient.PublicKey.Span, "i"u8, "a"u8, "p"u8)!.Value;

        Hpke.Open(recipient, enc, "i"u8, "a"u8, ct).ShouldBe("p"u8.ToArray());
        Hpke.Open(recipient, enc, "j"u8, "a"u8, ct).ShouldBeNull();
        Hpke.Open(recipient, enc, "i"u8, "b"u8, ct).ShouldBeNull();
        Hpke.Open(keys.NewAgreementKey(), enc, "i"u8, "a"u8, ct).ShouldBeNull();
        Hpke.Open(recipient, keys.NewAgreementKey().PublicKey.Span, "i"u8, "a"u8, ct).ShouldBeNull();
        Hpke.Open(recipient, enc, "i"u8, "a"u8, ct.AsSpan(..^1)).ShouldBeNull();
        Hpke.Open(recipient, enc, "i"u8, "a"u8, []).ShouldBeNull();
        Hpke.Open(recipient, [], "i"u8, "a"u8, ct).ShouldBeNull();
        Hpke.Open(recipient, enc, "i"u8, "a"u8, ct, HpkeAead.Aes128Gcm).ShouldBeNull();
    }

    [Fact]
    public void Refuses_a_recipient_that_is_no_point_of_the_curve()
    {
        var point = Bytes(PkRm);
        point[^1] ^= 1;
        Hpke.Seal(new SeededKeySource(1), point, [], [], []).ShouldBeNull();
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private sealed class FixedKey(string scalar) : IKeySource
    {
        private readonly SystemKeySource _system = new();

        public IAgreementKey NewAgreementKey() => _system.ImportAgreementKey(Bytes(scalar));

        public ISigningKey NewSigningKey() => throw new InvalidOperationException();

        public ISigningKey ImportSigningKey(ReadOnlySpan<byte> scalar) =>
            throw new InvalidOperationException();

        public IAgreementKey ImportAgreementKey(ReadOnlySpan<byte> scalar) =>
            throw new InvalidOperationException();
    }
}
