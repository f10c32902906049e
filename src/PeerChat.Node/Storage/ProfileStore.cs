using PeerChat.Node.Profiles;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Node.Storage;

/// <summary>Everything that one profile keeps on disk: its keys, and the database with history, contacts and drafts.</summary>
/// <remarks>
/// Used by one thread. Writes gather in one transaction until <see cref="Commit"/>; nothing that was promised to a peer
/// may leave before that. After a failure (see <see cref="IsBroken"/>) dispose the store and open it again.
/// </remarks>
public sealed class ProfileStore : IDisposable
{
    // Writing takes well below a second; a minute is far above that on any disk.
    private static readonly TimeSpan UnfinishedKeysAge = TimeSpan.FromMinutes(1);

    internal const string InstallationSetting = "installation";
    private const string CopiedSetting = "copied";

    private readonly ProfileDatabase _database;
    private readonly ProfileLock? _lock;

    private ProfileStore(
        ProfileFolder folder,
        Keystore keystore,
        ProfileDatabase database,
        StoreSeal seal,
        ProfileLock? profileLock,
        bool isNew
    )
    {
        Folder = folder;
        Keystore = keystore;
        IsNew = isNew;
        _database = database;
        _lock = profileLock;
        Entries = new RoomStore(database, seal);
        Contacts = new ContactTable(database, seal);
        OpenRooms = new OpenRoomTable(database, seal);
        PrivateRooms = new PrivateRoomTable(database, seal);
        Invitations = new InvitationTable(database, seal);
        Outbox = new OutboxTable(database, seal);
        Drafts = new DraftTable(database, seal);
        Settings = new SettingTable(database, seal);
        References = new ReferenceTable(database, seal);
        Answers = new AnswerTable(database, seal);
        ChatSettings = new ChatSettingTable(database, seal);
        Files = new FileTable(database, seal);
        Imported = new ImportedTable(database, seal);
        Search = new SearchPages(database, seal, Entries);
    }

    /// <summary>The profile's folder.</summary>
    public ProfileFolder Folder { get; }

    /// <summary>The identity's keys.</summary>
    public Keystore Keystore { get; }

    /// <summary>Whether the identity was made by this opening.</summary>
    public bool IsNew { get; }

    /// <summary>Entries, secrets and statements of rooms.</summary>
    public IRoomStore Rooms => Entries;

    /// <summary>The people whose keys are kept.</summary>
    public ContactTable Contacts { get; }

    /// <summary>The open rooms that were joined.</summary>
    public OpenRoomTable OpenRooms { get; }

    /// <summary>The private rooms of the profile.</summary>
    public PrivateRoomTable PrivateRooms { get; }

    /// <summary>The invitations to them that one has given out.</summary>
    public InvitationTable Invitations { get; }

    /// <summary>Texts for people not met yet.</summary>
    public OutboxTable Outbox { get; }

    /// <summary>Input lines and what was entered in them.</summary>
    public DraftTable Drafts { get; }

    /// <summary>What the program remembers for itself.</summary>
    public SettingTable Settings { get; }

    /// <summary>Which text was sent under which reference.</summary>
    public ReferenceTable References { get; }

    /// <summary>How first-contact requests were answered.</summary>
    public AnswerTable Answers { get; }

    /// <summary>What the user wants of each chat.</summary>
    public ChatSettingTable ChatSettings { get; }

    /// <summary>The files that are sent, fetched and kept.</summary>
    internal FileTable Files { get; }

    /// <summary>Messages from exports.</summary>
    public ImportedTable Imported { get; }

    /// <summary>The texts to search in.</summary>
    internal SearchPages Search { get; }

    /// <summary>The same as <see cref="Rooms"/>, with what goes across rooms.</summary>
    internal RoomStore Entries { get; }

    /// <summary>Whether there is something to commit.</summary>
    public bool HasPendingWrites => _database.HasPendingWrites;

