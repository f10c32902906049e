using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using PeerChat.Node.Control;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node;

/// <summary>A copy of a profile in one file, and a profile from such a copy.</summary>
/// <remarks>
/// The file is a ZIP archive without compression: <c>backup.json</c> {v, name, made}, <c>identity.keys</c> and <c>profile.json</c> as they
/// lie in the profile, and <c>history.db</c> as of one moment, without the authors' keys (crypto.md section 1): a restored profile makes
/// new ones, and members let it in again.
/// </remarks>
public static class ProfileBackup
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>Bytes of the small files that are read at most: far above any that was written.</summary>
    public const int MaxSmallFile = KeystoreFile.MaxSize;

    private const string Description = "backup.json";
    private const string UnfinishedCopy = "backup";

    /// <summary>Writes one. Works beside a running node; it holds what was committed when it began.</summary>
    /// <param name="options">The profile and its passphrase.</param>
    /// <param name="path">The file, as an absolute path.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <returns>The profile's name, the file's size, and whether a passphrase protects the keys in it.</returns>
    /// <exception cref="NodeStartException">It could not be written; nothing is left of it.</exception>
    public static (string Name, long Bytes, bool IsProtected) Write(
        NodeOptions options,
        string path,
        bool overwrite
    )
    {
        var choice = ProfileChoice.Resolve(options);
        var folder = choice.Folder;
        if (!folder.Exists)
        {
            throw Usage($"There is no profile of {choice.Name} here, so there is nothing to back up.");
        }

        if (File.Exists(path) && !overwrite)
        {
            throw Usage($"{path} is there already; choose another name, or replace it with --force.");
        }

        return StartFailures.Guard(() =>
        {
            var keys = KeyUnlock.Open(folder.KeystorePath, options);
            // In the profile's own folder: what the copy holds before the keys are taken out never lies anywhere else
            var copy = Path.Combine(folder.FullPath, $"{UnfinishedCopy}-{Environment.ProcessId}.db");
            try
            {
                DeleteDatabase(copy);
                CopyHistory(folder, keys, copy);
                Pack(path, choice.Name, folder, copy);
            }
            catch (Exception failed) when (FileProblem.Is(failed))
            {
                throw FileProblem.ExplainNamed(failed, "The backup could not be written", path);
            }
            finally
            {
                DeleteDatabase(copy);
            }

            return (choice.Name.ToString(), new FileInfo(path).Length, keys.HasPassphrase);
        });
    }

    /// <summary>Makes a profile from one. There must be none of that name yet.</summary>
    /// <param name="options">The passphrase; the name or the folder where it shall not be that of the backup.</param>
    /// <param name="path">The backup, as an absolute path.</param>
    /// <returns>The profile's name and folder.</returns>
    /// <exception cref="NodeStartException">It could not be made; nothing is left of it.</exception>
    public static (string Name, string Folder) Restore(NodeOptions options, string path) =>
        StartFailures.Guard(() =>
        {
            try
            {
                return RestoreFrom(options, path);
            }
            catch (InvalidDataException damaged)
            {
                throw Damaged(path, damaged);
            }
            catch (Exception failed) when (FileProblem.Is(failed))
            {
                throw FileProblem.Explain(failed, "The backup could not be restored", path);
            }
        });

    /// <summary>Removes what a kill in the middle of a backup left in a profile's folder.</summary>
    internal static void RemoveUnfinished(ProfileFolder folder)
    {
        foreach (var copy in Directory.EnumerateFiles(folder.FullPath, UnfinishedCopy + "-*.db"))
        {
            var owner = Path.GetFileNameWithoutExtension(copy)[(UnfinishedCopy.Length + 1)..];
            if (!int.TryParse(owner, CultureInfo.InvariantCulture, out var id) || !IsRunning(id))
            {
                DeleteDatabase(copy);
            }
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void CopyHistory(ProfileFolder folder, Keystore keys, string copy)
    {
        using (PrivateFile.Open(copy, FileMode.CreateNew, FileShare.ReadWrite))
        {
            // private before SQLite writes into it
        }

        using (
            var store = ProfileStore.OpenReadOnly(folder, new SystemKeySource(), new SystemEntropy(), keys)
        )
        {
            store.Database.CopyTo(copy);
        }

        using var copied = ProfileDatabase.OpenOwner(copy);
        var seal = new StoreSeal(new SystemEntropy(), keys.StoreKey, copy);
        new RoomStore(copied, seal).ForgetAuthors();
        copied.Commit();
        copied.CheckWhole();
        copied.Shrink();
    }

    private static void Pack(string path, DisplayName name, ProfileFolder folder, string copy)
    {
        var unfinished = path + PrivateFile.UnfinishedSuffix;
        PrivateFile.RemoveUnfinished(path);
        try
        {
            using (var stream = PrivateFile.Open(unfinished, FileMode.CreateNew, FileShare.None))
            {
                using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
                {
                    Add(archive, Description, Describe(name));
                    Add(
                        archive,
                        Path.GetFileName(folder.KeystorePath),
                        File.ReadAllBytes(folder.KeystorePath)
                    );
                    Add(archive, Path.GetFileName(folder.NamePath), ProfileName.Write(name.ToString()));
                    using var history = File.OpenRead(copy);
                    using var entry = archive
                        .CreateEntry(Path.GetFileName(folder.DatabasePath), CompressionLevel.NoCompression)
                        .Open();
                    history.CopyTo(entry);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            FolderFlush.Flush(Path.GetDirectoryName(path)!);
        }
        catch
        {
            PrivateFile.RemoveUnfinished(path);
            throw;
        }
    }

    private static byte[] Describe(DisplayName name)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("name", name.ToString());
            json.WriteString("made", new NodeClock().WallNow.ToDateTimeOffset());
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }

    private static (string Name, string Folder) RestoreFrom(NodeOptions options, string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var description = ReadSmall(archive, Description);
        if (JsonText.At(description, "name") is not { } name)
        {
            throw new InvalidDataException(Description);
        }

        if (VersionOf(description) > Version)
        {
            throw new StorageException(
                StorageProblem.NewerSchema,
                $"The backup {path} was written by a newer PeerChat; update this one to restore it."
            );
        }

        var choice = ProfileChoice.Resolve(options.User is null ? options with { User = name } : options);
        var folder = choice.Folder;
        if (folder.Exists || File.Exists(folder.DatabasePath))
        {
            throw Usage(
                $"There is a profile of {choice.Name} in {folder.FullPath} already, and a backup never replaces one; "
                    + "move that folder away first, or restore beside it with --profile."
            );
        }

        var unfinished = new ProfileFolder(folder.FullPath + PrivateFile.UnfinishedSuffix);
        if (Directory.Exists(unfinished.FullPath))
        {
            Directory.Delete(unfinished.FullPath, recursive: true);
        }

        try
        {
            unfinished.Create();
            PrivateFile.Replace(
                unfinished.KeystorePath,
                ReadSmall(archive, Path.GetFileName(unfinished.KeystorePath))
            );
            unfinished.WriteDisplayName(choice.Name.ToString());
            using (var to = PrivateFile.Open(unfinished.DatabasePath, FileMode.CreateNew, FileShare.None))
            {
                using var from = Entry(archive, Path.GetFileName(unfinished.DatabasePath)).Open();
                from.CopyTo(to);
                to.Flush(flushToDisk: true);
            }

            Check(unfinished, options);
            if (Directory.Exists(folder.FullPath))
            {
                Directory.Delete(folder.FullPath); // only where it is empty
            }

            Directory.Move(unfinished.FullPath, folder.FullPath);
            FolderFlush.Flush(Path.GetDirectoryName(folder.FullPath)!);
        }
        catch
        {
            Directory.Delete(unfinished.FullPath, recursive: true);
            throw;
        }

        choice.Remember();
        return (choice.Name.ToString(), folder.FullPath);
    }

    // Keys and history belong together, and the history is whole: otherwise it is said now, while the original may still be there.
    private static void Check(ProfileFolder folder, NodeOptions options)
    {
        var keys = KeyUnlock.Open(folder.KeystorePath, options.Passphrase);
        using var store = ProfileStore.OpenOwner(folder, new SystemKeySource(), new SystemEntropy(), keys);
        store.Database.CheckWhole();
    }

    private static int VersionOf(byte[] description)
    {
        using var json = JsonDocument.Parse(description);
        return json.RootElement.TryGetProperty("v", out var version) && version.TryGetInt32(out var number)
            ? number
            : throw new InvalidDataException(Description);
    }

    private static byte[] ReadSmall(ZipArchive archive, string name)
    {
        using var stream = Entry(archive, name).Open();
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = stream.Read(buffer)) > 0; )
        {
            content.Write(buffer, 0, count);
            if (content.Length > MaxSmallFile)
            {
                throw new InvalidDataException(name);
            }
        }

        return content.ToArray();
    }

    private static ZipArchiveEntry Entry(ZipArchive archive, string name) =>
        archive.GetEntry(name) ?? throw new InvalidDataException(name);

    private static void DeleteDatabase(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" })
        {
            File.Delete(path + suffix);
        }
    }

    private static StorageException Damaged(string path, Exception reason) =>
        new(
            StorageProblem.Other,
            $"{path} is no backup of a profile, or it is damaged; take another one.",
            reason
        );

    private static NodeStartException Usage(string sentence) => new(NodeStartFailure.Usage, sentence);
}
