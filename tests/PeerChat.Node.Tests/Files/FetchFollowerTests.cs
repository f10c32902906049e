using PeerChat.Node.Engine;
using PeerChat.Node.Files;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

/// <summary>A file that is written beside its place while its blocks come.</summary>
public sealed class FetchFollowerTests : IDisposable
{
    private const int Chunks = 9;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-follow-");
    private readonly byte[] _content = new byte[(Chunks * FileLimits.ChunkSize) - 5];
    private readonly List<(Bytes32 Address, byte[] Block)> _blocks = [];
    private readonly BlockStore _store;
    private readonly FileAnnouncement _file;

    public FetchFollowerTests()
    {
        new Random(1).NextBytes(_content);
        _store = new BlockStore(Path.Combine(_folder.FullName, "packs"));
        _file = Seal();
    }

    private string Target => Path.Combine(_folder.FullName, "target");

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task It_lies_in_its_place_only_when_that_is_allowed_in_whatever_order_blocks_come(int seed)
    {
        using var follower = new FetchFollower();
        var (putting, reports) = Put(follower);
        var pack = _store.Get(_file.Address.ToString());
        var order = _blocks.ToArray();
        new Random(seed).Shuffle(order);
        foreach (var (address, block) in order)
        {
            pack.Add(address, block);
        }

        // All of it is written sooner or later, beside its place
        while (Unfinished() is not { Length: > 0 } beside || new FileInfo(beside).Length < _content.Length)
        {
            putting.IsCompleted.ShouldBeFalse();
            await Task.Yield();
        }

        Directory.EnumerateFiles(Target).ShouldBeEmpty();
        follower.Go();
        await putting;
        File.ReadAllBytes(Path.Combine(Target, "great.bin")).ShouldBe(_content);
        Directory.EnumerateDirectories(Target).ShouldBeEmpty();
        reports.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_is_given_up_leaves_nothing()
    {
        using var follower = new FetchFollower();
        var (putting, _) = Put(follower);
        var pack = _store.Get(_file.Address.ToString());
        foreach (var (address, block) in _blocks.Skip(2))
        {
            pack.Add(address, block);
        }

        follower.End.Cancel();
        await putting;
        Directory.EnumerateFileSystemEntries(Target).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pack_that_is_deleted_meanwhile_ends_it()
    {
        using var follower = new FetchFollower();
        var (putting, _) = Put(follower);
        var name = _file.Address.ToString();
        while (!_store.Exists(name) || !Directory.Exists(Target))
        {
            await Task.Yield();
        }

        _store.Delete(name);
        await putting;
        Directory.EnumerateFileSystemEntries(Target).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_came_for_too_long()
    {
        var pack = _store.Get(_file.Address.ToString());
        pack.WaitFor(_file.Address, TimeSpan.Zero, CancellationToken.None).ShouldBeFalse();
        foreach (var (address, block) in _blocks)
        {
            pack.Add(address, block);
        }

        pack.WaitFor(_file.Address, TimeSpan.Zero, CancellationToken.None).ShouldBeTrue();
        FetchFollower.Patience.ShouldBe(TimeSpan.FromSeconds(10));
        FetchFollower.Worth.ShouldBe(32 * 1024 * 1024);
    }

    private (Task Putting, List<Action<NodeEngine>> Reports) Put(FetchFollower follower)
    {
        var reports = new List<Action<NodeEngine>>();
        var job = new FileJob.Put(
            1,
            _file,
            _store,
            Target,
            null,
            WasBegun: false,
            follower.End.Token,
            follower
        );
        return (Task.Run(() => new FileWork(reports.Add).Do(job)), reports);
    }

    private string? Unfinished() =>
        Directory.Exists(Target)
            ? Directory.EnumerateFiles(Target, "*", SearchOption.AllDirectories).FirstOrDefault()
            : null;

    private FileAnnouncement Seal()
    {
        var key = new Bytes32([.. Enumerable.Repeat((byte)7, Bytes32.Size)]);
        var sink = new SealingSink(key, (address, block) => _blocks.Add((address, block.ToArray())));
        var path = Path.Combine(_folder.FullName, "source");
        File.WriteAllBytes(path, _content);
        var found = new PathReader(sink, false, new ProgressMeter(null, null), CancellationToken.None).Read(
            path
        );
        return new FileAnnouncement(
            found.Root,
            sink.AddressOf(found.Root),
            key,
            "great.bin",
            found.Bytes,
            found.Files,
            found.IsFolder,
            ""
        );
    }
}
