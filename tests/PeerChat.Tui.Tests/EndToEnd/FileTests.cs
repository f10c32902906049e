using System.Security.Cryptography;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>Files between real processes with real disks, and kills in the middle.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class FileTests : IDisposable
{
    // With PEERCHAT_LONG=1 a gigabyte, killed thirty times
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("PEERCHAT_LONG") == "1";

    // What is put in place while it comes, and goes past the system's cache at its end
    private const int GreatSize = 96 * 1024 * 1024;

    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void A_file_is_sent_listed_fetched_and_taken_back()
    {
        using var bob = Daemon("bob", "--accept-any");
        using var alice = Daemon("alice");
        Run("alice", "send", "--to", Name("bob"), "hello", "--wait", "delivered");
        var content = Write("alice", "notes.txt", 3_000_000);
        var id = Run(
                "alice",
                "file",
                "send",
                PathOf("alice", "notes.txt"),
                "--join",
                Name("bob"),
                "--wait",
                "announced"
            )
            .Trim();
        id.Length.ShouldBe(64);
        WaitFor(() => Run("bob", "file", "list").Contains("notes.txt", StringComparison.Ordinal));

        var into = Directory.CreateDirectory(PathOf("bob", "into")).FullName;
        Run("bob", "file", "get", id[..8], "-o", into).Trim().ShouldBe(Path.Combine(into, "notes.txt"));
        File.ReadAllBytes(Path.Combine(into, "notes.txt")).ShouldBe(content);
        Directory.EnumerateFileSystemEntries(into).Count().ShouldBe(1);
        Run("alice", "file", "list").ShouldContain("fetched by 1");

        var (code, _, errors) = PeerChatProgram.Run(
            _homes.Of("bob"),
            "file",
            "get",
            id[..8],
            "-o",
            Path.Combine(into, "notes.txt")
        );
        code.ShouldBe(2);
        errors.ShouldContain("is there already");

        Run("alice", "recall", id, "--to", Name("bob"));
        WaitFor(() =>
            !Directory.EnumerateFiles(_homes.Of("bob"), "*.blocks", SearchOption.AllDirectories).Any()
        );
        Directory.EnumerateFiles(_homes.Of("alice"), "*.blocks", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_daemon_send_stays_until_it_was_fetched()
    {
        using var bob = Daemon("bob", "--accept-any");
        var content = Write("alice", "a.bin", 100_000);
        using var send = PeerChatProgram.Start(
            _homes.Of("alice"),
            "",
            [
                "file",
                "send",
                PathOf("alice", "a.bin"),
                "--join",
                Name("bob"),
                "--user",
                Name("alice"),
                "--json",
            ]
        );
        WaitFor(() => Run("bob", "file", "list").Contains("a.bin", StringComparison.Ordinal));
        var into = Directory.CreateDirectory(PathOf("bob", "into")).FullName;
        Run("bob", "file", "get", "1", "-o", into);
        File.ReadAllBytes(Path.Combine(into, "a.bin")).ShouldBe(content);
        send.WaitForExit().ShouldBe(0);
        send.Output.ShouldContain("\"type\":\"transfer\"");
    }

    [Fact]
    public void Pipes_work_at_both_ends()
    {
        using var bob = Daemon("bob", "--accept-any");
        using var alice = Daemon("alice");
        Run("alice", "send", "--to", Name("bob"), "hello", "--wait", "delivered");
        using var send = PeerChatProgram.Start(
            _homes.Of("alice"),
            "what another program wrote",
            ["file", "send", "-", "--name", "piped.txt", "--join", Name("bob"), "--wait", "announced"]
        );
        send.WaitForExit().ShouldBe(0, send.Errors);
        WaitFor(() => Run("bob", "file", "list").Contains("piped.txt", StringComparison.Ordinal));
        Run("bob", "file", "get", "1", "-o", "-").TrimEnd('\n', '\r').ShouldBe("what another program wrote");
        Directory
            .EnumerateFiles(_homes.Of("alice"), "*", SearchOption.AllDirectories)
            .ShouldNotContain(file => file.Contains("spool", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Kills_of_both_sides_at_any_point_cost_nothing(int seed)
    {
        var random = new Random(seed);
        var (size, kills) = IsLong ? (1024 * 1024 * 1024, 30) : (GreatSize, 6);
        string[] slow = ["--accept-any", "--download-limit", IsLong ? "100000" : "12000"];
        var bob = Daemon("bob", slow);
        var alice = Daemon("alice");
        try
        {
            var hash = AnnounceGreat(size, seed);
            File.Delete(PathOf("alice", "big.bin")); // what was announced is kept
            var into = Directory.CreateDirectory(PathOf("bob", "into")).FullName;
            var placed = Path.Combine(into, "big.bin");
            using (var get = PeerChatProgram.Start(_homes.Of("bob"), "", ["file", "get", "1", "-o", into]))
            {
                // Killed with its node a moment later; the node goes on at its next start
                for (var kill = 0; kill < kills; kill++)
                {
                    var goal = (long)(size * (kill + random.NextDouble()) / kills);
                    WaitFor(() => BytesFetched() >= goal || File.Exists(placed));
                    if (random.Next(2) == 0)
                    {
                        alice.Kill();
                        alice = Daemon("alice");
                    }
                    else
                    {
                        bob.Kill();
                        get.Dispose();
                        bob = Daemon("bob", slow);
                    }
                }
            }

            WaitFor(() => File.Exists(placed));
            using var stream = File.OpenRead(placed);
            Convert.ToHexString(SHA256.HashData(stream)).ShouldBe(hash);
            WaitFor(() => Directory.EnumerateFileSystemEntries(into).Count() == 1);
        }
        finally
        {
            alice.Dispose();
            bob.Dispose();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_great_file_that_is_given_up_leaves_nothing_behind(bool isKilledBefore)
    {
        string[] slow = ["--accept-any", "--download-limit", "12000"];
        using var alice = Daemon("alice");
        var bob = Daemon("bob", slow);
        try
        {
            var hash = AnnounceGreat(GreatSize, 1);
            var into = Directory.CreateDirectory(PathOf("bob", "into")).FullName;
            using (var get = PeerChatProgram.Start(_homes.Of("bob"), "", ["file", "get", "1", "-o", into]))
            {
                WaitFor(() => Directory.EnumerateDirectories(into, ".peerchat-*.part").Any());
                File.Exists(Path.Combine(into, "big.bin")).ShouldBeFalse();
                if (isKilledBefore)
                {
                    bob.Kill();
                    get.Dispose();
                    bob = Daemon("bob", slow);
                }

                Run("bob", "file", "cancel", "1");
            }

            WaitFor(() => !Directory.EnumerateFileSystemEntries(into).Any());

            bob.Dispose();
            bob = Daemon("bob", "--accept-any");
            Run("bob", "file", "get", "1", "-o", into);
            using var stream = File.OpenRead(Path.Combine(into, "big.bin"));
            Convert.ToHexString(SHA256.HashData(stream)).ShouldBe(hash);
            Directory.EnumerateFileSystemEntries(into).Count().ShouldBe(1);
        }
        finally
        {
            bob.Dispose();
        }
    }

    [Fact]
    public void A_folder_of_thousands_of_files_comes_as_it_went()
    {
        var count = IsLong ? 100_000 : 2_000;
        using var bob = Daemon("bob", "--accept-any");
        using var alice = Daemon("alice");
        Run("alice", "send", "--to", Name("bob"), "hello", "--wait", "delivered");
        for (var number = 0; number < count; number++)
        {
            // Half of them in one folder, which makes a HAMT of it
            var folder = PathOf("alice", number % 2 == 0 ? "tree/one" : $"tree/many/{number % 97}");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"file {number}.txt"), $"content {number}");
        }

        Run("alice", "file", "send", PathOf("alice", "tree"), "--join", Name("bob"), "--wait", "announced");
        WaitFor(() => Run("bob", "file", "list").Contains("tree", StringComparison.Ordinal));
        var into = Directory.CreateDirectory(PathOf("bob", "into")).FullName;
        Run("bob", "file", "get", "1", "-o", into);
        for (var number = 0; number < count; number++)
        {
            var path = number % 2 == 0 ? "tree/one" : $"tree/many/{number % 97}";
            File.ReadAllText(Path.Combine(into, path, $"file {number}.txt")).ShouldBe($"content {number}");
        }

        Directory.EnumerateFiles(into, "*", SearchOption.AllDirectories).Count().ShouldBe(count);
    }

    [Fact]
    public void A_disk_that_is_full_is_said_and_the_rest_comes_when_there_is_room()
    {
        var small = Environment.GetEnvironmentVariable("PEERCHAT_TEST_FETCH_DISK");
        Assert.SkipWhen(small is null, "Needs a file system of 16 MB in PEERCHAT_TEST_FETCH_DISK.");
        const int Size = 6_000_000;
        var home = Directory.CreateDirectory(Path.Combine(small!, "bob")).FullName;
        using var alice = Daemon("alice");
        using var bob = PeerChatProgram.Start(home, ["daemon", "--user", Name("bob"), "--accept-any"]);
        bob.WaitForErrors("runs the node");
        Run("alice", "send", "--to", Name("bob"), "hello", "--wait", "delivered");
        var content = Write("alice", "wide.bin", Size);
        Run(
            "alice",
            "file",
            "send",
            PathOf("alice", "wide.bin"),
            "--join",
            Name("bob"),
            "--wait",
            "announced"
        );
        WaitFor(() =>
            PeerChatProgram.Run(home, "file", "list").Output.Contains("wide.bin", StringComparison.Ordinal)
        );

        var filler = Path.Combine(small!, "filler");
        using (var file = File.Create(filler))
        {
            file.Write(new byte[new DriveInfo(small!).AvailableFreeSpace - 3_000_000]);
        }

        var into = Directory.CreateDirectory(PathOf("bob", "into")).FullName; // on the other disk
        var (code, _, errors) = PeerChatProgram.Run(home, "file", "get", "1", "-o", into);
        code.ShouldNotBe(0);
        errors.ShouldContain("The disk is full");
        Directory.EnumerateFileSystemEntries(into).ShouldBeEmpty();

        File.Delete(filler);
        (code, _, errors) = PeerChatProgram.Run(home, "file", "get", "1", "-o", into);
        code.ShouldBe(0, errors);
        File.ReadAllBytes(Path.Combine(into, "wide.bin")).ShouldBe(content);
    }

    // Sealed blocks lie in packs, and go when the file is in its place
    private long BytesFetched() =>
        Directory
            .EnumerateFiles(_homes.Of("bob"), "*.blocks", SearchOption.AllDirectories)
            .Sum(path => new FileInfo(path) is { Exists: true } file ? file.Length : 0);

    private string PathOf(string who, string name) => Path.Combine(_homes.Of(who), name);

    private byte[] Write(string who, string name, int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        File.WriteAllBytes(PathOf(who, name), bytes);
        return bytes;
    }

    private string AnnounceGreat(long size, int seed)
    {
        Run("alice", "send", "--to", Name("bob"), "hello", "--wait", "delivered");
        var hash = WriteGreat("alice", "big.bin", size, seed);
        Run(
            "alice",
            "file",
            "send",
            PathOf("alice", "big.bin"),
            "--join",
            Name("bob"),
            "--wait",
            "announced"
        );
        WaitFor(() => Run("bob", "file", "list").Contains("big.bin", StringComparison.Ordinal));
        return hash;
    }

    private string WriteGreat(string who, string name, long size, int seed)
    {
        var random = new Random(seed);
        var piece = new byte[1024 * 1024];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.Create(PathOf(who, name));
        for (long at = 0; at < size; at += piece.Length)
        {
            random.NextBytes(piece);
            hash.AppendData(piece);
            file.Write(piece);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void WaitFor(Func<bool> holds)
    {
        var until = DateTime.UtcNow + PeerChatProgram.Patience;
        while (!holds())
        {
            DateTime.UtcNow.ShouldBeLessThan(until);
        }
    }

    private string Name(string who) => _homes.Name(who);

    private PeerChatProgram Daemon(string who, params string[] more)
    {
        var daemon = PeerChatProgram.Start(_homes.Of(who), ["daemon", "--user", Name(who), .. more]);
        daemon.WaitForErrors("runs the node");
        return daemon;
    }

    private string Run(string who, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(who), arguments);
        code.ShouldBe(0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }
}
