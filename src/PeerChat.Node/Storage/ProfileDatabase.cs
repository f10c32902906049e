using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Data.Sqlite;
using PeerChat.Node.Profiles;

namespace PeerChat.Node.Storage;

/// <summary>The one connection to a profile's SQLite file, with its open transaction and its prepared statements.</summary>
/// <remarks>
/// Used by one thread. The first write opens a transaction; <see cref="Commit"/> makes everything since then durable,
/// <see cref="Rollback"/> forgets it. Reads see what was written before, committed or not. When a write or a commit
/// fails, the transaction is gone as a whole and the object is <see cref="Broken"/>: what the program holds in memory is
/// no longer what the disk holds, so both have to be opened again.
/// </remarks>
internal sealed class ProfileDatabase : IDisposable
{
    // How long another process may hold the file before we give up: a guess, well below what a user waits for.
    private const int BusySeconds = 5;

    // What stays of the log's file after a large transaction: as much as the log grows to in everyday use (1,000 pages).
    private const string KeptLogBytes = "4096000";

    /// <summary>Memory for pages at first, in KiB, taken as they are read: SQLite's own measure.</summary>
    internal const long LeastCache = 2 * 1024;

    /// <summary>And at most: the ids' index of 100,000 entries has 5 MB and is hit at random by each that comes.</summary>
    internal const long MostCache = 16 * 1024;

    // That index is a tenth of its file: a quarter of the file holds it, and what is read beside it.
    private const long PartOfFile = 4;

    // Commits after which the file's size is looked at again.
    private const long CommitsASizing = 32;

    // One page of the smallest size that SQLite knows (sqlite.org/fileformat.html section 1.2).
    private const int SmallestFile = 512;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqlStatement> _statements = new(StringComparer.Ordinal);
    private readonly bool _readOnly;
    private long _cache;
    private bool _inTransaction;
    private bool _disposed;

    private ProfileDatabase(SqliteConnection connection, string path, bool readOnly)
    {
        _connection = connection;
        _readOnly = readOnly;
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SQLite's own handle, by which tests count what a query costs.</summary>
    internal SQLitePCL.sqlite3 Handle => _connection.Handle!;

    /// <summary>Whether there is something to commit.</summary>
    public bool HasPendingWrites => _inTransaction;

    /// <summary>Whether a write or a commit failed; nothing can be written until the file is opened again.</summary>
    public bool Broken { get; private set; }

    /// <summary>How often a transaction was lost or given up; caches of written rows end with it.</summary>
    public int Rollbacks { get; private set; }

    /// <summary>Opens the file for its owner; makes it, or brings it up to date.</summary>
    /// <exception cref="StorageException">It cannot be used; the problem says why.</exception>
    public static ProfileDatabase OpenOwner(string path, int busySeconds = BusySeconds)
    {
        try
        {
            // Made by us first, so that it is private from its first moment; SQLite gives its side files the same mode.
            using (var file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite))
            {
                // SQLite would take a stump for an empty file and begin anew.
                if (file.Length is > 0 and < SmallestFile)
                {
                    throw SqliteProblem.Damaged(path);
                }
            }

            PrivateFile.TightenFile(path + "-wal");
            PrivateFile.TightenFile(path + "-shm");
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The history could not be opened", path);
        }

        return Open(path, SqliteOpenMode.ReadWrite, busySeconds, Prepare);

        static void Prepare(ProfileDatabase database)
        {
            var version = database.CheckVersion();
            if (database.ReadText("PRAGMA journal_mode = WAL") is not "wal")
            {
                throw new StorageException(
                    StorageProblem.Other,
                    $"The file system of {database.Path} does not support what the history needs (SQLite's write-ahead log); "
                        + "choose a folder on a local disk with --profile."
                );
            }

            database.Run("PRAGMA synchronous = FULL");
            database.Run("PRAGMA foreign_keys = ON");
            database.Run("PRAGMA secure_delete = ON");
            database.Run($"PRAGMA journal_size_limit = {KeptLogBytes}");
            database.Migrate(version);
            database.SizeCache();
        }
    }

    /// <summary>Opens the file for reading beside its owner.</summary>
    /// <exception cref="StorageException">It cannot be used; the problem says why.</exception>
    public static ProfileDatabase OpenReadOnly(string path)
    {
        if (!File.Exists(path))
        {
            throw new StorageException(
                StorageProblem.NoProfile,
                $"There is no history in {path} yet; start PeerChat on this profile once."
            );
        }

        return Open(path, SqliteOpenMode.ReadOnly, BusySeconds, Prepare);

        static void Prepare(ProfileDatabase database)
        {
            database.Run("PRAGMA query_only = ON");
            if (database.CheckVersion() < Migrations.CurrentVersion)
            {
                throw new StorageException(
                    StorageProblem.OlderSchema,
                    $"The history in {database.Path} was written by an older PeerChat and has to be brought up to date first; "
                        + "end that one and start this one on the profile once."
                );
            }
        }
    }

