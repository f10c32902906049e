using PeerChat.Node.Files;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

public sealed class FileContentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-files-");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_comes_back_out_of_its_car_as_it_went_in()
    {
        var tree = Tree();
        var exported = Export(tree, "x.car");
        exported.HiddenLeftOut.ShouldBe(1);
        var placed = Import("x.car", "copy");
        placed.Path.ShouldBe(At("into/copy"));
        placed.Cid.ShouldBe(exported.Cid);
        (placed.Files, placed.Bytes).ShouldBe((exported.Files, exported.Bytes));
        CidOf(placed.Path).ShouldBe(exported.Cid);
        Directory.GetFileSystemEntries(At("into")).ShouldBe([At("into/copy")]);
    }

    [Fact]
    public void A_file_and_the_same_bytes_from_a_pipe_have_one_cid()
    {
        File.WriteAllText(At("a"), "hello\n");
        using var pipe = new MemoryStream("hello\n"u8.ToArray());
        FileContent.CidOf(pipe, null, CancellationToken.None).Cid.ShouldBe(CidOf(At("a")));
    }

    [Fact]
    public void A_car_to_a_stream_is_the_same_as_one_to_a_file()
    {
        var tree = Tree();
        Export(tree, "x.car");
        using var stream = new MemoryStream();
        FileContent.ExportCar(tree, false, stream, null, CancellationToken.None);
        stream.ToArray().ShouldBe(File.ReadAllBytes(At("x.car")));
    }

    [Fact]
    public void A_car_that_comes_as_a_stream_leaves_nothing_beside_what_it_held()
    {
        Export(Tree(), "x.car");
        using var stream = new MemoryStream(File.ReadAllBytes(At("x.car")));
        FileContent.ImportCar("-", stream, At("into"), "y", null, CancellationToken.None);
        Directory.GetFileSystemEntries(At("into")).ShouldBe([At("into/y")]);
    }

    [Fact]
    public void Nothing_is_written_over()
    {
        Export(Tree(), "x.car");
        File.WriteAllText(At("y.car"), "mine");
        Failure(() => Export(Tree(), "y.car")).ShouldBe(FileFailure.Exists);
        File.ReadAllText(At("y.car")).ShouldBe("mine");
        Import("x.car", "name").Path.ShouldBe(At("into/name"));
        Import("x.car", "name").Path.ShouldBe(At("into/name (2)"));
    }

    [Fact]
    public void A_damaged_or_cut_off_car_leaves_nothing()
    {
        Export(Tree(), "x.car");
        var car = File.ReadAllBytes(At("x.car"));
        File.WriteAllBytes(At("cut.car"), car[..^1]);
        car[^1] ^= 1;
        File.WriteAllBytes(At("wrong.car"), car);
        Failure(() => Import("cut.car", "c")).ShouldBe(FileFailure.Damaged);
        Failure(() => Import("wrong.car", "w")).ShouldBe(FileFailure.Damaged);
        Directory.Exists(At("into")).ShouldBeFalse();
    }

    [Fact]
    public void A_car_without_one_of_its_blocks_leaves_nothing()
    {
        var sink = new Kept();
        new FolderDag(sink).TryPut([new DagLink(Cid.Of(CidCodec.Raw, "x"u8), "x", 1)], out var root);
        WriteCar("holes.car", root.Target, sink);
        Failure(() => Import("holes.car", "h")).ShouldBe(FileFailure.Damaged);
        Directory.GetFileSystemEntries(At("into")).ShouldBeEmpty();
    }

    [Fact]
    public void Names_from_elsewhere_do_no_harm()
    {
        var sink = new Kept();
        string[] names = ["../up", "..", "a/b", "a\\b", "con", "bell\a", "dots...", "a?b"];
        var entries = names.Select((name, index) => sink.File([(byte)index], name)).ToArray();
        new FolderDag(sink).TryPut(entries, out var root).ShouldBeTrue();
        WriteCar("evil.car", root.Target, sink);
        var placed = Import("evil.car", "../../evil");
        placed.Path.ShouldBe(At("into/.._.._evil"));
        placed.Renamed.ShouldBe(names.Length);
        Directory
            .GetFiles(placed.Path)
            .Select(path => Path.GetFileName(path))
            .ShouldBe(
                ["_", ".._up", "_con", "a_b", "a_b (2)", "a_b (3)", "bell_", "dots"],
                ignoreOrder: true
            );
        Directory.GetFileSystemEntries(_folder.FullName).Length.ShouldBe(2);
    }

    [Fact]
    public void Nothing_is_executable_whatever_it_was()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows knows no such permission.");
            return;
        }

        File.WriteAllText(At("run.sh"), "#!/bin/sh\n");
        File.SetUnixFileMode(At("run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Export(At("run.sh"), "x.car");
        var mode = File.GetUnixFileMode(Import("x.car", "run.sh").Path);
        (mode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)).ShouldBe(
            UnixFileMode.None
        );
    }

    [Theory]
    [InlineData("file", 0, true)]
    [InlineData("sub/file", 0, true)]
    [InlineData("./file", 0, true)]
    [InlineData("../file", 1, true)]
    [InlineData("../file", 0, false)]
    [InlineData("../../file", 1, false)]
    [InlineData("/etc/passwd", 3, false)]
    [InlineData("sub/../file", 3, false)] // sub may be a link itself
    [InlineData("", 1, false)]
    [InlineData("a\0b", 1, false)]
    public void Only_links_that_stay_within_the_tree_are_made(string target, int depth, bool isMade) =>
        TargetTree.StaysWithin(target, depth).ShouldBe(isMade);

    [Fact]
    public void No_file_is_written_through_a_link()
    {
        var sink = new Kept();
        var inner = sink.File("inside"u8.ToArray(), "x");
        var folders = new FolderDag(sink);
        folders.TryPut([inner], out var sub).ShouldBeTrue();
        var link = folders.PutSymlink("../outside"u8.ToArray());
        folders.TryPut([sub with { Name = "a*" }, link with { Name = "a?" }], out var root).ShouldBeTrue();
        Directory.CreateDirectory(At("outside"));
        WriteCar("link.car", root.Target, sink);
        var placed = Import("link.car", "tree");
        placed.LinksLeftOut.ShouldBe(1);
        Directory.GetFileSystemEntries(At("outside")).ShouldBeEmpty();
        File.ReadAllText(Path.Combine(placed.Path, "a_", "x")).ShouldBe("inside");
    }

    [Fact]
    public void Who_is_interrupted_leaves_nothing()
    {
        Export(Tree(), "x.car");
        using var over = new CancellationTokenSource();
        over.Cancel();
        Should.Throw<OperationCanceledException>(() =>
            FileContent.ExportCar(At("tree"), false, At("y.car"), null, over.Token)
        );
        Should.Throw<OperationCanceledException>(() =>
            FileContent.ImportCar(At("x.car"), null, At("into"), "z", null, over.Token)
        );
        Directory
            .GetFileSystemEntries(_folder.FullName)
            .ShouldBe([At("tree"), At("x.car")], ignoreOrder: true);
    }

    [Fact]
    public void What_is_not_there_is_named() =>
        Should
            .Throw<FileException>(() => CidOf(At("nowhere")))
            .Message.ShouldBe($"There is nothing at {At("nowhere")}; check the path.");

    private string Tree()
    {
        var tree = Directory.CreateDirectory(At("tree"));
        File.WriteAllText(Path.Combine(tree.FullName, "a"), "one");
        File.WriteAllText(Path.Combine(tree.FullName, ".hidden"), "two");
        var sub = tree.CreateSubdirectory("sub");
        File.WriteAllBytes(Path.Combine(sub.FullName, "empty"), []);
        File.WriteAllBytes(Path.Combine(sub.FullName, "big"), new byte[FileLimits.ChunkSize + 5]);
        if (!OperatingSystem.IsWindows() && !Path.Exists(Path.Combine(sub.FullName, "link")))
        {
            File.CreateSymbolicLink(Path.Combine(sub.FullName, "link"), "../a");
        }

        return tree.FullName;
    }

    private string At(string path) => Path.GetFullPath(Path.Combine(_folder.FullName, path));

    private PathSummary Export(string path, string car) =>
        FileContent.ExportCar(path, false, At(car), null, CancellationToken.None);

    private PlacedTree Import(string car, string name) =>
        FileContent.ImportCar(At(car), null, At("into"), name, null, CancellationToken.None);

    private static string CidOf(string path) =>
        FileContent.CidOf(path, false, null, CancellationToken.None).Cid;

    private static FileFailure Failure(Action act) => Should.Throw<FileException>(act).Failure;

    private void WriteCar(string name, Cid root, Kept sink)
    {
        using var file = File.Create(At(name));
        file.Write(CarWriter.Header(root));
        foreach (var (cid, block) in sink.Blocks)
        {
            file.Write(CarWriter.Prefix(cid, block.Length));
            file.Write(block);
        }
    }

    private sealed class Kept : IBlockSink
    {
        public Dictionary<Cid, byte[]> Blocks { get; } = [];

        public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children) =>
            Blocks[cid] = block.ToArray();

        public DagLink File(byte[] content, string name)
        {
            var cid = Cid.Of(CidCodec.Raw, content);
            Put(cid, content, []);
            return new DagLink(cid, name, (ulong)content.Length);
        }
    }
}
