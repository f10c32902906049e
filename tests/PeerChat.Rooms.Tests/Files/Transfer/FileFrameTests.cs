using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files.Transfer;

public sealed class FileFrameTests
{
    private static readonly Bytes32 One = new(Enumerable.Range(0, 32).Select(at => (byte)at).ToArray());
    private static readonly Bytes32 Other = new(Enumerable.Range(100, 32).Select(at => (byte)at).ToArray());

    public static TheoryData<string> Frames() => [.. All.Keys];

    private static readonly Dictionary<string, FileFrame> All = new()
    {
        ["open"] = new FileFrame.Open(new RoomId(One), new EntryId(Other)),
        ["nothing"] = new FileFrame.Status(FileStock.None),
        ["all"] = new FileFrame.Status(FileStock.All),
        ["ask"] = new FileFrame.Ask(One, Cid.Of(CidCodec.DagPb, [])),
        ["held"] = new FileFrame.Held(One, new byte[] { 0x80, 1 }),
        ["want"] = new FileFrame.Want([One, Other]),
        ["cancel"] = new FileFrame.Cancel([One]),
        ["missing"] = new FileFrame.Missing([Other]),
        ["piece"] = new FileFrame.Piece(One, 1000, 500, new byte[500]),
        ["greatest"] = new FileFrame.Piece(
            One,
            FileLimits.MaxSealedBlock,
            FileLimits.MaxSealedBlock - FileFrame.MaxPiece,
            new byte[FileFrame.MaxPiece]
        ),
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void What_is_written_is_read_and_nothing_else(string name)
    {
        var bytes = All[name].Write();
        FileFrame.TryParse(bytes, out var frame).ShouldBeTrue();
        frame.Write().ShouldBe(bytes);
        if (name is not ("held" or "piece"))
        {
            FileFrame.TryParse((byte[])[.. bytes, 0], out _).ShouldBeFalse();
        }

        if (name is not ("held" or "piece" or "greatest"))
        {
            FileFrame.TryParse(bytes.AsMemory(0, bytes.Length - 1), out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void More_than_sixty_four_addresses_are_none()
    {
        var most = new FileFrame.Want([.. Enumerable.Repeat(One, FileFrame.MaxAddresses)]).Write();
        FileFrame.TryParse(most, out _).ShouldBeTrue();
        FileFrame.TryParse((byte[])[.. most, .. One.ToArray()], out _).ShouldBeFalse();
    }

    [Fact]
    public void A_piece_beyond_its_block_is_none()
    {
        FileFrame.TryParse(new FileFrame.Piece(One, 10, 5, new byte[5]).Write(), out _).ShouldBeTrue();
        FileFrame.TryParse(new FileFrame.Piece(One, 10, 5, new byte[6]).Write(), out _).ShouldBeFalse();
        FileFrame.TryParse(new FileFrame.Piece(One, 10, 11, new byte[1]).Write(), out _).ShouldBeFalse();
        FileFrame
            .TryParse(new FileFrame.Piece(One, FileLimits.MaxSealedBlock + 1, 0, new byte[1]).Write(), out _)
            .ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_bytes_throw(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 0)
            {
                bytes[0] = (byte)random.Next(10);
            }

            if (FileFrame.TryParse(bytes, out var frame))
            {
                frame.Write().ShouldBe(bytes);
            }
        }
    }
}
