using PeerChat.Node.Files;
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

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