    /// <summary>Changes rows; opens the transaction where there is none. Returns how many rows changed.</summary>
    /// <exception cref="StorageException">It failed, and the transaction is lost.</exception>
    public int Write(string sql, params ReadOnlySpan<object> values)
    {
        BeginWrite();
        try
        {
            return Execute(sql, values);
        }
        catch (SqliteException exception)
        {
            throw Break(exception);
        }
    }

    /// <summary>Inserts one row and returns its number.</summary>
    /// <exception cref="StorageException">It failed, and the transaction is lost.</exception>
    public long Insert(string sql, params ReadOnlySpan<object> values)
    {
        Write(sql, values);
        return LastInserted;
    }

    /// <summary>The number of the row that was inserted last.</summary>
    public long LastInserted => SQLitePCL.raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>All rows of a query.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public List<T> Read<T>(string sql, Func<SqlRow, T> map, params ReadOnlySpan<object> values)
    {
        try
        {
            var statement = Statement(sql);
            try
            {
                statement.Bind(values);
                var rows = new List<T>();
                while (statement.Step())
                {
                    rows.Add(map(statement.Row));
                }

                return rows;
            }
            finally
            {
                statement.Reset();
            }
        }
        catch (SqliteException exception)
        {
            throw SqliteProblem.Explain(exception, Path);
        }
        catch (Exception exception)
            when (exception
                    is InvalidCastException
                        or OverflowException
                        or ArgumentException
                        or (InvalidOperationException and not ObjectDisposedException)
            )
        {
            throw SqliteProblem.Damaged(Path, exception); // a value of a kind that is never written there
        }
    }

    /// <summary>The bytes in the first column of the first row, or null where there is none.</summary>
    public byte[]? ReadBytes(string sql, params ReadOnlySpan<object> values) =>
        Read(sql, row => row.GetBytes(0), values) is [var bytes, ..] ? bytes : null;

    /// <summary>The number in the first column of the first row; 0 where there is none.</summary>
    public long ReadNumber(string sql, params ReadOnlySpan<object> values) =>
        Read(sql, row => row.GetInt64(0), values) is [var number, ..] ? number : 0;

    /// <summary>How often something was made durable, each time a wait for the disk.</summary>
    public long Commits { get; private set; }

    /// <summary>Makes everything written since the last commit durable; does nothing where nothing was.</summary>
    /// <exception cref="StorageException">It failed; everything since the last commit is lost.</exception>
    public void Commit()
    {
        if (!_inTransaction)
        {
            return;
        }

        try
        {
            Execute("COMMIT", []);
            _inTransaction = false;
            Commits++;
        }
        catch (SqliteException exception)
        {
            throw Break(exception);
        }

        if (Commits % CommitsASizing == 0)
        {
            try
            {
                SizeCache();
            }
            catch (StorageException)
            {
                // What was committed is committed, with whatever cache; a file that cannot be read is said by the next who reads it
            }
        }
    }

    /// <summary>Forgets everything written since the last commit.</summary>
    public void Rollback()
    {
        if (!_inTransaction)
        {
            return;
        }

        _inTransaction = false;
        Rollbacks++;
        try
        {
            Execute("ROLLBACK", []);
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full; there is no other reason.
        }
    }

    /// <summary>Moves the write-ahead log into the file and empties it, so that nothing deleted is left in it.</summary>
    /// <returns>Whether it was emptied; a reader in another process can hold it for a while.</returns>
    /// <exception cref="InvalidOperationException">There are writes that were not committed.</exception>
    /// <exception cref="StorageException">It failed.</exception>
    public bool TruncateLog()
    {
        if (_inTransaction)
        {
            throw new InvalidOperationException("The log is truncated between transactions.");
        }

        return Read("PRAGMA wal_checkpoint(TRUNCATE)", row => row.GetInt64(0)) is [0];
    }

