using System.Security.Cryptography;
using PeerChat.WebRtc.Stun;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Stun;

/// <summary>The vector of RFC 8489 appendix B.1, and long-term credentials (section 9.2).</summary>
public sealed class Rfc8489Tests
{
    // "Matrix" in Katakana, and the password as OpaqueString prepares it
    private const string Username = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";
    private const string Password = "TheMatrIX";
    private const string Realm = "example.org";
    private const string Nonce = "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA";

    private static readonly byte[] Request = Convert.FromHexString(
        "0001009c2112a44278ad3433c6ad72c029da412e"
            + "001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704"
            + "001500296f624d61744a6f7332414141"
            + "43662f2f3439396b39353464364f4c33346f4c394653547679363473"
            + "41000000"
            + "0014000b6578616d706c652e6f726700"
            + "001c0020e4686c8f0edeb59013e07090010a93efccbccc544c0a45d9f830aa6d6f735a01"
    );

    /// <summary>
    /// The header of the vector counts itself (156 where section 5 says 136), and its signature was made so. Hence it cannot be parsed; its
    /// parts are checked.
    /// </summary>
    [Fact]
    public void Makes_the_user_hash_and_the_key_of_appendix_B_1()
    {
        var signature = Request.Length - StunIntegrity.Sha256Size;
        var key = LongTermCredentials.DeriveKey(Username, Realm, Password, useSha256: true);

        RawStun
            .Find(Request, StunAttributeType.UserHash)
            .ShouldBe(LongTermCredentials.HashUser(Username, Realm));
        HMACSHA256.HashData(key, Request.AsSpan(0, signature - 4)).ShouldBe(Request[signature..]);
        StunServerMessage.TryParse(Request, out _).ShouldBeFalse();
    }

    [Fact]
    public void Signs_and_verifies_that_request_with_the_right_length()
    {
        var buffer = new byte[256];
        var key = LongTermCredentials.DeriveKey(Username, Realm, Password, useSha256: true);
        var id = StunTransactionId.Read(Request.AsSpan(8));
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, id);
        writer.WriteRaw(StunAttributeType.UserHash, LongTermCredentials.HashUser(Username, Realm));
        writer.WriteText(StunAttributeType.Nonce, Nonce);
        writer.WriteText(StunAttributeType.Realm, Realm);
        var built = writer.FinishSha256(key).ToArray();

        var signature = Request.Length - StunIntegrity.Sha256Size;
        built[4..signature].ShouldBe(Request[4..signature]);
        StunServerMessage.TryParse(built, out var message).ShouldBeTrue();
        message.VerifySha256(key).ShouldBeTrue();
        message.VerifySha256([.. key, 1]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(20, true)]
    [InlineData(32, true)]
    [InlineData(12, false)]
    [InlineData(18, false)]
    public void A_cut_signature_counts_down_to_sixteen_bytes(int size, bool counts)
    {
        byte[] key = [1, 2, 3];
        var before = new byte[StunHeader.Size];
        new StunHeader(StunMessageType.BindingRequest, 0, default).Write(before);
        var value = new byte[32];
        StunIntegrity.ComputeSha256(before, key, size, value);
        var message = new byte[StunHeader.Size + 4 + ((size + 3) & ~3)];
        new StunHeader(
            StunMessageType.BindingRequest,
            (ushort)(message.Length - StunHeader.Size),
            default
        ).Write(message);
        (message[21], message[23]) = (0x1C, (byte)size);
        value.AsSpan(0, size).CopyTo(message.AsSpan(24));

        (StunServerMessage.TryParse(message, out var parsed) && parsed.VerifySha256(key)).ShouldBe(counts);
    }

