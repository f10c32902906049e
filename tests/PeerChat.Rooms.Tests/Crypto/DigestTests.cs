using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Tests.Vectors;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Crypto;

public sealed class DigestTests
{
    [Theory]
    [InlineData("case 1")]
    [InlineData("case 2")]
    public void Expands_as_in_appendix_A_of_RFC_5869(string name)
    {
        var vectors = VectorFile.Load("hkdf.txt");
        var expected = vectors.Bytes(name + " okm");
        Digest
            .Expand(vectors.Bytes(name + " prk"), vectors.Bytes(name + " info"), expected.Length)
            .ShouldBe(expected);
    }

    [Fact]
    public void Derives_with_an_empty_salt_as_in_case_3_of_appendix_A_of_RFC_5869()
    {
        var vectors = VectorFile.Load("hkdf.txt");
        Digest.Derive(vectors.Bytes("case 3 ikm"), [], 42).ShouldBe(vectors.Bytes("case 3 okm"));
    }

    [Fact]
    public void Labels_hashes_macs_and_sub_keys_give_the_known_answers()
    {
        var vectors = VectorFile.Load("sealing.txt");
        var key = vectors.Bytes("key");
        Label.Of("tag").ShouldBe(vectors.Bytes("label tag"));
        Digest.Labelled("idc", key).ToArray().ShouldBe(vectors.Bytes("hash idc"));
        Digest.Mac(key, "knock", vectors.Bytes("ctx")).ShouldBe(vectors.Bytes("mac knock"));
        Digest.Sub(key, "tag").ShouldBe(vectors.Bytes("sub tag"));
    }
}
