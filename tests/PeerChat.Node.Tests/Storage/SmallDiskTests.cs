using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Crypto;
using PeerChat.TestKit;
using Shouldly;
using Xunit;
using static PeerChat.Node.Tests.Storage.Samples;

namespace PeerChat.Node.Tests.Storage;

/// <summary>
/// What a disk that is really full does. Needs a small file system: set PEERCHAT_TEST_SMALL_DISK to a folder on one,
/// for example within <c>unshare -m</c> a tmpfs of 2 MiB. Mounted again read-only after that test, the folder serves
/// as PEERCHAT_TEST_READ_ONLY_DISK.
/// </summary>
public sealed class SmallDiskTests
{
    private const string Variable = "PEERCHAT_TEST_SMALL_DISK";
    private const string ReadOnlyVariable = "PEERCHAT_TEST_READ_ONLY_DISK";

    [Fact]
    public void A_full_disk_loses_nothing_that_was_committed()
    {
        var disk = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(disk is null, $"{Variable} is not set");
        var folder = ProfileLocation.At(Path.Combine(disk!, "profile"));
        var reserve = Path.Combine(disk!, "reserve");
        File.WriteAllBytes(reserve, new byte[500_000]);
        var committed = 0UL;
        using (var store = Open())
        {
            var failure = Should.Throw<StorageException>(() =>
            {
                for (var seq = 1UL; ; seq++)
                {
                    store.Rooms.Append(Entry(Room(), "alice", seq));
                    store.Commit();
                    committed = seq;
                }
            });
            failure.Problem.ShouldBe(StorageProblem.DiskFull);
            store.IsBroken.ShouldBeTrue();
            store.Rooms.ReadHeads(Room())[0].Seq.ShouldBe(committed);
        }

        // Still full: either it opens, or it says why not; and the files that are replaced as a whole stay whole.
        try
        {
            using var store = Open();
            store.Rooms.ReadHeads(Room())[0].Seq.ShouldBe(committed);
        }
        catch (StorageException exception)
        {
            exception.Problem.ShouldBe(StorageProblem.DiskFull);
        }

        using (
            var filler = new FileStream(
                Path.Combine(disk!, "filler"),
                FileMode.Create,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 0
            )
        )
        {
            Should.Throw<IOException>(() =>
            {
                while (true)
                {
                    filler.Write(new byte[512]);
                }
            });
        }

        Should
            .Throw<StorageException>(() =>
                ConfigFile.Parse(new string('#', 60_000)).Save(Path.Combine(disk!, "config"))
            )
            .Problem.ShouldBe(StorageProblem.DiskFull);

        File.Exists(Path.Combine(disk!, "config.new")).ShouldBeFalse();
        File.Delete(reserve);
        using var after = Open();
        after.Rooms.ReadRange(Room(), Author("alice"), 1, int.MaxValue).Count.ShouldBe((int)committed);
        after.Database.Read("PRAGMA integrity_check", row => row.GetString(0)).ShouldBe(["ok"]);
        after.Rooms.Append(Entry(Room(), "alice", committed + 1));
        after.Commit();

        ProfileStore Open() => ProfileStore.OpenOwner(folder, new SystemKeySource(), new SeededEntropy(1));
    }

    [Fact]
    public void A_read_only_disk_is_named()
    {
        var disk = Environment.GetEnvironmentVariable(ReadOnlyVariable);
        Assert.SkipWhen(disk is null, $"{ReadOnlyVariable} is not set");
        var folder = ProfileLocation.At(Path.Combine(disk!, "profile"));

        Problem(() => ProfileStore.OpenOwner(folder, new SystemKeySource(), new SeededEntropy(1)));
        Problem(() => ProfileStore.OpenReadOnly(folder, new SystemKeySource(), new SeededEntropy(1)));
        Problem(() => ProfileDatabase.OpenOwner(folder.DatabasePath));
        Problem(() => ProfileLocation.At(Path.Combine(disk!, "new")).Create());
        Problem(() => ConfigFile.Parse("").Save(Path.Combine(disk!, "new", "config")));

        static void Problem(Action action)
        {
            var failure = Should.Throw<StorageException>(action);
            failure.Problem.ShouldBe(StorageProblem.ReadOnly, failure.Message);
        }
    }
}
