using PeerChat.Node.Files;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

public sealed class BlockPackTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-pack-");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_kept_is_there_at_the_next_opening()
    {
        var blocks = Enumerable.Range(1, 20).Select(Block).ToList();
        using (var pack = Open())
        {
            blocks.ForEach(block => pack.Add(block.Address, block.Bytes));
            blocks.ForEach(block => pack.Add(block.Address, block.Bytes)); // again costs nothing
        }

        using var again = Open();
        again.Count.ShouldBe(20);
        foreach (var (address, bytes) in blocks)
        {
            again.SizeOf(address).ShouldBe(bytes.Length);
            Read(again, address).ShouldBe(bytes);
        }

        Read(again, Block(99).Address).ShouldBeNull();
        new FileInfo(PathOf(BlockPack.BlocksSuffix)).Length.ShouldBe(blocks.Sum(block => block.Bytes.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(43)]
    [InlineData(45)]
    public void A_record_that_a_kill_tore_is_passed_over(int cut)
    {
        var (one, other) = (Block(1), Block(2));
        using (var pack = Open())
        {
            pack.Add(one.Address, one.Bytes);
            pack.Add(other.Address, other.Bytes);
        }

        using (var index = new FileStream(PathOf(BlockPack.IndexSuffix), FileMode.Open))
        {
            index.SetLength(index.Length - cut);
        }

        using var again = Open();
        Read(again, cut < 44 ? one.Address : Block(9).Address).ShouldBe(cut < 44 ? one.Bytes : null);
        Read(again, other.Address).ShouldBeNull();
        again.Add(other.Address, other.Bytes);
        Read(again, other.Address).ShouldBe(other.Bytes);
    }

    [Fact]
    public void What_a_power_cut_left_of_a_block_is_not_given_out()
    {
        var (one, other) = (Block(1), Block(2));
        using (var pack = Open())
        {
            pack.Add(one.Address, one.Bytes);
            pack.Add(other.Address, other.Bytes);
        }

        using (var blocks = new FileStream(PathOf(BlockPack.BlocksSuffix), FileMode.Open))
        {
            blocks.Write(new byte[10]); // the first never reached the disk
        }

        using var again = Open();
        Read(again, one.Address).ShouldBeNull();
        again.SizeOf(one.Address).ShouldBeNull();
        Read(again, other.Address).ShouldBe(other.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_index_holds_nothing_wrong_is_given_out(int seed)
    {
        var random = new Random(seed);
        var block = Block(1);
        using (var pack = Open())
        {
            pack.Add(block.Address, block.Bytes);
        }

        var index = File.ReadAllBytes(PathOf(BlockPack.IndexSuffix));
        for (var round = 0; round < 300; round++)
        {
            var mutant = new byte[random.Next(200)];
            random.NextBytes(mutant);
            index.AsSpan(0, Math.Min(index.Length, mutant.Length)).CopyTo(mutant);
            if (mutant.Length > 0)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(PathOf(BlockPack.IndexSuffix), mutant);
            using var pack = Open();
            if (Read(pack, block.Address) is { } bytes)
            {
                bytes.ShouldBe(block.Bytes);
            }
        }
    }

    [Fact]
    public void What_was_being_made_when_the_node_was_killed_goes_at_the_next_start()
    {
        using (var store = new BlockStore(_folder.FullName))
        {
            store.Use(BlockStore.UnfinishedPrefix + "7").Add(Block(1).Address, Block(1).Bytes);
            store.Use("whole").Add(Block(2).Address, Block(2).Bytes);
        }

        using var again = new BlockStore(_folder.FullName);
        again.List().Keys.ShouldBe(["whole"]);
    }

    [Fact]
    public void Packs_that_nobody_uses_are_closed_and_opened_again()
    {
        using var store = new BlockStore(_folder.FullName);
        for (var number = 1; number <= BlockStore.MaxIdle + 5; number++)
        {
            store.Get($"pack{number}").Add(Block(number).Address, Block(number).Bytes);
        }

        for (var number = 1; number <= BlockStore.MaxIdle + 5; number++)
        {
            Read(store.Get($"pack{number}"), Block(number).Address).ShouldBe(Block(number).Bytes);
        }
    }

    [Fact]
    public void A_great_block_takes_whole_pages_which_it_fills_up_with_zeros()
    {
        using var pack = Open();
        pack.Expect(UncachedFile.MaxCached + 1);
        var (address, bytes) = Great(1);
        pack.Add(address, bytes);
        var index =
            pack.Bytes - new FileInfo(Path.Combine(_folder.FullName, "pack" + BlockPack.BlocksSuffix)).Length;

        (bytes.Length % UncachedFile.Alignment).ShouldNotBe(0);
        index.ShouldBe(44, "an address, a place and a size; and what comes next lies behind the zeros");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Great_blocks_of_a_great_file_come_back_as_they_went_beside_small_ones(bool isExpected)
    {
        var count = (int)(UncachedFile.MaxCached / GreatSize) + 6;
        using (var pack = Open())
        {
            pack.Expect(isExpected ? UncachedFile.MaxCached + 1 : 0);
            for (var number = 0; number < count; number++)
            {
                var (address, bytes) = Great(number);
                pack.Add(address, bytes);
                pack.Add(Block(number).Address, Block(number).Bytes);
                Read(pack, address).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
            }
        }

        using var again = Open();
        for (var number = 0; number < count; number++)
        {
            Read(again, Great(number).Address).AsSpan().SequenceEqual(Great(number).Bytes).ShouldBeTrue();
            Read(again, Block(number).Address).ShouldBe(Block(number).Bytes);
        }

        // A page behind each at most, and where all go past the cache one before each too
        again.Bytes.ShouldBeLessThan((count * (GreatSize + (isExpected ? 8 : 4) * 1024L)) + (64 * 1024));
    }

    [Fact]
    public void A_block_is_verified_as_what_it_was_compared_with_and_nothing_else()
    {
        var (cid, other) = (Cid.Of(CidCodec.Raw, [1]), Cid.Of(CidCodec.Raw, [2]));
        var (verified, unverified) = (Great(1), Great(2));
        using (var pack = Open())
        {
            pack.Add(verified.Address, verified.Bytes, cid);
            pack.Add(unverified.Address, unverified.Bytes);
            pack.IsVerified(verified.Address, cid).ShouldBeTrue();
            pack.IsVerified(verified.Address, other).ShouldBeFalse();
            pack.IsVerified(unverified.Address, cid).ShouldBeFalse();
        }

        using var again = Open(); // whoever had the disk meanwhile may have changed it
        again.IsVerified(verified.Address, cid).ShouldBeFalse();
    }

    [Fact]
    public void What_was_written_before_it_had_its_name_is_not_hashed_again()
    {
        using var store = new BlockStore(_folder.FullName);
        var block = Great(1);
        store.Use(BlockStore.UnfinishedPrefix + "7").Add(block.Address, block.Bytes);
        store.Finish(BlockStore.UnfinishedPrefix + "7", "pack");
        using (var blocks = new FileStream(PathOf(BlockPack.BlocksSuffix), FileMode.Open))
        {
            blocks.Write(new byte[10]); // seen only by who hashes it
        }

        var read = Read(store.Get("pack"), block.Address).ShouldNotBeNull();
        read.Take(10).ShouldAllBe(one => one == 0);

        using var other = new BlockStore(_folder.FullName);
        Read(other.Get("pack"), block.Address).ShouldBeNull();
    }

    private const int GreatSize = FileLimits.ChunkSize + SealedBlock.TagSize;

    private BlockPack Open() => BlockPack.Open(_folder.FullName, "pack");

    private string PathOf(string suffix) => Path.Combine(_folder.FullName, "pack" + suffix);

    private static byte[]? Read(BlockPack pack, Bytes32 address) =>
        pack.Read(address, size => new byte[size])?.ToArray();

    private static (Bytes32 Address, byte[] Bytes) Great(int seed) => Made(seed, GreatSize);

    private static (Bytes32 Address, byte[] Bytes) Block(int seed) => Made(seed, 100 + seed);

    private static (Bytes32 Address, byte[] Bytes) Made(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return (SealedBlock.AddressOf(bytes), bytes);
    }
}
