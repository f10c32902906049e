using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class SctpPacketTests
{
    [Theory]
    [InlineData("123456789", 0xE3069283u)] // the check value of CRC-32C
    [InlineData("", 0u)]
    public void Computes_the_known_checksums(string text, uint checksum) =>
        Crc32C.Of(Encoding.ASCII.GetBytes(text)).ShouldBe(checksum);

    [Fact]
    public void Computes_the_checksum_of_32_zero_bytes_as_in_RFC_3720_appendix_B_4() =>
        Crc32C.Of(new byte[32]).ShouldBe(0x8A9136AAu);

    [Fact]
    public void Writes_the_checksum_little_endian_and_as_if_its_field_were_zero()
    {
        var packet = PacketBytes.Create(
            new VerificationTag(0x01020304),
            BareChunk.Create(ChunkType.CookieAck)
        );
        var zeroed = packet.ToArray();
        zeroed.AsSpan(CommonHeader.ChecksumOffset, 4).Clear();

        BitConverter.ToUInt32(packet, CommonHeader.ChecksumOffset).ShouldBe(Crc32C.Of(zeroed));
        CommonHeader.TryParse(packet, out var header).ShouldBeTrue();
        header.VerificationTag.Value.ShouldBe(0x01020304u);
    }

    [Fact]
    public void Refuses_a_packet_with_any_flipped_bit()
    {
        var packet = PacketBytes.Create(new VerificationTag(5), BareChunk.Create(ChunkType.CookieAck));
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            CommonHeader.TryParse(packet, out _).ShouldBeFalse();
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Data_round_trips() =>
        Prop.ForAll<uint, ushort, byte[]>(
                (number, word, payload) =>
                {
                    var flags = (byte)(number >> 3);
                    var bytes = new byte[DataChunk.HeaderSize + payload.Length];
                    var writer = new SpanWriter(bytes);
                    new DataChunk
                    {
                        Flags = flags,
                        Tsn = new Tsn(number),
                        Stream = new StreamId(word),
                        MessageNumber = new MessageNumber((ushort)~word),
                        Ppid = new PayloadProtocolIdentifier(~number),
                        Payload = payload,
                    }.Write(ref writer);
                    return DataChunk.TryParse(bytes, out var chunk)
                        && chunk.Flags == flags
                        && chunk.Tsn.Value == number
                        && chunk.Stream.Value == word
                        && chunk.MessageNumber.Value == (ushort)~word
                        && chunk.Ppid.Value == ~number
                        && chunk.Payload.SequenceEqual(payload);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Init_round_trips() =>
        Prop.ForAll<uint, ushort, ushort>(
                (number, outbound, inbound) =>
                {
                    var init = new InitChunk(new(number), ~number, outbound, inbound, new(number + 7));
                    var bytes = new byte[InitChunk.HeaderSize + 4];
                    var writer = new SpanWriter(bytes);
                    init.Write(ref writer, ChunkType.InitAck, [0xC0, 0, 0, 4]);
                    return InitChunk.TryParse(bytes, out var parsed, out var parameters)
                        && parsed == init
                        && parameters.Length == 4;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Sack_round_trips() =>
        Prop.ForAll<uint, ushort[], uint[]>(
                (number, edges, repeated) =>
                {
                    var blocks = edges.Select(edge => new GapAckBlock(edge, (ushort)~edge)).ToArray();
                    var duplicates = repeated.Select(value => new Tsn(value)).ToArray();
                    var bytes = new byte[SackChunk.SizeOf(blocks.Length, duplicates.Length)];
                    var writer = new SpanWriter(bytes);
                    SackChunk.Write(ref writer, new Tsn(number), ~number, blocks, duplicates);
                    if (!SackChunk.TryParse(bytes, out var sack) || sack.GapAckBlockCount != blocks.Length)
                    {
                        return false;
                    }

                    for (var i = 0; i < blocks.Length; i++)
                    {
                        if (sack.GapAckBlock(i) != blocks[i])
                        {
                            return false;
                        }
                    }

                    return sack.CumulativeTsnAck.Value == number
                        && sack.AdvertisedReceiverWindow == ~number
                        && sack.DuplicateCount == duplicates.Length;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_make_a_parser_throw() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                for (byte type = 0; type < 16; type++)
                {
                    byte[] chunk =
                    [
                        type,
                        0,
                        (byte)((bytes.Length + 4) >> 8),
                        (byte)(bytes.Length + 4),
                        .. bytes,
                    ];
                    _ = DataChunk.TryParse(chunk, out _);
                    _ = InitChunk.TryParse(chunk, out _, out var parameters);
                    InitParameters.Read(parameters);
                    _ = SackChunk.TryParse(chunk, out _);
                    _ = ShutdownChunk.TryParse(chunk, out _);
                    _ = ErrorChunk.TryParseFirst(chunk, out _);
                }

                _ = DataChunk.TryParse(bytes, out _);
                _ = SackChunk.TryParse(bytes, out _);
                _ = CommonHeader.TryParse(bytes, out _);
                InitParameters.Read(bytes);
                var reader = new ChunkReader(bytes);
                while (reader.TryRead(out _, out _)) { }
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 3 }, 0)] // shorter than its own header
    [InlineData(new byte[] { 0, 0, 0, 5 }, 0)] // longer than the packet
    [InlineData(new byte[] { 0, 0, 0, 5, 9 }, 1)] // the last padding may be missing
    [InlineData(new byte[] { 0, 0, 0, 5, 9, 0, 0, 0, 1, 0, 0, 4 }, 2)]
    [InlineData(new byte[] { 0, 0, 0xFF, 0xFD, 9 }, 0)] // rounds up beyond 16 bits
    public void Reads_chunks_up_to_the_first_that_is_none(byte[] chunks, int count)
    {
        var reader = new ChunkReader(chunks);
        var read = 0;
        while (reader.TryRead(out _, out _))
        {
            read++;
        }

        read.ShouldBe(count);
        reader.Malformed.ShouldBe(count == 0);
    }

    [Fact]
    public void Refuses_a_sack_with_more_items_than_bytes()
    {
        var bytes = new byte[SackChunk.SizeOf(1, 0)];
        var writer = new SpanWriter(bytes);
        SackChunk.Write(ref writer, new Tsn(1), 1, [new GapAckBlock(2, 3)], []);
        bytes[13] = 2;

        SackChunk.TryParse(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void Bounds_what_it_reports_of_unknown_parameters()
    {
        var parameters = new List<byte>();
        for (var i = 0; i < 300; i++)
        {
            parameters.AddRange([0xC1, (byte)i, 0, 4]);
        }

        InitParameters.Read(parameters.ToArray()).Unrecognized.Count.ShouldBe(InitParameters.MaxParameters);
        InitParameters.Read([0xC1, 0, 0x04, 0, .. new byte[1020]]).Unrecognized.ShouldBeEmpty();
        InitParameters.Read([0x41, 0, 0, 4, 0xC1, 0, 0, 4]).Unrecognized.Count.ShouldBe(1);
    }
}