    /// <summary>Copies everything as of this moment into another file, whose content is replaced. Others may write meanwhile.</summary>
    /// <exception cref="StorageException">It failed.</exception>
    public void CopyTo(string path)
    {
        try
        {
            using var target = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Mode = SqliteOpenMode.ReadWrite,
                    Pooling = false,
                }.ToString()
            );
            target.Open();
            _connection.BackupDatabase(target);
        }
        catch (SqliteException exception)
        {
            throw SqliteProblem.Explain(exception, Path);
        }
    }

    /// <summary>Reads the whole file and looks whether it is sound.</summary>
    /// <exception cref="StorageException">It is not.</exception>
    public void CheckWhole()
    {
        if (ReadText("PRAGMA integrity_check(1)") is not "ok")
        {
            throw SqliteProblem.Damaged(Path);
        }
    }

    /// <summary>Writes the file anew without what was deleted from it, and leaves no log beside it.</summary>
    /// <exception cref="StorageException">It failed.</exception>
    public void Shrink()
    {
        Run("VACUUM");
        Run("PRAGMA journal_mode = DELETE");
    }

    /// <summary>Closes the file. Writes that were not committed are forgotten.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        Rollback();
        _disposed = true;
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    /// <summary>Runs a statement outside the transaction of rows, such as a PRAGMA.</summary>
    internal void Run(string sql)
    {
        try
        {
            using var command = NewCommand(sql);
            command.ExecuteNonQuery();
        }
        catch (SqliteException exception)
        {
            throw SqliteProblem.Explain(exception, Path);
        }
    }

    private static ProfileDatabase Open(
        string path,
        SqliteOpenMode mode,
        int busySeconds,
        Action<ProfileDatabase> prepare
    )
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                // A pooled connection would hold the file after it is closed.
                Pooling = false,
                DefaultTimeout = busySeconds,
            }.ToString()
        );
        var database = new ProfileDatabase(connection, path, mode == SqliteOpenMode.ReadOnly);
        try
        {
            connection.Open();
            _ = SQLitePCL.raw.sqlite3_busy_timeout(database.Handle, busySeconds * 1000);
            // Else SQLite compiles a statement anew whenever a value that a partial index might depend on is bound.
            SQLitePCL.raw.sqlite3_db_config(
                database.Handle,
                SQLitePCL.raw.SQLITE_DBCONFIG_ENABLE_QPSG,
                1,
                out _
            );
            database.Run("PRAGMA trusted_schema = OFF"); // a file from elsewhere runs no code of its own
            database.Run("PRAGMA temp_store = MEMORY"); // nothing goes to a folder for temporary files
            prepare(database);
            return database;
        }
        catch (SqliteException exception)
        {
            database.Dispose();
            throw SqliteProblem.Explain(exception, path);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private int CheckVersion()
    {
        var application = ReadNumber("PRAGMA application_id");
        var version = ReadNumber("PRAGMA user_version");
        if (application == 0 && version == 0 && ReadNumber("SELECT count(*) FROM sqlite_schema") == 0)
        {
            return 0; // a new file
        }

        if (application != Migrations.ApplicationId || version < 1)
        {
            throw SqliteProblem.Damaged(Path);
        }

        return version <= Migrations.CurrentVersion
            ? (int)version
            : throw new StorageException(
                StorageProblem.NewerSchema,
                $"The history in {Path} was written by a newer PeerChat (schema {version}, this one knows {Migrations.CurrentVersion}); "
                    + "update this one to use it."
            );
    }

    // Each step is one transaction together with its number: a power cut leaves the schema before it or after it.
    [SuppressMessage("Security", "CA2100", Justification = "The steps are embedded in this program.")]
    private void Migrate(int version)
    {
        for (var next = version + 1; next <= Migrations.CurrentVersion; next++)
        {
            BeginWrite();
            try
            {
                using var command = NewCommand(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Migrations.StepTo(next)}\nPRAGMA application_id = {Migrations.ApplicationId};\nPRAGMA user_version = {next};"
                    )
                );
                command.ExecuteNonQuery();
            }
            catch (SqliteException exception)
            {
                throw Break(exception);
            }

            Commit();
        }
    }

    private void BeginWrite()
    {
        if (_readOnly)
        {
            throw new InvalidOperationException("The profile was opened for reading.");
        }

        if (Broken)
        {
            throw new StorageException(
                StorageProblem.Other,
                $"The history in {Path} cannot be written any more since an earlier write failed; start PeerChat again."
            );
        }

        if (_inTransaction)
        {
            return;
        }

        try
        {
            Execute("BEGIN IMMEDIATE", []);
            _inTransaction = true;
        }
        catch (SqliteException exception)
        {
            throw Break(exception);
        }
    }

    private StorageException Break(SqliteException exception)
    {
        Rollback();
        Broken = true;
        return SqliteProblem.Explain(exception, Path);
    }

    private string? ReadText(string sql) =>
        Read(sql, row => row.GetString(0), []) is [var text, ..] ? text : null;

    /// <summary>Lets SQLite keep as many pages as a file of this size is worth; in steps of two, so that it is rarely told.</summary>
    private void SizeCache()
    {
        var wanted = ReadNumber("PRAGMA page_count") * ReadNumber("PRAGMA page_size") / 1024 / PartOfFile;
        var cache = LeastCache;
        while (cache < wanted && cache < MostCache)
        {
            cache *= 2;
        }

        if (cache > _cache)
        {
            _cache = cache;
            Run($"PRAGMA cache_size = -{cache.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private int Execute(string sql, ReadOnlySpan<object> values)
    {
        var statement = Statement(sql);
        try
        {
            statement.Bind(values);
            return statement.Run();
        }
        finally
        {
            statement.Reset();
        }
    }

    private SqlStatement Statement(string sql)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqlStatement(Handle, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    [SuppressMessage("Security", "CA2100", Justification = "Every statement is a text of this program.")]
    private SqliteCommand NewCommand(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
