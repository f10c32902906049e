using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files;

public sealed class CidTests
{
    [Theory]
    [InlineData("")]
    [InlineData("bafkrei")]
    [InlineData("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn")] // CIDv0
    [InlineData("zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA")] // base 58
    [InlineData("BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU")] // upper case
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk1")] // no digit
    [InlineData("bafyreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")] // dag-cbor
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv")] // unused bits set
    public void Refuses_what_the_profile_does_not_make(string text) =>
        Cid.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("", 0x0000000000000000UL)]
    [InlineData("hello", 0xcbd8a7b341bd9b02UL)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0xe34bbc7bbc071b6cUL)]
    public void Murmur3_has_the_published_values(string text, ulong hash) =>
        HamtShard.HashOf(text).ShouldBe(hash);

    [Fact]
    public void A_number_has_one_form()
    {
        ReadOnlySpan<byte> longer = [0x81, 0x00];
        Varint.TryRead(ref longer, out _).ShouldBeFalse();
        ReadOnlySpan<byte> tooBig = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
        Varint.TryRead(ref tooBig, out _).ShouldBeFalse();
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        foreach (var value in (ulong[])[0, 1, 127, 128, 16_384, uint.MaxValue, ulong.MaxValue])
        {
            var size = Varint.Write(bytes, value);
            size.ShouldBe(Varint.SizeOf(value));
            ReadOnlySpan<byte> source = bytes[..size];
            Varint.TryRead(ref source, out var read).ShouldBeTrue();
            read.ShouldBe(value);
        }
    }
}
