using System.IO.Compression;
using System.Text;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms;
using Shouldly;
using Xunit;
using static PeerChat.Node.Tests.Storage.Samples;

namespace PeerChat.Node.Tests.Storage;

/// <summary>Backups, what is in them, and profiles that come from them or from plain copies.</summary>
public sealed class ProfileBackupTests : IDisposable
{
    private static readonly string AuthorSecret = RoomSecrets.OfAuthor(Room())[0];
    private static readonly string LeafSecret = RoomSecrets.OfAuthor(Room())[1];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_backup_of_a_running_profile_is_restored_with_all_but_the_authors_keys()
    {
        var id = "";
        using (var running = Filled())
        {
            id = running.Keystore.PeerId.ToString();
            ProfileBackup.Write(OptionsOf(_folder.Profile), Backup, overwrite: false).Name.ShouldBe("alice");
            running.Rooms.Append(Entry(Room(), "alice", 2));
            running.Commit(); // the owner goes on
        }

        var (name, place) = ProfileBackup.Restore(OptionsOf(Elsewhere), Backup);
        (name, place).ShouldBe(("alice", Elsewhere.FullPath));
        using var restored = TemporaryFolder.OpenOwner(Elsewhere);
        restored.Keystore.PeerId.ToString().ShouldBe(id);
        restored.Rooms.ReadHeads(Room()).ShouldHaveSingleItem().Seq.ShouldBe(1UL);
        restored.Rooms.ReadSecret("room/epoch").ShouldBe([3]);
        restored.Rooms.ReadSecret(AuthorSecret).ShouldBeNull();
        restored.Rooms.ReadSecret(LeafSecret).ShouldBeNull();
        restored.Contacts.Find(Peer("bob")).ShouldNotBeNull();
        restored.CopiedAt.ShouldNotBeNull();
    }

    [Fact]
    public void Nothing_of_the_authors_keys_is_anywhere_in_the_file()
    {
        byte[][] secrets;
        using (var running = Filled())
        {
            secrets = [.. running.Database.Read("SELECT sealed FROM secrets", row => row.GetBytes(0))];
            ProfileBackup.Write(OptionsOf(_folder.Profile), Backup, overwrite: false);
        }

        var bytes = File.ReadAllBytes(Backup);
        secrets.Length.ShouldBe(3);
        secrets.Count(secret => bytes.AsSpan().IndexOf(secret) >= 0).ShouldBe(1); // the epoch's alone
        Directory.GetFiles(_folder.Profile.FullPath, "backup-*").ShouldBeEmpty();
        File.Exists(Backup + PrivateFile.UnfinishedSuffix).ShouldBeFalse();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void An_existing_file_and_an_existing_profile_are_not_replaced()
    {
        Filled().Dispose();
        ProfileBackup.Write(OptionsOf(_folder.Profile), Backup, overwrite: false);
        Refused(() => ProfileBackup.Write(OptionsOf(_folder.Profile), Backup, overwrite: false))
            .ShouldContain("--force");
        ProfileBackup.Write(OptionsOf(_folder.Profile), Backup, overwrite: true);
        Refused(() => ProfileBackup.Restore(OptionsOf(_folder.Profile), Backup))
            .ShouldContain("never replaces");
    }

    [Theory]
    [InlineData("")]
    [InlineData("no archive at all")]
    public void What_is_no_backup_is_refused_and_leaves_nothing(string content)
    {
        File.WriteAllText(Backup, content);
        Refused(() => ProfileBackup.Restore(OptionsOf(Elsewhere), Backup)).ShouldContain("no backup");
        Directory.Exists(Elsewhere.FullPath).ShouldBeFalse();
    }

    [Theory]
    [InlineData("identity.keys")]
    [InlineData("history.db")]
    [InlineData("backup.json")]
    public void A_backup_without_one_of_its_files_is_refused(string missing)
    {
        Filled().Dispose();
        ProfileBackup.Write(OptionsOf(_folder.Profile), Backup, overwrite: false);
        using (var archive = ZipFile.Open(Backup, ZipArchiveMode.Update))
        {
            archive.GetEntry(missing)!.Delete();
        }

        Refused(() => ProfileBackup.Restore(OptionsOf(Elsewhere), Backup)).ShouldContain("no backup");
        Directory.Exists(Elsewhere.FullPath).ShouldBeFalse();
        Directory.Exists(Elsewhere.FullPath + PrivateFile.UnfinishedSuffix).ShouldBeFalse();
    }

    [Fact]
    public void A_backup_of_a_newer_version_is_refused_politely()
    {
        Filled().Dispose();
        ProfileBackup.Write(OptionsOf(_folder.Profile), Backup, overwrite: false);
        using (var archive = ZipFile.Open(Backup, ZipArchiveMode.Update))
        {
            archive.GetEntry("backup.json")!.Delete();
            using var stream = archive.CreateEntry("backup.json").Open();
            stream.Write(Encoding.UTF8.GetBytes($$"""{"v":{{ProfileBackup.Version + 1}},"name":"alice"}"""));
        }

        Refused(() => ProfileBackup.Restore(OptionsOf(Elsewhere), Backup)).ShouldContain("newer PeerChat");
    }

    [Fact]
    public void A_copied_profile_gives_up_its_authors_keys_and_the_original_keeps_them()
    {
        ProfileFolder copy;
        using (Filled())
        {
            copy = _folder.CopyAsAfterPowerCut();
        }

        using (var copied = TemporaryFolder.OpenOwner(copy))
        {
            copied.CopiedAt.ShouldNotBeNull();
            copied.Rooms.ReadSecret(AuthorSecret).ShouldBeNull();
            copied.Rooms.ReadSecret("room/epoch").ShouldBe([3]);
        }

        using var original = _folder.OpenOwner();
        original.CopiedAt.ShouldBeNull();
        original.Rooms.ReadSecret(AuthorSecret).ShouldBe([1]);
    }

    [Fact]
    public void A_profile_that_was_moved_is_the_same()
    {
        Filled().Dispose();
        Directory.Move(_folder.Profile.FullPath, Elsewhere.FullPath);
        using var moved = TemporaryFolder.OpenOwner(Elsewhere);
        moved.CopiedAt.ShouldBeNull();
        moved.Rooms.ReadSecret(AuthorSecret).ShouldBe([1]);
    }

    [Fact]
    public void What_a_kill_in_the_middle_left_is_removed_at_the_next_start()
    {
        Filled().Dispose();
        var left = Path.Combine(_folder.Profile.FullPath, $"backup-{int.MaxValue}.db");
        File.WriteAllText(left, "half of a copy");
        _folder.OpenOwner().Dispose();
        File.Exists(left).ShouldBeFalse();
    }

    private string Backup => _folder.In("alice.peerchat");

    private ProfileFolder Elsewhere => ProfileLocation.At(_folder.In("elsewhere"));

    private static NodeOptions OptionsOf(ProfileFolder folder) =>
        new() { User = "alice", ProfileDirectory = folder.FullPath };

    private static string Refused(Action work) => work.ShouldThrow<NodeStartException>().Message;

    private ProfileStore Filled()
    {
        var store = _folder.OpenOwner();
        store.Rooms.Append(Entry(Room(), "alice", 1));
        store.Rooms.WriteSecret(AuthorSecret, [1]);
        store.Rooms.WriteSecret(LeafSecret, [2]);
        store.Rooms.WriteSecret("room/epoch", [3]);
        store.Contacts.Write(Contact("bob"));
        store.Commit();
        return store;
    }
}
