using PeerChat.Node.Files;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

/// <summary>A great file that is put in place block by block, as the blocks come.</summary>
public sealed class PlacedAheadTests : IDisposable
{
    private const string Mark = "mark";
    private const int Chunk = FileLimits.ChunkSize;

    private static readonly int Chunks = (int)(UncachedFile.MaxCached / Chunk) + 5;

    // Made once: it is great
    private static readonly byte[] Content = MakeContent();
    private static readonly BlockSet Blocks = new();
    private static readonly FileAnnouncement Announced = Announce();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-placed-");

    private string Into => Path.Combine(_folder.FullName, "into");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_came_in_whatever_order_the_file_is_whole_and_nothing_is_read_again(int seed)
    {
        var random = new Random(seed);
        var raw = Blocks.Raw.ToArray();
        random.Shuffle(raw);
        var came = raw.Take(seed == 1 ? raw.Length : random.Next(1, raw.Length)).ToList();
        using var ahead = new PlacedAhead(Into, Mark, Announced);
        ahead.Learn(Announced.Root, Blocks.Known[Announced.Root]);
        foreach (var cid in came)
        {
            ahead.Write(cid, Blocks.Known[cid]);
        }

        var placed = Complete(ahead, out var read).ShouldNotBeNull();
        File.ReadAllBytes(placed).AsSpan().SequenceEqual(Content).ShouldBeTrue();
        read.ShouldBe(raw.Except(came).ToHashSet(), ignoreOrder: true);
        Directory.EnumerateFileSystemEntries(Into).ShouldBe([placed]);
    }

    [Fact]
    public void A_block_that_is_not_what_belongs_there_is_not_passed_over()
    {
        var (one, other) = (Blocks.Raw[5], Blocks.Raw[6]);
        using var ahead = new PlacedAhead(Into, Mark, Announced);
        ahead.Learn(Announced.Root, Blocks.Known[Announced.Root]);
        ahead.Write(one, Blocks.Known[one]);
        var places = new FilePlaces(Announced.Root, Announced.Size);
        places.Learn(Announced.Root, Blocks.Known[Announced.Root]);
        var at = places.Of(one).ShouldHaveSingleItem();
        ahead.Has(at, one, Chunk).ShouldBeTrue();
        ahead.Has(at, other, Chunk).ShouldBeFalse();
        ahead.Has(at, one, Chunk - 1).ShouldBeFalse();
        ahead.Has(at + Chunk, one, Chunk).ShouldBeFalse();
    }

    [Fact]
    public void What_is_wanted_elsewhere_now_is_deleted_and_written_there()
    {
        using var ahead = Begun();
        Directory.EnumerateDirectories(Into).Count().ShouldBe(1);
        ahead.Complete(_folder.FullName).ShouldBeFalse();
        Directory.EnumerateFileSystemEntries(Into).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_given_up_leaves_nothing_and_takes_nothing_more()
    {
        using var ahead = Begun();
        ahead.Dispose();
        Directory.EnumerateFileSystemEntries(Into).ShouldBeEmpty();
        ahead.Write(Blocks.Raw[1], Blocks.Known[Blocks.Raw[1]]);
        Directory.EnumerateFileSystemEntries(Into).ShouldBeEmpty();
        ahead.Complete(Into).ShouldBeFalse();
    }

    [Fact]
    public void What_a_killed_run_left_is_begun_anew()
    {
        File.WriteAllText(TargetTree.Begin(Into, Mark), "half of it");
        using var ahead = Begun();
        var placed = Complete(ahead, out _).ShouldNotBeNull();
        File.ReadAllBytes(placed).AsSpan().SequenceEqual(Content).ShouldBeTrue();
    }

    [Fact]
    public void Without_the_nodes_that_say_where_blocks_lie_nothing_is_written()
    {
        using var ahead = new PlacedAhead(Into, Mark, Announced);
        ahead.Write(Blocks.Raw[1], Blocks.Known[Blocks.Raw[1]]);
        ahead.Complete(Into).ShouldBeFalse();
        Directory.Exists(Into).ShouldBeFalse();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_left_to_who_says_so()
    {
        File.WriteAllText(Into, "a file");
        using var ahead = Begun();
        ahead.Complete(Into).ShouldBeFalse();
        File.ReadAllText(Into).ShouldBe("a file");
    }

    [Fact]
    public void Where_there_is_no_room_for_both_the_blocks_come_first()
    {
        var huge = Announced with { Size = long.MaxValue / 4 };
        using var ahead = new PlacedAhead(Into, Mark, huge);
        ahead.Learn(Announced.Root, Blocks.Known[Announced.Root]);
        ahead.Write(Blocks.Raw[1], Blocks.Known[Blocks.Raw[1]]);
        ahead.Complete(Into).ShouldBeFalse();
        Directory.EnumerateFileSystemEntries(Into).ShouldBeEmpty();
    }

    private static byte[] MakeContent()
    {
        var content = new byte[(Chunks * Chunk) - 77];
        new Random(1).NextBytes(content);
        content.AsSpan(0, Chunk).CopyTo(content.AsSpan(3 * Chunk)); // one block at two places
        return content;
    }

    private static FileAnnouncement Announce()
    {
        var builder = new FileDagBuilder(Blocks);
        builder.Append(Content);
        var root = builder.Complete().Target;
        return new FileAnnouncement(root, default, default, "great", Content.Length, 1, false, "");
    }

    private PlacedAhead Begun()
    {
        var ahead = new PlacedAhead(Into, Mark, Announced);
        ahead.Learn(Announced.Root, Blocks.Known[Announced.Root]);
        ahead.Write(Blocks.Raw[0], Blocks.Known[Blocks.Raw[0]]);
        return ahead;
    }

    private string? Complete(PlacedAhead ahead, out HashSet<Cid> read)
    {
        ahead.Complete(Into).ShouldBeTrue();
        Blocks.Read.Clear();
        using var tree = new TargetTree(
            Into,
            new ProgressMeter(null, null),
            TestContext.Current.CancellationToken,
            Mark,
            ahead
        );
        new FileTreeReader(Blocks, tree, Announced.Size).Read(Announced.Root).ShouldBeNull();
        read = [.. Blocks.Read.Where(cid => cid.Codec == CidCodec.Raw)];
        return tree.Complete("great", Announced.Root).Path;
    }

    private sealed class BlockSet : IBlockSink, IBlockSource
    {
        public Dictionary<Cid, byte[]> Known { get; } = [];

        public List<Cid> Raw { get; } = [];

        public HashSet<Cid> Read { get; } = [];

        public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children)
        {
            if (Known.TryAdd(cid, block.ToArray()) && cid.Codec == CidCodec.Raw)
            {
                Raw.Add(cid);
            }
        }

        public bool TryGet(Cid cid, out ReadOnlyMemory<byte> block, out bool isVerified)
        {
            isVerified = false;
            Read.Add(cid);
            block = Known[cid];
            return true;
        }
    }
}
