using Microsoft.Data.Sqlite;

namespace PeerChat.Node.Storage;

/// <summary>Turns SQLite's result codes into sentences for the user (sqlite.org/rescode.html).</summary>
internal static class SqliteProblem
{
    private const int Busy = 5; // SQLITE_BUSY
    private const int TableLocked = 6; // SQLITE_LOCKED
    private const int ReadOnly = 8; // SQLITE_READONLY
    private const int DiskError = 10; // SQLITE_IOERR
    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int Full = 13; // SQLITE_FULL
    private const int CannotOpen = 14; // SQLITE_CANTOPEN
    private const int NotADatabase = 26; // SQLITE_NOTADB
    private const int NoRoomForIndex = DiskError | (19 << 8); // SQLITE_IOERR_SHMSIZE

    /// <summary>The same problem, named and explained.</summary>
    public static StorageException Explain(SqliteException exception, string path)
    {
        var (problem, text) = (exception.SqliteErrorCode, exception.SqliteExtendedErrorCode) switch
        {
            (Full, _) or (_, NoRoomForIndex) => (
                StorageProblem.DiskFull,
                $"The history in {path} could not be written, because the disk is full; "
                    + "free some space and start PeerChat again. What was stored before is unharmed."
            ),
            (ReadOnly, _) => (
                StorageProblem.ReadOnly,
                $"The history in {path} could not be written, because the file or its folder is read-only; "
                    + "change its permissions, or choose another folder with --profile."
            ),
            (CannotOpen, _) => (
                StorageProblem.ReadOnly,
                $"The history in {path} could not be opened; check that it is a file, "
                    + "and that you may write in its folder."
            ),
            (Busy or TableLocked, _) => (
                StorageProblem.Locked,
                $"The history in {path} is held by another program, perhaps a backup; try again when that has ended."
            ),
            (Corrupt or NotADatabase, _) => (StorageProblem.Corrupt, CorruptText(path)),
            (DiskError, _) => (
                StorageProblem.Other,
                $"The disk reported an error at the history in {path} (SQLite code {exception.SqliteExtendedErrorCode}); "
                    + "check the disk, and keep a copy of the folder."
            ),
            _ => (
                StorageProblem.Other,
                $"The history in {path} could not be used (SQLite code {exception.SqliteExtendedErrorCode}); "
                    + "keep a copy of the folder and report this."
            ),
        };
        return new StorageException(problem, text, exception);
    }

    /// <summary>Bytes that are not what this program writes.</summary>
    public static StorageException Damaged(string path, Exception? innerException = null) =>
        new(StorageProblem.Corrupt, CorruptText(path), innerException);

    private static string CorruptText(string path) =>
        $"The history in {path} is damaged or is no history of PeerChat; 'peerchat repair' saves what is whole, and the people you chat "
        + "with bring the rest again. A backup put back in its place helps, too.";
}
