using System.Diagnostics;
using PeerChat.Node.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Files;

/// <summary>CIDs and CARs, beside the npm packages ipfs-unixfs-importer and ipfs-car.</summary>
public sealed class UnixFsTests : IDisposable
{
    private const int Chunk = 1024 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-unixfs-");

    public UnixFsTests() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_INTEROP") == "1",
            "Needs Node.js and the packages in node; .ci/run installs them and sets PEERCHAT_INTEROP=1."
        );

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_stored_vectors_are_those_of_the_package()
    {
        var stored = Path.Combine(TestFolder.Path(), "../PeerChat.Rooms.Tests/Vectors/unixfs-v1-2025.txt");
        Script("vectors")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(File.ReadLines(stored).Where(line => !line.StartsWith('#')));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    public void A_file_of_many_mebibytes_has_the_same_cid(int mebibytes)
    {
        Assert.SkipUnless(
            mebibytes <= 20 || Environment.GetEnvironmentVariable("PEERCHAT_LONG") == "1",
            "Takes minutes; .ci/run --long sets PEERCHAT_LONG=1."
        );
        using var pattern = new PatternStream((long)mebibytes * Chunk);
        FileContent
            .CidOf(pattern, null, CancellationToken.None)
            .Cid.ShouldBe(Script("cid", (mebibytes * Chunk).ToString()));
    }

    [Fact]
    public void An_odd_folder_has_the_same_cid_and_both_read_each_others_cars()
    {
        var tree = OddTree();
        var ours = Path.Combine(_folder.FullName, "ours.car");
        var found = FileContent.ExportCar(tree, false, ours, null, CancellationToken.None);
        found.Cid.ShouldBe(Script("folder", tree));
        Script("car", ours).ShouldBe($"{found.Cid} {found.Bytes}");

        var theirs = Path.Combine(_folder.FullName, "theirs.car");
        var bin = TestFolder.Path("node", "node_modules", "ipfs-car", "bin.js");
        Run(bin, "pack", Path.Combine(tree, "sub/two-chunks"), "--no-wrap", "--output", theirs);
        var into = Path.Combine(_folder.FullName, "into");
        var placed = FileContent.ImportCar(theirs, null, into, "back", null, CancellationToken.None);
        File.ReadAllBytes(placed.Path).ShouldBe(File.ReadAllBytes(Path.Combine(tree, "sub/two-chunks")));
        Run(bin, "unpack", ours, "--output", Path.Combine(_folder.FullName, "unpacked"));
        File.ReadAllBytes(Path.Combine(_folder.FullName, "unpacked/sub/two-chunks"))
            .ShouldBe(File.ReadAllBytes(placed.Path));
    }

    private string OddTree()
    {
        var tree = Directory.CreateDirectory(Path.Combine(_folder.FullName, "tree"));
        tree.CreateSubdirectory("empty");
        var sub = tree.CreateSubdirectory("sub");
        File.WriteAllBytes(Path.Combine(tree.FullName, "nothing"), []);
        File.WriteAllText(Path.Combine(tree.FullName, "写真 é 😀.txt"), "unicode");
        File.WriteAllText(Path.Combine(tree.FullName, ".hidden"), "left out");
        File.CreateSymbolicLink(Path.Combine(sub.FullName, "link"), "../nothing");
        using var two = File.Create(Path.Combine(sub.FullName, "two-chunks"));
        using var pattern = new PatternStream(Chunk + 1);
        pattern.CopyTo(two);
        var many = tree.CreateSubdirectory("many");
        for (var index = 0; index < 3000; index++)
        {
            File.WriteAllText(Path.Combine(many.FullName, $"{new string('n', 60)}{index}"), $"{index % 10}");
        }

        return tree.FullName;
    }

    private static string Script(params string[] arguments) =>
        Run([TestFolder.Path("node", "unixfs.mjs"), .. arguments]);

    private static string Run(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("node", arguments) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, output);
        return output.TrimEnd('\n');
    }

    /// <summary>The pattern of the script, in pieces.</summary>
    private sealed class PatternStream(long size) : MemoryStream
    {
        private long _at;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, size - _at);
            for (var index = 0; index < count; index++, _at++)
            {
                buffer[index] = (byte)(((_at * 31) + ((_at >> 8) * 7) + ((_at >> 16) * 13)) & 0xFF);
            }

            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void CopyTo(Stream destination, int bufferSize)
        {
            var buffer = new byte[bufferSize];
            for (int count; (count = Read(buffer)) > 0; )
            {
                destination.Write(buffer, 0, count);
            }
        }
    }
}
