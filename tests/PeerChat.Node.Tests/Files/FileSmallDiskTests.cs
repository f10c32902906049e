using PeerChat.Node.Files;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

public sealed class FileSmallDiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-files-");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_full_disk_is_named_and_leaves_nothing()
    {
        var small = Environment.GetEnvironmentVariable("PEERCHAT_TEST_SMALL_DISK");
        Assert.SkipWhen(small is null, "Needs a small file system in PEERCHAT_TEST_SMALL_DISK.");
        using (var big = File.Create(At("big")))
        {
            big.SetLength(new DriveInfo(small!).AvailableFreeSpace + (4 * 1024 * 1024));
        }

        FileContent.ExportCar(At("big"), false, At("big.car"), null, CancellationToken.None);
        var into = Directory.CreateDirectory(Path.Combine(small!, "into"));
        Should
            .Throw<FileException>(() =>
                FileContent.ImportCar(At("big.car"), null, into.FullName, "b", null, CancellationToken.None)
            )
            .Failure.ShouldBe(FileFailure.DiskFull);
        into.GetFileSystemInfos().ShouldBeEmpty();
        into.Delete();
    }

    [Fact]
    public void A_full_disk_is_said_and_what_came_before_stays()
    {
        var small = Environment.GetEnvironmentVariable("PEERCHAT_TEST_SMALL_DISK");
        Assert.SkipWhen(small is null, "Needs a small file system in PEERCHAT_TEST_SMALL_DISK.");
        using var store = new BlockStore(Path.Combine(small!, "files"));
        var first = new byte[100];
        var address = SealedBlock.AddressOf(first);
        var pack = store.Use("pack");
        pack.Add(address, first);
        var great = new byte[new DriveInfo(small!).AvailableFreeSpace + (1024 * 1024)];
        var full = Should.Throw<IOException>(() => pack.Add(default, great));
        FileException.IsFull(full).ShouldBeTrue();
        pack.SizeOf(default).ShouldBeNull();
        pack.Read(address, size => new byte[size])!.Value.ToArray().ShouldBe(first);
        store.Release("pack");
        store.Delete("pack");
        Directory.EnumerateFiles(store.Folder).ShouldBeEmpty();
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
