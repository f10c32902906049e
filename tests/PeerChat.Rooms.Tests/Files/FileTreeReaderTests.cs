using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files;

public sealed class FileTreeReaderTests
{
    private readonly BlockBag _bag = new();
    private readonly TreeRecorder _seen = new();

    [Fact]
    public void Reads_folders_files_and_links_in_their_order()
    {
        var file = Raw(3, "b.txt");
        var link = new FolderDag(_bag).PutSymlink("b.txt"u8.ToArray()) with { Name = "a" };
        var inner = Folder(Raw(1, "x")) with { Name = "sub" };
        Read(Folder(inner, file, link).Target).ShouldBeNull();
        _seen.Lines.ShouldBe(["/", "a->b.txt", "b.txt=3", "sub/", "x=1", "..", ".."]);
    }

    [Fact]
    public void Refuses_a_block_that_is_not_the_one_named()
    {
        var root = Folder(Raw(3, "a")).Target;
        var part = _bag.Order[0];
        _bag.Blocks[part] = [9, 9, 9];
        Read(root).ShouldBe(new FileTreeFault(FileTreeProblem.WrongBlock, part));
        _seen.WholeFiles.ShouldBe(0);
    }

    [Fact]
    public void Names_the_block_that_is_missing()
    {
        var root = Folder(Raw(3, "a")).Target;
        var part = _bag.Order[0];
        _bag.Blocks.Remove(part);
        Read(root).ShouldBe(new FileTreeFault(FileTreeProblem.Missing, part));
    }

    [Fact]
    public void Refuses_two_entries_of_one_name()
    {
        var data = new UnixFsData(UnixFsType.Directory);
        var root = _bag.AddNode(data, Raw(1, "same"), Raw(2, "same"));
        Read(root)!.Problem.ShouldBe(FileTreeProblem.BadName);
        new FolderDag(_bag).TryPut([Raw(1, "same"), Raw(2, "same")], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Takes_names_of_1_to_255_bytes(int length, bool isTaken)
    {
        var root = _bag.AddNode(new UnixFsData(UnixFsType.Directory), Raw(1, new string('n', length)));
        (Read(root) is null).ShouldBe(isTaken);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Takes_folders_128_deep(int depth, bool isTaken)
    {
        var root = Folder();
        for (var level = 0; level < depth; level++)
        {
            root = Folder(root with { Name = "d" });
        }

        var fault = Read(root.Target);
        fault?.Problem.ShouldBe(FileTreeProblem.TooDeep);
        (fault is null).ShouldBe(isTaken);
    }

    [Fact]
    public void A_small_dag_that_unfolds_into_millions_of_files_ends_at_the_limit()
    {
        var root = Raw(1, "x");
        for (var level = 0; level < 24; level++)
        {
            root = Folder(root with { Name = "l" }, root with { Name = "r" });
        }

        Read(root.Target)!.Problem.ShouldBe(FileTreeProblem.TooMuch);
    }

    [Fact]
    public void A_file_that_unfolds_into_terabytes_ends_before_its_first_byte()
    {
        var (part, size) = (Raw(1000, ""), 1000UL);
        for (var level = 0; level < 5; level++)
        {
            var sizes = Enumerable.Repeat(size, 1000).ToList();
            size *= 1000;
            var data = new UnixFsData(UnixFsType.File) { FileSize = size, BlockSizes = sizes };
            part = new DagLink(_bag.AddNode(data, [.. Enumerable.Repeat(part, 1000)]), "", 1);
        }

        new FileTreeReader(_bag, _seen, 1_000_000)
            .Read(part.Target)!
            .Problem.ShouldBe(FileTreeProblem.TooMuch);
    }

    [Theory]
    [InlineData(4UL, 3UL)]
    [InlineData(2UL, 2UL)]
    [InlineData(3UL, 4UL)]
    public void Refuses_a_file_whose_sizes_are_not_those_of_its_parts(ulong total, ulong part)
    {
        var data = new UnixFsData(UnixFsType.File) { FileSize = total, BlockSizes = [part] };
        Read(_bag.AddNode(data, Raw(3, "")))!.Problem.ShouldBe(FileTreeProblem.WrongSize);
    }

    [Fact]
    public void Refuses_a_file_with_parts_of_no_bytes()
    {
        var data = new UnixFsData(UnixFsType.File) { FileSize = 0, BlockSizes = [0] };
        Read(_bag.AddNode(data, Raw(0, "")))!.Problem.ShouldBe(FileTreeProblem.WrongSize);
    }

    [Fact]
    public void Refuses_a_file_with_more_levels_than_any_file_has()
    {
        var part = Raw(1, "");
        for (var level = 0; level < FileLimits.MaxFileDepth + 2; level++)
        {
            var data = new UnixFsData(UnixFsType.File) { FileSize = 1, BlockSizes = [1] };
            part = new DagLink(_bag.AddNode(data, part), "", 1);
        }

        Read(part.Target)!.Problem.ShouldBe(FileTreeProblem.TooDeep);
    }

    [Fact]
    public void Refuses_a_shard_whose_entry_lies_where_its_hash_does_not_belong()
    {
        var place = HamtShard.PlaceOf(HamtShard.HashOf("a"), 0);
        var right = HamtShard.Write([Raw(1, HamtShard.Prefix(place) + "a")]);
        var wrong = HamtShard.Write([Raw(1, HamtShard.Prefix((place + 1) % 256) + "a")]);
        Read(_bag.Add(CidCodec.DagPb, right.Write())).ShouldBeNull();
        Read(_bag.Add(CidCodec.DagPb, wrong.Write()))!.Problem.ShouldBe(FileTreeProblem.Malformed);
    }

    [Fact]
    public void Refuses_a_symbolic_link_that_leads_nowhere_or_too_far()
    {
        foreach (var length in (int[])[0, FileLimits.MaxTargetBytes + 1])
        {
            var data = new UnixFsData(UnixFsType.Symlink) { Data = new byte[length] };
            Read(_bag.AddNode(data))!.Problem.ShouldBe(FileTreeProblem.Malformed);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void No_mutated_block_is_read_as_something_else_or_ends_in_an_exception(int seed)
    {
        var random = new Random(seed);
        var root = Folder(Folder(Raw(3, "x")) with { Name = "sub" }, Raw(5, "y")).Target;
        var original = _bag.Blocks[root];
        for (var round = 0; round < 5000; round++)
        {
            var block = original.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                block[random.Next(block.Length)] = (byte)random.Next(256);
            }

            block = block[..random.Next(block.Length + 1)];
            _bag.Blocks[root] = block;
            var isSame = block.AsSpan().SequenceEqual(original);
            (new FileTreeReader(_bag, new TreeRecorder(), 1000).Read(root) is null).ShouldBe(isSame);

            // Under its own CID a mutant may be a folder too, but then it is written as it was read
            if (DagNode.TryParse(block, out var node))
            {
                node.Write().ShouldBe(block);
            }

            var other = _bag.Add(CidCodec.DagPb, block);
            var fault = new FileTreeReader(_bag, new TreeRecorder(), 1000).Read(other);
            fault?.ToString().ShouldNotBeEmpty();
        }
    }

    private FileTreeFault? Read(Cid root) => new FileTreeReader(_bag, _seen, long.MaxValue).Read(root);

    private DagLink Raw(int size, string name) =>
        new(_bag.Add(CidCodec.Raw, new byte[size]), name, (ulong)size);

    private DagLink Folder(params DagLink[] entries)
    {
        new FolderDag(_bag).TryPut(entries, out var root).ShouldBeTrue();
        return root;
    }
}
