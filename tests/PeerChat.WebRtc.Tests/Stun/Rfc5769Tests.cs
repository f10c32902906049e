using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Stun;

/// <summary>The test vectors of RFC 5769.</summary>
public sealed class Rfc5769Tests
{
    private const string Request =
        "000100582112a442b7e7a701bc34d686fa87dfae"
        + "802200105354554e207465737420636c69656e74"
        + "002400046e0001ff"
        + "80290008932ff9b151263b36"
        + "000600096576746a3a68367659202020"
        + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
        + "80280004e57a3bcf";

    private const string IPv4Response =
        "0101003c2112a442b7e7a701bc34d686fa87dfae"
        + "8022000b7465737420766563746f7220"
        + "002000080001a147e112a643"
        + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
        + "80280004c07d4c96";

    private const string IPv6Response =
        "010100482112a442b7e7a701bc34d686fa87dfae"
        + "8022000b7465737420766563746f7220"
        + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
        + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
        + "80280004c8fb0b4c";

    private const string LongTermRequest =
        "000100602112a44278ad3433c6ad72c029da412e"
        + "00060012e3839ee38388e383aae38383e382afe382b90000"
        + "0015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b"
        + "6578616d706c652e6f726700"
        + "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666";

    private static readonly byte[] Password = Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt");

    [Fact]
    public void Reads_the_request_of_section_2_1()
    {
        StunMessage.TryParse(Convert.FromHexString(Request), out var message).ShouldBeTrue();

        message.Header.Type.ShouldBe(StunMessageType.BindingRequest);
        message.HasUsername.ShouldBeTrue();
        Encoding.UTF8.GetString(message.Username).ShouldBe("evtj:h6vY");
        message.Priority.ShouldBe(0x6e0001ffu);
        message.IceControlled.ShouldBe(0x932ff9b151263b36ul);
        message.IceControlling.ShouldBeNull();
        message.HasFingerprint.ShouldBeTrue();
        message.UnknownAttributes.IsEmpty.ShouldBeTrue();
        message.VerifyIntegrity(Password).ShouldBeTrue();
        message.VerifyIntegrity("another password......"u8).ShouldBeFalse();
    }

    [Fact]
    public void Reads_the_responses_of_sections_2_2_and_2_3()
    {
        StunMessage.TryParse(Convert.FromHexString(IPv4Response), out var message).ShouldBeTrue();
        message.MappedAddress.ShouldBe(new TransportAddress(IPAddress.Parse("192.0.2.1"), 32853));
        message.VerifyIntegrity(Password).ShouldBeTrue();

        StunMessage.TryParse(Convert.FromHexString(IPv6Response), out message).ShouldBeTrue();
        message.MappedAddress.ShouldBe(
            new TransportAddress(IPAddress.Parse("2001:db8:1234:5678:11:2233:4455:6677"), 32853)
        );
        message.VerifyIntegrity(Password).ShouldBeTrue();
    }

    [Fact]
    [SuppressMessage("Security", "CA5351", Justification = "RFC 8489 section 9.2.2 makes the key so.")]
    public void Checks_the_request_of_section_2_4_and_does_not_know_its_realm_and_nonce()
    {
        var key = MD5.HashData(Encoding.UTF8.GetBytes("マトリックス:example.org:TheMatrIX"));

        StunMessage.TryParse(Convert.FromHexString(LongTermRequest), out var message).ShouldBeTrue();

        message.VerifyIntegrity(key).ShouldBeTrue();
        message.HasFingerprint.ShouldBeFalse();
        message.UnknownAttributes.ToArray().ShouldBe([(ushort)0x0015, (ushort)0x0014]);
    }

    /// <summary>The others pad with spaces, where we write zeros.</summary>
    [Fact]
    public void Makes_the_request_of_section_2_4_byte_for_byte()
    {
        var vector = Convert.FromHexString(LongTermRequest);
        var key = LongTermCredentials.DeriveKey("マトリックス", "example.org", "TheMatrIX", useSha256: false);
        var writer = new StunMessageWriter(
            new byte[256],
            StunMessageType.BindingRequest,
            StunTransactionId.Read(vector.AsSpan(8))
        );
        writer.WriteText(StunAttributeType.Username, "マトリックス");
        writer.WriteText(StunAttributeType.Nonce, "f//499k954d6OL34oL9FSTvy64sA");
        writer.WriteText(StunAttributeType.Realm, "example.org");

        var built = writer.Finish(key); // which adds FINGERPRINT, that the vector does not have

        built[4..vector.Length].SequenceEqual(vector.AsSpan(4)).ShouldBeTrue();
        StunServerMessage.TryParse(vector, out var message).ShouldBeTrue();
        message.VerifyIntegrity(key).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Request)]
    [InlineData(IPv4Response)]
    [InlineData(IPv6Response)]
    public void Notices_every_flipped_bit(string vector)
    {
        var bytes = Convert.FromHexString(vector);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            (StunMessage.TryParse(bytes, out var message) && message.HasFingerprint).ShouldBeFalse(
                $"bit {bit}"
            );
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