    [Theory]
    [InlineData("plain", false, false)]
    [InlineData("obMatJos2AAAAx", false, false)] // the cookie, and no feature
    [InlineData("obMatJos2gAAAx", true, false)] // bit 0, the leftmost one: password algorithms (section 18.1)
    [InlineData("obMatJos2QAAAx", false, true)] // bit 1: the name is not to be seen
    [InlineData("obMatJos2wAAAx", true, true)]
    public void Does_what_the_nonce_promises(string nonce, bool sha256, bool hidden)
    {
        var credentials = new LongTermCredentials("alice", "secret");
        credentials.TryTake(Challenge(nonce, algorithms: [0, 1, 0, 0, 0, 2, 0, 0])).ShouldBeTrue();

        var buffer = new byte[512];
        var writer = new StunMessageWriter(buffer, StunMessageType.AllocateRequest, default);
        credentials.Write(ref writer);
        var request = credentials.Finish(ref writer).ToArray();

        credentials.UsesSha256.ShouldBe(sha256);
        RawStun.Has(request, StunAttributeType.MessageIntegritySha256).ShouldBe(sha256);
        RawStun.Has(request, StunAttributeType.PasswordAlgorithms).ShouldBe(sha256);
        RawStun.Has(request, StunAttributeType.UserHash).ShouldBe(hidden);
        RawStun.Has(request, StunAttributeType.Username).ShouldBe(!hidden);
    }

    [Fact]
    public void Refuses_a_nonce_that_promises_algorithms_which_somebody_took_out()
    {
        var credentials = new LongTermCredentials("alice", "secret");

        credentials.TryTake(Challenge("obMatJos2gAAAx", algorithms: [])).ShouldBeFalse();
        credentials.TryTake(Challenge("obMatJos2gAAAx", algorithms: [0, 9, 0, 0])).ShouldBeFalse();
        credentials.TryTake(Challenge("obMatJos2gAAAx", algorithms: [0, 1, 0, 9])).ShouldBeFalse();
        credentials.IsChallenged.ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_challenge_without_realm_or_nonce_or_with_too_long_ones()
    {
        var credentials = new LongTermCredentials("alice", "secret");

        credentials.TryTake(Challenge("", [])).ShouldBeFalse();
        credentials
            .TryTake(Challenge(new string('n', LongTermCredentials.MaxTextBytes + 1), []))
            .ShouldBeFalse();
        credentials.TryTake(Challenge(new string('n', LongTermCredentials.MaxTextBytes), [])).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_mutation_of_a_message_throws_or_passes_for_signed(int seed)
    {
        var random = new Random(seed);
        byte[] key = [1, 2, 3];
        var writer = new StunMessageWriter(new byte[256], StunMessageType.BindingRequest, default);
        writer.WriteText(StunAttributeType.Nonce, Nonce);
        writer.WriteText(StunAttributeType.Realm, Realm);
        var whole = writer.FinishSha256(key).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = whole.ToArray();
            var at = random.Next(bytes.Length - 8); // what follows the signature is not protected
            bytes[at] ^= (byte)(1 << random.Next(8));
            var cut = bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);

            (StunServerMessage.TryParse(cut, out var message) && message.VerifySha256(key)).ShouldBeFalse();
        }
    }

    private static StunServerMessage Challenge(string nonce, byte[] algorithms)
    {
        StunServerMessage.TryParse(ChallengeBytes(nonce, algorithms), out var message).ShouldBeTrue();
        return message;
    }

    internal static byte[] ChallengeBytes(string nonce, byte[] algorithms)
    {
        var buffer = new byte[1400];
        var writer = new StunMessageWriter(buffer, (StunMessageType)0x0113, default);
        writer.WriteErrorCode(StunErrorCode.Unauthenticated);
        if (nonce.Length > 0)
        {
            writer.WriteText(StunAttributeType.Nonce, nonce);
        }

        writer.WriteText(StunAttributeType.Realm, Realm);
        if (algorithms.Length > 0)
        {
            writer.WriteRaw(StunAttributeType.PasswordAlgorithms, algorithms);
        }

        return writer.FinishUnsigned().ToArray();
    }
}
