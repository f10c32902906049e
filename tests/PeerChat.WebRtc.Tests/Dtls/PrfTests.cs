using System.Security.Cryptography;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class PrfTests
{
    [Fact]
    public void Agrees_with_the_public_vector_for_SHA_256()
    {
        var output = new byte[100];
        Prf.Expand(
            HashAlgorithmName.SHA256,
            Convert.FromHexString("9bbe436ba940f017b17652849a71db35"),
            "test label",
            Convert.FromHexString("a0ba9f936cda311827a6f796ffd5198c"),
            output
        );
        Convert
            .ToHexStringLower(output)
            .ShouldBe(
                "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
                    + "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
                    + "87347b66"
            );
    }

    [Fact]
    public void Agrees_with_the_public_vector_for_SHA_384()
    {
        var output = new byte[148];
        Prf.Expand(
            HashAlgorithmName.SHA384,
            Convert.FromHexString("b80b733d6ceefcdc71566ea48e5567df"),
            "test label",
            Convert.FromHexString("cd665cf6a8447dd6ff8b27555edb7465"),
            output
        );
        Convert
            .ToHexStringLower(output)
            .ShouldBe(
                "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0"
                    + "e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
                    + "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e099070"
                    + "3d73e56f"
            );
    }

    [Fact]
    public void Binds_the_master_secret_to_the_session_hash()
    {
        var suite = CipherSuite.EcdheEcdsaAes256Gcm;
        var premasterSecret = new byte[32];
        var random = new byte[32];
        using var one = new KeySchedule(suite, premasterSecret, SHA384.HashData("one"u8), random, random);
        using var same = new KeySchedule(suite, premasterSecret, SHA384.HashData("one"u8), random, random);
        using var other = new KeySchedule(suite, premasterSecret, SHA384.HashData("two"u8), random, random);
        one.Export("x", 32).ShouldBe(same.Export("x", 32));
        one.Export("x", 32).ShouldNotBe(other.Export("x", 32));

        // RFC 7627 section 4: the seed is the session hash, not the randoms.
        var masterSecret = new byte[48];
        Prf.Expand(
            HashAlgorithmName.SHA384,
            premasterSecret,
            "extended master secret",
            SHA384.HashData("one"u8),
            masterSecret
        );
        var exported = new byte[32];
        Prf.Expand(HashAlgorithmName.SHA384, masterSecret, "x", new byte[64], exported);
        one.Export("x", 32).ShouldBe(exported);
    }
}
