using System.Text;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms;
using Shouldly;
using Xunit;
using static PeerChat.Node.Tests.Storage.Samples;

namespace PeerChat.Node.Tests.Storage;

public sealed class ProfileStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_restart_keeps_everything()
    {
        var entry = Entry(Room(), "alice", 1);
        string id;
        using (var store = _folder.OpenOwner())
        {
            store.IsNew.ShouldBeTrue();
            id = store.Keystore.PeerId.ToString();
            store.Rooms.Append(entry);
            store.Rooms.WriteSecret("secret", [7]);
            store.Contacts.Write(Contact("bob", "Bobby"));
            store.OpenRooms.Write(new OpenRoom(Room("dev"), "dev", new byte[] { 1, 2 }, new WallTime(5)));
            store.Outbox.Add("carol", "hello", new WallTime(6));
            store.Drafts.Write("@bob", "half a sen");
            store.Drafts.AddInputLine("@bob", "/help");
            store.Settings.Write("announced", "yes");
            store.Commit();
        }

        using var again = _folder.OpenOwner();
        again.IsNew.ShouldBeFalse();
        again.Keystore.PeerId.ToString().ShouldBe(id);
        ShouldBe(again.Rooms.Find(entry.Id), entry);
        again.Rooms.ReadSecret("secret").ShouldBe([7]);
        again.Contacts.Find(Peer("bob"))!.Petname.ShouldBe("Bobby");
        again.OpenRooms.Find("dev")!.Secret.ToArray().ShouldBe([1, 2]);
        again.Outbox.ReadAll().ShouldHaveSingleItem().Text.ShouldBe("hello");
        again.Drafts.Read("@bob").ShouldBe("half a sen");
        again.Drafts.ReadInputLines("@bob").ShouldBe(["/help"]);
        again.Settings.Read("announced").ShouldBe("yes");
    }

    [Fact]
    public void A_kill_keeps_what_was_committed_and_nothing_else()
    {
        using var store = _folder.OpenOwner();
        store.Rooms.Append(Entry(Room(), "alice", 1));
        store.Commit();
        store.Rooms.Append(Entry(Room(), "alice", 2));
        store.Drafts.Write("@bob", "never committed");

        using var after = TemporaryFolder.OpenOwner(_folder.CopyAsAfterPowerCut());
        after.Rooms.ReadHeads(Room()).ShouldHaveSingleItem().Seq.ShouldBe(1UL);
        after.Drafts.Read("@bob").ShouldBe("");
    }

    [Fact]
    public void A_log_torn_in_a_power_cut_loses_the_last_commit_at_most()
    {
        using var store = _folder.OpenOwner();
        store.Rooms.Append(Entry(Room(), "alice", 1));
        store.Commit();
        var whole = new FileInfo(_folder.Profile.DatabasePath + "-wal").Length;
        store.Rooms.Append(Entry(Room(), "alice", 2));
        store.Commit();
        var copy = _folder.CopyAsAfterPowerCut();
        using (var log = File.OpenWrite(copy.DatabasePath + "-wal"))
        {
            log.SetLength(whole + 1000); // in the middle of the second commit
        }

        using var after = TemporaryFolder.OpenOwner(copy);
        after.Rooms.ReadHeads(Room()).ShouldHaveSingleItem().Seq.ShouldBe(1UL);
    }

    [Fact]
    public void Closing_without_a_commit_forgets()
    {
        using (var store = _folder.OpenOwner())
        {
            store.Drafts.Write("@bob", "text");
            store.HasPendingWrites.ShouldBeTrue();
        }

        using var again = _folder.OpenOwner();
        again.Drafts.Read("@bob").ShouldBe("");
    }

    [Fact]
    public void A_commit_without_writes_does_nothing()
    {
        using var store = _folder.OpenOwner();
        var log = new FileInfo(_folder.Profile.DatabasePath + "-wal");
        store.Commit();
        var before = log.Length;
        store.Commit();
        log.Refresh();
        log.Length.ShouldBe(before);
        store.HasPendingWrites.ShouldBeFalse();
    }

    [Fact]
    public void No_text_name_draft_or_secret_stands_in_the_files()
    {
        string[] marks =
        [
            "outbox-text-quokka",
            "outbox-target-numbat",
            "draft-bilby",
            "chat-name-dunnart",
            "input-line-potoroo",
            "claimed-name-bettong",
            "petname-wombat",
            "room-name-bandicoot",
            "room-secret-wallaby",
            "secret-name-kowari",
            "secret-value-quoll",
            "statement-cuscus",
            "setting-value-glider",
        ];
        var contact = Contact(marks[5], marks[6]);
        using var store = _folder.OpenOwner();
        store.Outbox.Add(marks[1], marks[0], new WallTime(1));
        store.Drafts.Write(marks[3], marks[2]);
        store.Drafts.AddInputLine(marks[3], marks[4]);
        store.Contacts.Write(contact);
        store.OpenRooms.Write(new OpenRoom(Room("r"), marks[7], Encoding.UTF8.GetBytes(marks[8]), default));
        store.Rooms.WriteSecret(marks[9], Encoding.UTF8.GetBytes(marks[10]));
        store.Rooms.WriteStatement(
            Room(),
            StatementKind.Profile,
            Author("a"),
            1,
            Encoding.UTF8.GetBytes(marks[11])
        );
        store.Settings.Write("known-word", marks[12]);
        store.Commit();

        var bytes = AllBytes();
        bytes.AsSpan().IndexOf("known-word"u8).ShouldBeGreaterThan(0, "or the search finds nothing at all");
        foreach (var mark in marks)
        {
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)).ShouldBe(-1, mark);
            bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(mark)).ShouldBe(-1, mark);
        }

        bytes.AsSpan().IndexOf(contact.PeerId.Value.ToArray()).ShouldBe(-1);
        bytes.AsSpan().IndexOf(contact.SigningKey.Span).ShouldBe(-1);
        bytes.AsSpan().IndexOf(new byte[] { 192, 0, 2, 77 }).ShouldBe(-1);
        bytes.AsSpan().IndexOf(store.Keystore.StoreKey).ShouldBe(-1);

        // And after everything has moved from the log into the file.
        store.TruncateLog().ShouldBeTrue();
        new FileInfo(_folder.Profile.DatabasePath + "-wal").Length.ShouldBe(0);
        var moved = AllBytes();
        foreach (var mark in marks)
        {
            moved.AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)).ShouldBe(-1, mark);
        }

        byte[] AllBytes() =>
            [
                .. Directory
                    .GetFiles(_folder.Profile.FullPath, "history.db*")
                    .SelectMany(path =>
                    {
                        using var file = new FileStream(
                            path,
                            FileMode.Open,
                            FileAccess.Read,
                            FileShare.ReadWrite
                        );
                        var content = new byte[file.Length];
                        file.ReadExactly(content);
                        return content;
                    }),
            ];
    }

    [Fact]
    public void What_was_deleted_is_gone_from_the_files()
    {
        using var store = _folder.OpenOwner();
        var payload = Encoding.UTF8.GetBytes("ciphertext-to-recall".PadRight(3000, '.'));
        store.Rooms.Append(Entry(Room(), "alice", 1) with { Payload = payload });
        store.Commit();
        store.Database.Write("UPDATE entries SET payload = x''");
        store.Commit();
        store.TruncateLog().ShouldBeTrue();

        foreach (var file in Directory.GetFiles(_folder.Profile.FullPath, "history.db*"))
        {
            File.ReadAllBytes(file).AsSpan().IndexOf(payload.AsSpan(0, 20)).ShouldBe(-1, file);
        }
    }

    [Fact]
    public void A_sealed_value_opens_in_its_own_row_only()
    {
        using var store = _folder.OpenOwner();
        store.Drafts.Write("@bob", "for bob");
        store.Drafts.Write("@eve", "for eve");
        var rows = store.Database.Read(
            "SELECT chat_key, sealed FROM drafts",
            row => (Key: row.GetBytes(0), Sealed: row.GetBytes(1))
        );
        store.Database.Write(
            "UPDATE drafts SET sealed = $2 WHERE chat_key = $1",
            rows[0].Key,
            rows[1].Sealed
        );
        store.Database.Write(
            "UPDATE drafts SET sealed = $2 WHERE chat_key = $1",
            rows[1].Key,
            rows[0].Sealed
        );

        foreach (var chat in new[] { "@bob", "@eve" })
        {
            Should
                .Throw<StorageException>(() => store.Drafts.Read(chat))
                .Problem.ShouldBe(StorageProblem.Corrupt);
        }
    }

    [Fact]
    public void A_reader_works_beside_the_owner_and_sees_what_is_committed()
    {
        using var owner = _folder.OpenOwner();
        owner.Drafts.Write("@bob", "one");
        owner.Commit();
        using var reader = _folder.OpenReadOnly();
        reader.Drafts.Read("@bob").ShouldBe("one");

        owner.Drafts.Write("@bob", "two");
        reader.Drafts.Read("@bob").ShouldBe("one");
        owner.Commit();
        reader.Drafts.Read("@bob").ShouldBe("two");

        Should.Throw<InvalidOperationException>(() => reader.Drafts.Write("@bob", "three"));
    }

    [Fact]
    public void A_reader_works_without_an_owner_and_makes_nothing()
    {
        using (var owner = _folder.OpenOwner())
        {
            owner.Drafts.Write("@bob", "one");
            owner.Commit();
        }

        using (var reader = _folder.OpenReadOnly())
        {
            reader.Drafts.Read("@bob").ShouldBe("one");
        }

        using var again = _folder.OpenOwner();
        again.Drafts.Read("@bob").ShouldBe("one");
    }

    [Fact]
    public void A_reader_of_a_profile_that_is_not_there_says_so_and_makes_nothing()
    {
        Should
            .Throw<StorageException>(() => _folder.OpenReadOnly())
            .Problem.ShouldBe(StorageProblem.NoProfile);
        Directory.Exists(_folder.Profile.FullPath).ShouldBeFalse();
    }

    [Fact]
    public void A_second_owner_is_refused_with_the_process_of_the_first()
    {
        using (_folder.OpenOwner())
        {
            var refusal = Should.Throw<ProfileInUseException>(() => _folder.OpenOwner());
            refusal.OwnerProcessId.ShouldBe(Environment.ProcessId);
            refusal.Message.ShouldContain($"process {Environment.ProcessId}");
        }

        _folder.OpenOwner().Dispose();
    }

    [Fact]
    public void Refuses_a_history_whose_keys_are_gone_instead_of_making_a_new_identity()
    {
        _folder.OpenOwner().Dispose();
        File.Delete(_folder.Profile.KeystorePath);

        Should
            .Throw<StorageException>(() => _folder.OpenOwner())
            .Problem.ShouldBe(StorageProblem.KeysMissing);
        File.Exists(_folder.Profile.KeystorePath).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_history_of_other_keys()
    {
        _folder.OpenOwner().Dispose();
        using (var other = new TemporaryFolder())
        {
            other.OpenOwner().Dispose();
            other.OpenOwner().Dispose();
            File.Copy(other.Profile.KeystorePath, _folder.Profile.KeystorePath, overwrite: true);
        }

        Should
            .Throw<StorageException>(() => _folder.OpenOwner())
            .Problem.ShouldBe(StorageProblem.KeysOfAnother);
    }

    [Fact]
    public void Begins_an_empty_history_where_only_the_keys_are_left()
    {
        _folder.OpenOwner().Dispose();
        File.Delete(_folder.Profile.DatabasePath);

        using var store = _folder.OpenOwner();
        store.IsNew.ShouldBeFalse();
        store.Outbox.ReadAll().ShouldBeEmpty();
    }

    [Fact]
    public void Every_file_is_private_whatever_its_mode_was()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using (var store = _folder.OpenOwner())
        {
            store.Folder.WriteDisplayName("Alice");
            store.Drafts.Write("@bob", "text");
            store.Commit();
            ShouldBePrivate();
        }

        foreach (var file in Directory.GetFiles(_folder.Profile.FullPath))
        {
            File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);
        }

        File.SetUnixFileMode(_folder.Profile.FullPath, (UnixFileMode)0b111_101_101);
        using (_folder.OpenOwner())
        {
            ShouldBePrivate();
        }

        void ShouldBePrivate()
        {
            ((int)File.GetUnixFileMode(_folder.Profile.FullPath)).ShouldBe(0b111_000_000);
            var files = Directory.GetFiles(_folder.Profile.FullPath);
            files.Length.ShouldBeGreaterThan(4);
            foreach (var file in files)
            {
                ((int)File.GetUnixFileMode(file)).ShouldBe(0b110_000_000, file);
            }
        }
    }
}
