using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Tests.Vectors;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Crypto;

public sealed class SealingTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void Seals_to_the_known_answer_with_a_fixed_salt()
    {
        var vectors = VectorFile.Load("sealing.txt");
        var salt = new FixedEntropy(vectors.Bytes("salt"));
        var (key, context, aad) = (vectors.Bytes("key"), vectors.Bytes("ctx"), vectors.Bytes("aad"));

        var sealedBytes = Sealing.Seal(salt, key, "payload", context, aad, vectors.Bytes("pt"));

        sealedBytes.ShouldBe(vectors.Bytes("sealed"));
        sealedBytes.AsSpan(32, 32).ToArray().ShouldBe(vectors.Bytes("c"));
        Sealing.Open(key, "payload", context, aad, sealedBytes).ShouldBe(vectors.Bytes("pt"));
    }

    [Fact]
    public void Seals_nothing_to_the_known_answer()
    {
        var vectors = VectorFile.Load("sealing.txt");
        var sealedBytes = Sealing.Seal(
            new FixedEntropy(vectors.Bytes("salt")),
            vectors.Bytes("key"),
            "payload",
            [],
            [],
            []
        );
        sealedBytes.ShouldBe(vectors.Bytes("empty sealed"));
        sealedBytes.Length.ShouldBe(Sealing.Overhead);
    }

    [Fact]
    public void Refuses_any_flipped_bit()
    {
        var sealedBytes = Sealing.Seal(new SeededEntropy(1), Key, "payload", "c"u8, "a"u8, "text"u8);
        for (var bit = 0; bit < sealedBytes.Length * 8; bit++)
        {
            sealedBytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Sealing.Open(Key, "payload", "c"u8, "a"u8, sealedBytes).ShouldBeNull();
            sealedBytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Refuses_another_key_label_context_and_associated_data()
    {
        var sealedBytes = Sealing.Seal(new SeededEntropy(1), Key, "payload", "c"u8, "a"u8, "text"u8);
        byte[] other = [.. Key[1..], 0];
        Sealing.Open(other, "payload", "c"u8, "a"u8, sealedBytes).ShouldBeNull();
        Sealing.Open(Key, "signal", "c"u8, "a"u8, sealedBytes).ShouldBeNull();
        Sealing.Open(Key, "payload", "d"u8, "a"u8, sealedBytes).ShouldBeNull();
        Sealing.Open(Key, "payload", "c"u8, "b"u8, sealedBytes).ShouldBeNull();
    }

    [Fact]
    public void Commits_to_key_label_and_context_but_not_to_associated_data()
    {
        var sealedBytes = Sealing.Seal(new SeededEntropy(1), Key, "payload", "c"u8, "a"u8, "text"u8);
        byte[] other = [.. Key[1..], 0];
        Sealing.HasCommitment(Key, "payload", "c"u8, sealedBytes).ShouldBeTrue();
        Sealing.HasCommitment(other, "payload", "c"u8, sealedBytes).ShouldBeFalse();
        Sealing.HasCommitment(Key, "signal", "c"u8, sealedBytes).ShouldBeFalse();
        Sealing.HasCommitment(Key, "payload", "d"u8, sealedBytes).ShouldBeFalse();
        Sealing.HasCommitment(Key, "payload", "c"u8, sealedBytes.AsSpan(0, 79)).ShouldBeFalse();
    }

    [Fact]
    public void Uses_a_fresh_salt_each_time()
    {
        var entropy = new SeededEntropy(1);
        var first = Sealing.Seal(entropy, Key, "payload", [], [], "text"u8);
        var second = Sealing.Seal(entropy, Key, "payload", [], [], "text"u8);
        first.AsSpan(0, 32).SequenceEqual(second.AsSpan(0, 32)).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_whatever_was_not_sealed() =>
        Prop.ForAll<byte[]>(bytes => Sealing.Open(Key, "payload", [], [], bytes) is null)
            .QuickCheckThrowOnFailure();

    private sealed class FixedEntropy(byte[] bytes) : IEntropy
    {
        public void Fill(Span<byte> destination) => bytes.AsSpan(0, destination.Length).CopyTo(destination);
    }
}