    /// <summary>Whether a write or a commit failed, so that nothing can be written until the store is opened again.</summary>
    public bool IsBroken => _database.Broken;

    /// <summary>The database, for tests and measurements.</summary>
    internal ProfileDatabase Database => _database;

    /// <summary>Opens a profile as its only owner; makes the folder, the identity and the database where there are none.</summary>
    /// <param name="folder">The profile's folder.</param>
    /// <param name="keys">Makes and restores the identity's keys.</param>
    /// <param name="entropy">For keys and salts.</param>
    /// <param name="opened">The keys, where they were opened before; null opens keys that no passphrase protects.</param>
    /// <exception cref="ProfileInUseException">Another process owns the profile.</exception>
    /// <exception cref="StorageException">It cannot be used; the problem says why.</exception>
    public static ProfileStore OpenOwner(
        ProfileFolder folder,
        IKeySource keys,
        IEntropy entropy,
        Keystore? opened = null
    )
    {
        folder.Create();
        RefuseNetwork(folder);
        var profileLock = ProfileLock.Acquire(folder);
        ProfileDatabase? database = null;
        try
        {
            var isNew = !folder.Exists;
            var keystore = isNew
                ? NewKeystore(folder, keys, entropy)
                : opened ?? Keystore.Open(folder.KeystorePath, keys);
            Tighten(folder);
            RemoveUnfinishedKeys(folder);
            ProfileBackup.RemoveUnfinished(folder);
            database = ProfileDatabase.OpenOwner(folder.DatabasePath);
            var seal = new StoreSeal(entropy, keystore.StoreKey, folder.DatabasePath);
            ClaimDatabase(database, seal);
            CheckKeys(database, seal);
            var store = new ProfileStore(folder, keystore, database, seal, profileLock, isNew);
            store.MarkInstallation();
            return store;
        }
        catch
        {
            database?.Dispose();
            profileLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens a profile for reading, also while another process owns it. Writing then throws.</summary>
    /// <param name="folder">The profile's folder.</param>
    /// <param name="keys">Restores the identity's keys.</param>
    /// <param name="entropy">Not drawn from, as nothing is sealed.</param>
    /// <param name="opened">The keys, where they were opened before; null opens keys that no passphrase protects.</param>
    /// <exception cref="StorageException">It cannot be used; the problem says why.</exception>
    public static ProfileStore OpenReadOnly(
        ProfileFolder folder,
        IKeySource keys,
        IEntropy entropy,
        Keystore? opened = null
    )
    {
        var keystore = opened ?? Keystore.Open(folder.KeystorePath, keys);
        RefuseNetwork(folder);
        var database = ProfileDatabase.OpenReadOnly(folder.DatabasePath);
        try
        {
            var seal = new StoreSeal(entropy, keystore.StoreKey, folder.DatabasePath);
            CheckKeys(database, seal);
            return new ProfileStore(folder, keystore, database, seal, profileLock: null, isNew: false);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>
    /// When an opening found that the profile was restored or copied; null where it never was. Its authors' keys were given up then: with them
    /// two copies would write at one place of a log.
    /// </summary>
    public WallTime? CopiedAt =>
        long.TryParse(
            Settings.Read(CopiedSetting),
            System.Globalization.CultureInfo.InvariantCulture,
            out var time
        )
            ? new WallTime(time)
            : null;

    /// <summary>How often something was made durable, for tests.</summary>
    internal long Commits => _database.Commits;

    /// <summary>Makes everything written since the last commit durable; once per turn of the host's loop.</summary>
    /// <exception cref="StorageException">It failed; everything since the last commit is lost.</exception>
    public void Commit() => _database.Commit();

    /// <summary>Forgets everything written since the last commit; whoever wrote it has to be thrown away too.</summary>
    public void Rollback() => _database.Rollback();

    /// <summary>Empties the database's log, so that nothing deleted is left in it (crypto.md section 9, recall).</summary>
    /// <returns>Whether it was emptied; a reader in another process can hold it for a while.</returns>
    /// <exception cref="InvalidOperationException">There are writes that were not committed.</exception>
    /// <exception cref="StorageException">It failed.</exception>
    public bool TruncateLog() => _database.TruncateLog();

    /// <summary>Closes the profile and gives it free. Writes that were not committed are forgotten.</summary>
    public void Dispose()
    {
        _database.Dispose();
        _lock?.Dispose();
    }

    private static Keystore NewKeystore(ProfileFolder folder, IKeySource keys, IEntropy entropy)
    {
        // A new identity beside an old history would lock its owner out of it for good, without a word.
        if (File.Exists(folder.DatabasePath))
        {
            throw new StorageException(
                StorageProblem.KeysMissing,
                $"There is a history in {folder.FullPath}, but its keys (identity.keys) are gone; "
                    + "put that file back from a backup, or move the whole folder away to begin with a new identity."
            );
        }

        return Keystore.Create(folder.KeystorePath, keys, entropy);
    }

    private static void Tighten(ProfileFolder folder)
    {
        try
        {
            PrivateFile.TightenFile(folder.KeystorePath);
            PrivateFile.TightenFile(folder.DatabasePath);
            PrivateFile.TightenFile(folder.NamePath);
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(
                exception,
                "The profile's files could not be made private",
                folder.FullPath
            );
        }
    }

    // What a kill in the middle of writing keys left behind opens without the passphrase that was set since; a young one is being written.
    private static void RemoveUnfinishedKeys(ProfileFolder folder)
    {
        var unfinished = new FileInfo(folder.KeystorePath + PrivateFile.UnfinishedSuffix);
        if (unfinished.Exists && DateTime.UtcNow - unfinished.LastWriteTimeUtc > UnfinishedKeysAge)
        {
            try
            {
                unfinished.Delete();
            }
            catch (Exception exception) when (FileProblem.Is(exception))
            {
                throw FileProblem.Explain(
                    exception,
                    "An unfinished copy of the keys could not be removed",
                    unfinished.FullName
                );
            }
        }
    }

    private void MarkInstallation()
    {
        var mark = InstallationMark.Of(Folder.DatabasePath);
        var before = Settings.Read(InstallationSetting);
        if (before == mark)
        {
            return;
        }

        if (before is not null)
        {
            Entries.ForgetAuthors();
            Settings.Write(
                CopiedSetting,
                DateTimeOffset
                    .UtcNow.ToUnixTimeMilliseconds()
                    .ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
        }

        Settings.Write(InstallationSetting, mark);
        Commit();
    }

    private static void RefuseNetwork(ProfileFolder folder)
    {
        if (NetworkFileSystem.TypeOf(folder.FullPath) is { } type)
        {
            throw new StorageException(
                StorageProblem.NetworkFolder,
                $"{folder.FullPath} lies on a network file system ({type}), where the history could be damaged; "
                    + "choose a folder on a local disk with --profile."
            );
        }
    }

    // A new database belongs to the keys it is first opened with.
    private static void ClaimDatabase(ProfileDatabase database, StoreSeal seal)
    {
        if (database.ReadNumber("SELECT count(*) FROM profile") == 0)
        {
            database.Write("INSERT INTO profile (id, key_check) VALUES (1, $1)", seal.KeyCheck);
            database.Commit();
        }
    }

    private static void CheckKeys(ProfileDatabase database, StoreSeal seal)
    {
        var check = database.ReadBytes("SELECT key_check FROM profile");
        if (check is null || !check.AsSpan().SequenceEqual(seal.KeyCheck))
        {
            throw new StorageException(
                StorageProblem.KeysOfAnother,
                $"The history in {database.Path} was written under other keys than those beside it; "
                    + "put the two files together that belong together."
            );
        }
    }
}
