using Microsoft.Data.Sqlite;
using PeerChat.Node.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

public sealed class ProfileDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DatabasePath => _folder.In("history.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_go_by_the_numbers_of_parameters_and_not_by_their_places()
    {
        using var database = ProfileDatabase.OpenOwner(DatabasePath);

        database
            .Read("SELECT $2, $1, $2", row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), 1L, 2L)
            .ShouldBe([(2L, 1L, 2L)]);
    }

    [Fact]
    public void Migrations_are_numbered_from_1_without_a_gap() =>
        Migrations.Numbers.ShouldBe(Enumerable.Range(1, Migrations.CurrentVersion));

    [Fact]
    public void Opens_with_the_settings_that_durability_and_recall_rest_on()
    {
        using var database = ProfileDatabase.OpenOwner(DatabasePath);

        database.Read("PRAGMA journal_mode", row => row.GetString(0)).ShouldBe(["wal"]);
        database.ReadNumber("PRAGMA synchronous").ShouldBe(2); // FULL
        database.ReadNumber("PRAGMA foreign_keys").ShouldBe(1);
        database.ReadNumber("PRAGMA secure_delete").ShouldBe(1);
        database.ReadNumber("PRAGMA trusted_schema").ShouldBe(0);
        database.ReadNumber("PRAGMA user_version").ShouldBe(Migrations.CurrentVersion);
    }

    [Fact]
    public void The_memory_for_pages_grows_with_the_file_and_no_further_than_its_limit()
    {
        const int BytesACommit = 512 * 1024;
        using (var database = ProfileDatabase.OpenOwner(DatabasePath))
        {
            database.ReadNumber("PRAGMA cache_size").ShouldBe(-ProfileDatabase.LeastCache);
            database.Write("CREATE TABLE filler (bytes BLOB)");
            for (var i = 0; i < 160; i++)
            {
                database.Write("INSERT INTO filler VALUES (zeroblob($1))", (long)BytesACommit);
                database.Commit();
                if (i == 31)
                {
                    // 16 MiB: a quarter of them, in steps of two
                    database
                        .ReadNumber("PRAGMA cache_size")
                        .ShouldBeInRange(-4 * ProfileDatabase.LeastCache, -2 * ProfileDatabase.LeastCache);
                }
            }

            database.ReadNumber("PRAGMA cache_size").ShouldBe(-ProfileDatabase.MostCache);
        }

        using var again = ProfileDatabase.OpenOwner(DatabasePath);
        again.ReadNumber("PRAGMA cache_size").ShouldBe(-ProfileDatabase.MostCache);
    }

    [Fact]
    public void Refuses_a_newer_schema_and_leaves_the_file_as_it_is()
    {
        using (var database = ProfileDatabase.OpenOwner(DatabasePath))
        {
            database.Run($"PRAGMA user_version = {Migrations.CurrentVersion + 1}");
        }

        var before = File.ReadAllBytes(DatabasePath);
        var refusal = Should.Throw<StorageException>(() => ProfileDatabase.OpenOwner(DatabasePath));
        refusal.Problem.ShouldBe(StorageProblem.NewerSchema);
        refusal.Message.ShouldContain("newer PeerChat");
        Should
            .Throw<StorageException>(() => ProfileDatabase.OpenReadOnly(DatabasePath))
            .Problem.ShouldBe(StorageProblem.NewerSchema);
        File.ReadAllBytes(DatabasePath).ShouldBe(before);
    }

    [Fact]
    public void A_reader_does_not_bring_an_older_schema_up_to_date()
    {
        // An empty file is the oldest schema there is.
        File.WriteAllBytes(_folder.In("empty.db"), []);
        Should
            .Throw<StorageException>(() => ProfileDatabase.OpenReadOnly(_folder.In("empty.db")))
            .Problem.ShouldBe(StorageProblem.OlderSchema);
    }

    [Fact]
    public void Refuses_garbage_and_leaves_it_as_it_is()
    {
        var garbage = Enumerable.Range(0, 9000).Select(i => (byte)(i * 7)).ToArray();
        File.WriteAllBytes(DatabasePath, garbage);

        Should
            .Throw<StorageException>(() => ProfileDatabase.OpenOwner(DatabasePath))
            .Problem.ShouldBe(StorageProblem.Corrupt);
        File.ReadAllBytes(DatabasePath).ShouldBe(garbage);
    }

    [Fact]
    public void Refuses_the_database_of_another_program()
    {
        using (var raw = Raw())
        {
            Execute(raw, "CREATE TABLE bookmarks (url TEXT)");
        }

        Should
            .Throw<StorageException>(() => ProfileDatabase.OpenOwner(DatabasePath))
            .Problem.ShouldBe(StorageProblem.Corrupt);
    }

    [Fact]
    public void A_truncated_file_is_damaged_and_never_an_unnamed_failure()
    {
        using (var database = ProfileDatabase.OpenOwner(DatabasePath))
        {
            WriteRows(database, 200);
            database.Commit();
        }

        var whole = File.ReadAllBytes(DatabasePath);
        const int LastPage = 4096; // a stump of it reads as rows of zeros, which their seals find out
        for (var length = 1; length < whole.Length - LastPage; length += 5003)
        {
            File.WriteAllBytes(DatabasePath, whole[..length]);
            var refusal = Should.Throw<StorageException>(() =>
            {
                using var database = ProfileDatabase.OpenOwner(DatabasePath);
                database.ReadNumber("SELECT sum(length(sealed)) FROM drafts");
            });
            refusal.Problem.ShouldBe(StorageProblem.Corrupt, $"{length} bytes");
        }
    }

    [Fact]
    public void Overwritten_pages_are_damage_and_never_an_unnamed_failure()
    {
        using (var database = ProfileDatabase.OpenOwner(DatabasePath))
        {
            WriteRows(database, 200);
            database.Commit();
        }

        var whole = File.ReadAllBytes(DatabasePath);
        var random = new Random(11);
        for (var round = 0; round < 100; round++)
        {
            var damaged = (byte[])whole.Clone();
            random.NextBytes(damaged.AsSpan(random.Next(damaged.Length - 500), 500));
            File.WriteAllBytes(DatabasePath, damaged);
            try
            {
                using var database = ProfileDatabase.OpenOwner(DatabasePath);
                database.Read("SELECT chat_key, sealed FROM drafts", row => row.GetBytes(1));
                WriteRows(database, 5);
                database.Commit();
            }
            catch (StorageException)
            {
                // Named; which one depends on where the damage lies.
            }
        }
    }

    [Fact]
    public void A_full_disk_loses_the_open_transaction_only_and_breaks_the_connection()
    {
        using (var database = ProfileDatabase.OpenOwner(DatabasePath))
        {
            WriteRows(database, 10);
            database.Commit();
            database.Run($"PRAGMA max_page_count = {database.ReadNumber("PRAGMA page_count") + 5}");

            var failure = Should.Throw<StorageException>(() =>
            {
                WriteRows(database, 1000);
                database.Commit();
            });

            failure.Problem.ShouldBe(StorageProblem.DiskFull);
            failure.Message.ShouldContain("free some space");
            database.Broken.ShouldBeTrue();
            database.HasPendingWrites.ShouldBeFalse();
            database.ReadNumber("SELECT count(*) FROM drafts").ShouldBe(10);
            Should.Throw<StorageException>(() => WriteRows(database, 1));
            database.Commit();
        }

        using var again = ProfileDatabase.OpenOwner(DatabasePath);
        again.Broken.ShouldBeFalse();
        again.ReadNumber("SELECT count(*) FROM drafts").ShouldBe(10);
        again.Read("PRAGMA integrity_check", row => row.GetString(0)).ShouldBe(["ok"]);
        WriteRows(again, 1);
        again.Commit();
        again.ReadNumber("SELECT count(*) FROM drafts").ShouldBe(11);
    }

    [Fact]
    public void A_commit_that_fails_breaks_the_connection()
    {
        using (var database = ProfileDatabase.OpenOwner(DatabasePath))
        {
            // A foreign key that is checked at the commit only.
            database.Run("PRAGMA defer_foreign_keys = ON");
            database.Write("INSERT INTO drafts VALUES (x'01', x'02')");
            database.Run("PRAGMA defer_foreign_keys = ON");
            database.Write(
                "INSERT INTO statements (room, kind, author, counter, sealed) VALUES (99, 1, 98, 1, x'')"
            );

            Should.Throw<StorageException>(database.Commit).Problem.ShouldBe(StorageProblem.Other);
            database.Broken.ShouldBeTrue();
        }

        using var again = ProfileDatabase.OpenOwner(DatabasePath);
        again.ReadNumber("SELECT count(*) FROM drafts").ShouldBe(0);
    }

    [Fact]
    public void A_file_that_turns_read_only_is_named()
    {
        using var database = ProfileDatabase.OpenOwner(DatabasePath);
        database.Run("PRAGMA query_only = ON"); // the same result code as a file without write permission

        Should
            .Throw<StorageException>(() => WriteRows(database, 1))
            .Problem.ShouldBe(StorageProblem.ReadOnly);
        database.Broken.ShouldBeTrue();
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_named()
    {
        Directory.CreateDirectory(DatabasePath);

        Should
            .Throw<StorageException>(() => ProfileDatabase.OpenOwner(DatabasePath))
            .Problem.ShouldBe(StorageProblem.ReadOnly);
    }

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_named()
    {
        File.WriteAllText(_folder.In("file"), "");

        var failure = Should.Throw<StorageException>(() =>
            ProfileDatabase.OpenOwner(Path.Combine(_folder.In("file"), "history.db"))
        );
        failure.Message.ShouldNotContain(" at ");
    }

    [Fact]
    public void Rolling_back_forgets_and_leaves_the_connection_usable()
    {
        using var database = ProfileDatabase.OpenOwner(DatabasePath);
        WriteRows(database, 3);
        database.Rollback();
        database.Broken.ShouldBeFalse();
        WriteRows(database, 2);
        database.Commit();

        database.ReadNumber("SELECT count(*) FROM drafts").ShouldBe(2);
    }

    [Fact]
    public void The_log_is_not_truncated_in_the_middle_of_a_transaction()
    {
        using var database = ProfileDatabase.OpenOwner(DatabasePath);
        WriteRows(database, 1);
        Should.Throw<InvalidOperationException>(() => database.TruncateLog());
    }

    [Fact]
    public void Another_writer_is_named_after_the_wait()
    {
        using var database = ProfileDatabase.OpenOwner(DatabasePath, busySeconds: 1);
        using var raw = Raw();
        Execute(raw, "BEGIN IMMEDIATE");

        Should.Throw<StorageException>(() => WriteRows(database, 1)).Problem.ShouldBe(StorageProblem.Locked);
    }

    private static void WriteRows(ProfileDatabase database, int count)
    {
        var next = database.ReadNumber("SELECT count(*) FROM drafts");
        for (var i = 0; i < count; i++)
        {
            database.Write(
                "INSERT INTO drafts (chat_key, sealed) VALUES ($1, $2)",
                BitConverter.GetBytes(next + i),
                new byte[500]
            );
        }
    }

    private SqliteConnection Raw()
    {
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
