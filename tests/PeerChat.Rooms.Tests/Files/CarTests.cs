using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files;

public sealed class CarTests
{
    private static readonly byte[] Block = [1, 2, 3];
    private static readonly Cid Root = Cid.Of(CidCodec.Raw, Block);
    private static readonly byte[] Whole =
    [
        .. CarWriter.Header(Root),
        .. CarWriter.Prefix(Root, 3),
        .. Block,
    ];

    [Fact]
    public void What_is_written_is_read()
    {
        var (reader, blocks) = Read(Whole);
        reader.Problem.ShouldBe(CarProblem.None);
        reader.Root.ShouldBe(Root);
        blocks.ShouldBe([Root]);
    }

    [Fact]
    public void The_header_has_the_bytes_that_the_specification_asks_for() =>
        // {"roots":[42(...)],"version":1}, 58 bytes
        Convert
            .ToHexStringLower(CarWriter.Header(Root))
            .ShouldStartWith("3aa265726f6f747381d82a58250001551220");

    [Fact]
    public void A_car_that_comes_byte_by_byte_is_read_the_same()
    {
        var reader = new CarReader();
        var blocks = new List<Cid>();
        foreach (var value in Whole)
        {
            reader.Append([value]).ShouldBe(1);
            while (reader.TryTakeBlock(out var cid, out _))
            {
                blocks.Add(cid);
            }
        }

        reader.Complete();
        reader.Problem.ShouldBe(CarProblem.None);
        blocks.ShouldBe([Root]);
    }

    [Fact]
    public void Every_beginning_of_a_car_but_its_header_is_cut_off()
    {
        for (var length = 0; length < Whole.Length; length++)
        {
            var problem = Read(Whole.AsSpan(..length)).Reader.Problem;
            problem.ShouldBe(
                length < CarWriter.HeaderSize ? CarProblem.NotACar
                : length == CarWriter.HeaderSize ? CarProblem.None
                : CarProblem.CutOff
            );
        }
    }

    [Fact]
    public void Refuses_a_block_that_is_another()
    {
        var car = Whole.ToArray();
        car[^1] ^= 1;
        Read(car).Reader.Problem.ShouldBe(CarProblem.WrongBlock);
    }

    [Fact]
    public void Says_of_version_2_that_it_is_version_2()
    {
        byte[] car = [0x0A, 0xA1, 0x67, .. "version"u8, 0x02, .. new byte[100]];
        Read(car).Reader.Problem.ShouldBe(CarProblem.Version2);
    }

    [Theory]
    [InlineData(FileLimits.MaxBlock, CarProblem.None)]
    [InlineData(FileLimits.MaxBlock + 1, CarProblem.BadSection)]
    public void Takes_blocks_of_two_mebibytes(int size, CarProblem expected)
    {
        var block = new byte[size];
        var cid = Cid.Of(CidCodec.Raw, block);
        Read([.. CarWriter.Header(cid), .. CarWriter.Prefix(cid, size), .. block])
            .Reader.Problem.ShouldBe(expected);
    }

    [Fact]
    public void Refuses_a_block_of_another_hash_or_an_empty_section()
    {
        var car = Whole.ToArray();
        car[CarWriter.HeaderSize + 3] = 0x13; // SHA-512
        Read(car).Reader.Problem.ShouldBe(CarProblem.UnknownCid);
        Read([.. CarWriter.Header(Root), 0]).Reader.Problem.ShouldBe(CarProblem.BadSection);
    }

    [Theory]
    [InlineData(3)]
    public void Random_bytes_are_no_car_and_no_exception(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Read(bytes).Reader.Problem.ShouldBeOneOf(CarProblem.NotACar, CarProblem.Version2);
        }
    }

    private static (CarReader Reader, List<Cid> Blocks) Read(ReadOnlySpan<byte> car)
    {
        var reader = new CarReader();
        var blocks = new List<Cid>();
        while (!car.IsEmpty)
        {
            var taken = reader.Append(car);
            car = car[taken..];
            while (reader.TryTakeBlock(out var cid, out _))
            {
                blocks.Add(cid);
            }

            if (reader.Problem != CarProblem.None)
            {
                return (reader, blocks);
            }
        }

        reader.Complete();
        return (reader, blocks);
    }
}
