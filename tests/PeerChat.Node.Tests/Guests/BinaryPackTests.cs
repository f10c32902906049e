using System.Text;
using PeerChat.Node.Guests;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Guests;

/// <summary>The dialect of MessagePack that PeerJS pages speak. The bytes are what peerjs-js-binarypack 2.1.0 writes.</summary>
public sealed class BinaryPackTests
{
    [Theory]
    [InlineData("b5 68 65 6c 6c 6f", "\"hello\"")]
    [InlineData("b0", "\"\"")]
    [InlineData("07", "7")]
    [InlineData("ff", "-1")]
    [InlineData("e0", "-32")]
    [InlineData("cc ff", "255")]
    [InlineData("cd 01 00", "256")]
    [InlineData("ce 00 01 00 00", "65536")]
    [InlineData("cf 00 00 00 01 00 00 00 00", "4294967296")]
    [InlineData("d0 80", "-128")]
    [InlineData("d1 ff 00", "-256")]
    [InlineData("d2 ff ff 00 00", "-65536")]
    [InlineData("d3 ff ff ff ff 00 00 00 00", "-4294967296")]
    [InlineData("cb 3f f8 00 00 00 00 00 00", "1.5")]
    [InlineData("cb 7f f0 00 00 00 00 00 00", "null")]
    [InlineData("ca 3f c0 00 00", "1.5")]
    [InlineData("c0", "null")]
    [InlineData("c1", "null")]
    [InlineData("c2", "false")]
    [InlineData("c3", "true")]
    [InlineData("d4", "null")]
    [InlineData("93 01 02 b1 61", "[1,2,\"a\"]")]
    [InlineData("82 b1 61 01 b1 62 90", "{\"a\":1,\"b\":[]}")]
    [InlineData("a3 01 02 03", "\"(3 bytes)\"")]
    [InlineData("d8 00 10 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61", "\"aaaaaaaaaaaaaaaa\"")]
    public void Reads_what_pages_write(string packed, string json)
    {
        BinaryPack.TryReadJson(Bytes(packed), out var read).ShouldBeTrue();
        read.ShouldBe(json);
    }

    [Theory]
    [InlineData("")]
    [InlineData("b5 68 65")] // cut off
    [InlineData("d8 ff")]
    [InlineData("d9 ff ff ff ff 61")] // longer than there is
    [InlineData("81 01 02")] // a key that is no string
    [InlineData("81 b1 61")]
    [InlineData("df ff ff ff ff")]
    [InlineData("dd ff ff ff ff 01")]
    [InlineData("b1 ff")] // no UTF-8
    [InlineData("81 b1 ff 01")]
    [InlineData("01 02")] // more than one value
    [InlineData("cd 01")]
    [InlineData("cb 00")]
    [InlineData("c9")]
    public void Refuses_what_is_none(string packed) =>
        BinaryPack.TryReadJson(Bytes(packed), out _).ShouldBeFalse();

    [Theory]
    [InlineData(BinaryPack.MaxDepth, true)]
    [InlineData(BinaryPack.MaxDepth + 1, false)]
    public void Values_nest_so_deep_and_no_deeper(int depth, bool isRead)
    {
        byte[] packed = [.. Enumerable.Repeat((byte)0x91, depth), 0x01];
        BinaryPack.TryReadJson(packed, out _).ShouldBe(isRead);
    }

    [Theory]
    [InlineData(BinaryPack.MaxValues - 1, true)]
    [InlineData(BinaryPack.MaxValues, false)]
    public void A_message_holds_so_many_values_and_no_more(int count, bool isRead)
    {
        byte[] packed = [0xdc, (byte)(count >> 8), (byte)count, .. Enumerable.Repeat((byte)0x01, count)];
        BinaryPack.TryReadJson(packed, out _).ShouldBe(isRead);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void What_is_packed_is_read(int length)
    {
        var text = new string('x', length);
        BinaryPack.TryReadJson(BinaryPack.Pack(text), out var json).ShouldBeTrue();
        json.ShouldBe($"\"{text}\"");
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(127, 3, 4)]
    [InlineData(70_000, 127, 128)]
    public void A_piece_that_is_packed_is_read(long id, long index, long total)
    {
        var packed = BinaryPack.Pack(new BinaryPackPiece(id, index, total, [1, 2, 3]));
        BinaryPack.TryReadPiece(packed, out var piece).ShouldBeTrue();
        (piece.Id, piece.Index, piece.Total).ShouldBe((id, index, total));
        piece.Data.ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData("84 ba 5f 5f 70 65 65 72 44 61 74 61 01 b1 6e 01 b5 74 6f 74 61 6c 01 b4 64 61 74 61 a1 00")] // n = total
    [InlineData("84 ba 5f 5f 70 65 65 72 44 61 74 61 01 b1 6e ff b5 74 6f 74 61 6c 01 b4 64 61 74 61 a1 00")] // n < 0
    [InlineData("83 ba 5f 5f 70 65 65 72 44 61 74 61 01 b1 6e 00 b5 74 6f 74 61 6c 01")]
    [InlineData("b5 68 65 6c 6c 6f")]
    public void Other_maps_are_no_pieces(string packed) =>
        BinaryPack.TryReadPiece(Bytes(packed), out _).ShouldBeFalse();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_bytes_make_it_throw(int seed)
    {
        var random = new Random(seed);
        var good = BinaryPack.Pack(new BinaryPackPiece(1, 0, 2, Encoding.UTF8.GetBytes("some data")));
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToArray();
            for (var j = random.Next(4); j >= 0; j--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            read += BinaryPack.TryReadJson(bytes, out _) ? 1 : 0;
            read += BinaryPack.TryReadPiece(bytes, out _) ? 1 : 0;
        }

        read.ShouldBeGreaterThan(0);
    }

    private static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
