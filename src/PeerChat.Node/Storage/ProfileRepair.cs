using System.Globalization;
using Microsoft.Data.Sqlite;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node;

/// <summary>A way out of a damaged history: what is whole is saved into a new one, the rest comes again from the members of the rooms.</summary>
/// <remarks>
/// The keys of one's own authors are given up, as those of a restored profile are: entries of one's own may be lost here that others have, and
/// a key never signs at one place of a log twice. The damaged file is kept beside the new one.
/// </remarks>
public static class ProfileRepair
{
    private const string Unfinished = "repair";

    private static readonly string[] Copied = ["", "-wal"];

    /// <summary>Looks whether the history of a profile is sound, and makes a new one of what is, where it is not. No node may run.</summary>
    /// <exception cref="NodeStartException">The profile is in use, its keys are gone or locked, or the disk refuses.</exception>
    public static RepairReport Run(NodeOptions options)
    {
        var choice = ProfileChoice.Resolve(options);
        if (!choice.Folder.Exists)
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"There is no profile of {choice.Name} here, so there is nothing to repair."
            );
        }

        return StartFailures.Guard(() =>
            Run(choice.Folder, KeyUnlock.Open(choice.Folder.KeystorePath, options))
        );
    }

    /// <summary>The same for a folder.</summary>
    internal static RepairReport Run(ProfileFolder folder, Keystore keys)
    {
        using var owned = ProfileLock.Acquire(folder);
        if (!File.Exists(folder.DatabasePath))
        {
            throw new StorageException(
                StorageProblem.NoProfile,
                $"There is no history in {folder.DatabasePath}, so there is nothing to repair; the next start makes an empty one."
            );
        }

        var kept = FreeName(folder.DatabasePath);
        var made = Path.Combine(folder.FullPath, $"{Unfinished}-{Environment.ProcessId}.db");
        try
        {
            // Everything is read from a copy: SQLite may write to what it opens, and the original stays as it is to the last step
            Copy(folder.DatabasePath, kept);
            Delete(made);
            var report = Salvage(kept, made, keys);
            if (report.DamagedRows == 0 && report.Dropped == 0 && IsSound(kept))
            {
                Delete(kept);
                return report with { IsSound = true };
            }

            Replace(folder.DatabasePath, made);
            return report with { KeptAs = kept };
        }
        catch (Exception failed) when (FileProblem.Is(failed))
        {
            throw FileProblem.Explain(failed, "The history could not be repaired", folder.FullPath);
        }
        finally
        {
            Delete(made);
        }
    }

    // By the day and second; a second repair within one is told apart by a number
    private static string FreeName(string database)
    {
        var stamp = new NodeClock()
            .WallNow.ToDateTimeOffset()
            .ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var name = $"{database}.damaged-{stamp}";
        for (var number = 2; File.Exists(name); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{database}.damaged-{stamp}-{number}");
        }

        return name;
    }

    private static RepairReport Salvage(string damaged, string made, Keystore keys)
    {
        using var into = ProfileDatabase.OpenOwner(made);
        var seal = new StoreSeal(new SystemEntropy(), keys.StoreKey, made);
        into.Write("INSERT INTO profile (id, key_check) VALUES (1, $1)", seal.KeyCheck);
        into.Commit();
        using var from = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = damaged,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        var salvage = new DatabaseSalvage(from, into, seal);
        try
        {
            from.Open();
            salvage.Run();
        }
        catch (SqliteException unreadable)
        {
            throw SqliteProblem.Explain(unreadable, damaged);
        }

        var rooms = new RoomStore(into, seal);
        rooms.ForgetAuthors();
        var report = salvage.Report;
        if (report.ContactsAreDamaged)
        {
            var recovered = ContactRecovery.Run(
                rooms,
                new ContactTable(into, seal),
                new OwnIdentity(keys.Signing, keys.Agreement)
            );
            report = report with { Contacts = report.Contacts + recovered, RecoveredContacts = recovered };
        }

        into.Commit();
        into.CheckWhole();
        into.Shrink();
        return report;
    }

    private static bool IsSound(string path)
    {
        try
        {
            using var database = ProfileDatabase.OpenOwner(path);
            database.CheckWhole();
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var suffix in Copied.Where(suffix => File.Exists(from + suffix)))
        {
            using var target = PrivateFile.Open(to + suffix, FileMode.CreateNew, FileShare.None);
            using var source = File.OpenRead(from + suffix);
            source.CopyTo(target);
            target.Flush(flushToDisk: true);
        }
    }

    // The log of the damaged file goes first: beside the new one it would be taken for that one's. It is kept with the copy.
    private static void Replace(string path, string made)
    {
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(made, path, overwrite: true);
        FolderFlush.Flush(Path.GetDirectoryName(path)!);
    }

    private static void Delete(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" })
        {
            File.Delete(path + suffix);
        }
    }
}
