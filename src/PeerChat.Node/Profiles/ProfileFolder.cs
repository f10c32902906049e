using PeerChat.Node.Storage;

namespace PeerChat.Node.Profiles;

/// <summary>One user's folder and the names of the files in it.</summary>
/// <param name="FullPath">The folder, as an absolute path.</param>
public sealed record ProfileFolder(string FullPath)
{
    private const long MaxNameFileBytes = 64 * 1024; // a guess; the file holds one name

    /// <summary>The keystore.</summary>
    public string KeystorePath => Path.Combine(FullPath, "identity.keys");

    /// <summary>The database with the whole history.</summary>
    public string DatabasePath => Path.Combine(FullPath, "history.db");

    /// <summary>The file whose lock says who owns the profile.</summary>
    public string LockPath => Path.Combine(FullPath, "lock");

    /// <summary>The process id of the owner, for the message that a second one gets.</summary>
    public string OwnerPath => Path.Combine(FullPath, "lock.pid");

    /// <summary>The file with the display name as its user chose it.</summary>
    public string NamePath => Path.Combine(FullPath, "profile.json");

    /// <summary>The folder of the sealed blocks of files.</summary>
    public string BlocksPath => Path.Combine(FullPath, "files");

    /// <summary>Whether an identity was made here.</summary>
    public bool Exists => File.Exists(KeystorePath);

    /// <summary>Makes the folder where it is missing and keeps everybody else out of it.</summary>
    /// <remarks>A folder of somebody else's making that already holds other things keeps its permissions; our files in it are private by themselves.</remarks>
    /// <exception cref="StorageException">It could not be made.</exception>
    public void Create()
    {
        try
        {
            if (!Directory.Exists(FullPath))
            {
                PrivateFile.CreateFolder(FullPath);
                return;
            }

            if (File.Exists(LockPath) || Exists || !Directory.EnumerateFileSystemEntries(FullPath).Any())
            {
                PrivateFile.TightenFolder(FullPath);
            }
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The profile's folder could not be made", FullPath);
        }
    }

    /// <summary>The display name as chosen, or null where it cannot be read.</summary>
    public string? ReadDisplayName()
    {
        try
        {
            var file = new FileInfo(NamePath);
            return file.Exists && file.Length <= MaxNameFileBytes
                ? ProfileName.Parse(File.ReadAllBytes(NamePath))
                : null;
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            return null;
        }
    }

    /// <summary>Keeps the display name as chosen.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void WriteDisplayName(string name)
    {
        try
        {
            PrivateFile.Replace(NamePath, ProfileName.Write(name));
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The display name could not be written", NamePath);
        }
    }
}
