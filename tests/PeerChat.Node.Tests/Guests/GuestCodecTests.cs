using System.Text;
using PeerChat.Node.Guests;
using PeerChat.Rendezvous.PeerServer;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Guests;

/// <summary>Texts to and from stock PeerJS pages.</summary>
public sealed class GuestCodecTests
{
    [Theory]
    [InlineData("\"hello\"", "hello")]
    [InlineData("{\"text\":\"hello\"}", "hello")]
    [InlineData("{\"name\":\"zoe\",\"message\":\"hello\"}", "hello")]
    [InlineData("{\"kind\":1}", "{\"kind\":1}")]
    [InlineData("{\"text\":5}", "{\"text\":5}")]
    [InlineData("42", "42")]
    [InlineData("[1, 2]", "[1, 2]")]
    [InlineData("true", "true")]
    public void Reads_the_text_of_whatever_a_page_sends(string json, string text)
    {
        var codec = new GuestCodec(GuestSerialization.Json);
        codec.Read(Encoding.UTF8.GetBytes(json), isText: false).ShouldBe(GuestMessage.OfText(text));
        codec.Read(Encoding.UTF8.GetBytes(json), isText: true).ShouldBe(GuestMessage.OfText(text));
    }

    [Theory]
    [InlineData("null", nameof(GuestMessageKind.Nothing))]
    [InlineData("\"\"", nameof(GuestMessageKind.Nothing))]
    [InlineData("{\"__peerData\":{\"type\":\"close\"}}", nameof(GuestMessageKind.Close))]
    [InlineData("{\"__peerData\":{\"type\":\"other\"}}", nameof(GuestMessageKind.Malformed))]
    [InlineData("{\"__peerData\":5}", nameof(GuestMessageKind.Malformed))]
    [InlineData("hello", nameof(GuestMessageKind.Malformed))]
    [InlineData("", nameof(GuestMessageKind.Malformed))]
    [InlineData("\"\\ud800\"", nameof(GuestMessageKind.Malformed))]
    [InlineData("{\"text\":\"\\ud800\"}", nameof(GuestMessageKind.Malformed))]
    public void Other_messages_are_no_texts(string json, string kind) =>
        new GuestCodec(GuestSerialization.Json)
            .Read(Encoding.UTF8.GetBytes(json), isText: false)
            .Kind.ToString()
            .ShouldBe(kind);

    [Theory]
    [InlineData(0, nameof(GuestMessageKind.Text))]
    [InlineData(1, nameof(GuestMessageKind.TooLong))]
    public void A_text_may_be_as_long_as_any_message(int more, string kind) =>
        new GuestCodec(GuestSerialization.Raw)
            .Read(
                new byte[GuestCodec.MaxTextBytes + more]
                    .Select(_ => (byte)'x')
                    .ToArray(),
                isText: true
            )
            .Kind.ToString()
            .ShouldBe(kind);

    [Theory]
    [InlineData("hi")]
    [InlineData("héllo ☃ 𝄞")]
    public void What_is_written_is_what_the_page_reads(string text)
    {
        foreach (var serialization in Enum.GetValues<GuestSerialization>())
        {
            var codec = new GuestCodec(serialization);
            var message = codec.Write(text).ShouldHaveSingleItem();
            codec.Read(message, codec.WritesText).ShouldBe(GuestMessage.OfText(text));
        }
    }

    [Fact]
    public void Json_beyond_what_pages_take_is_not_written()
    {
        var codec = new GuestCodec(GuestSerialization.Json);
        codec.Write(new string('x', GuestCodec.MaxPieceBytes - 3)).Count.ShouldBe(1);
        codec.Write(new string('x', GuestCodec.MaxPieceBytes - 2)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(16_297, 1)]
    [InlineData(16_298, 2)]
    [InlineData(65_536, 5)]
    public void A_long_text_is_cut_up_as_pages_do_and_put_together_in_any_order(int length, int pieces)
    {
        var codec = new GuestCodec(GuestSerialization.Binary);
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        var messages = codec.Write(text);
        messages.Count.ShouldBe(pieces);
        foreach (var message in messages.Reverse().SkipLast(1))
        {
            codec.Read(message, isText: false).ShouldBe(GuestMessage.Nothing);
        }

        codec.Read(messages[0], isText: false).ShouldBe(GuestMessage.OfText(text));
    }

    [Fact]
    public void Pieces_without_end_are_refused()
    {
        var codec = new GuestCodec(GuestSerialization.Binary);
        Read(codec, 1, 0, GuestCodec.MaxPieces).ShouldBe(GuestMessageKind.Nothing);
        Read(codec, 2, 0, GuestCodec.MaxPieces + 1).ShouldBe(GuestMessageKind.TooLong);
        Read(codec, 2, 0, 1_000_000_000).ShouldBe(GuestMessageKind.TooLong);
        Read(codec, 1, 0, GuestCodec.MaxPieces).ShouldBe(GuestMessageKind.Malformed, "twice");
        Read(codec, 1, 1, 2).ShouldBe(GuestMessageKind.Malformed, "of another number");
        Read(codec, 3, 0, 2).ShouldBe(GuestMessageKind.Nothing);
        Read(codec, 4, 0, 2).ShouldBe(GuestMessageKind.Malformed, "too many at once");
    }

    [Fact]
    public void A_piece_of_pieces_is_refused()
    {
        var codec = new GuestCodec(GuestSerialization.Binary);
        var inner = BinaryPack.Pack(new BinaryPackPiece(2, 0, 2, [1]));
        codec
            .Read(BinaryPack.Pack(new BinaryPackPiece(1, 0, 1, inner)), isText: false)
            .ShouldBe(GuestMessage.Malformed);
    }

    private static GuestMessageKind Read(GuestCodec codec, long id, long index, long total) =>
        codec.Read(BinaryPack.Pack(new BinaryPackPiece(id, index, total, [1])), isText: false).Kind;
}
