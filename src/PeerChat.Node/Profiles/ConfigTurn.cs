using PeerChat.Node.Storage;

namespace PeerChat.Node.Profiles;

/// <summary>The right to change the configuration file, which one process has at a time.</summary>
internal sealed class ConfigTurn : IDisposable
{
    /// <summary>What the locked file beside the configuration is called.</summary>
    public const string LockSuffix = ".lock";

    private readonly FileStream _lock;

    private ConfigTurn(FileStream stream) => _lock = stream;

    /// <summary>Waits for the turn.</summary>
    /// <exception cref="StorageException">Another process keeps it for longer than any change takes, or the folder cannot be written.</exception>
    public static ConfigTurn Take(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            PrivateFile.CreateFolder(Path.GetDirectoryName(full)!);
            return new ConfigTurn(
                Patience.TryOpen(() =>
                    PrivateFile.Open(full + LockSuffix, FileMode.OpenOrCreate, FileShare.None)
                )
                    ?? throw new StorageException(
                        StorageProblem.Other,
                        $"Another program keeps {full + LockSuffix} open, so the configuration was not changed; try again."
                    )
            );
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The configuration could not be written", path);
        }
    }

    /// <summary>Ends the turn. The locked file stays: deleting it would let two processes lock two files of one name.</summary>
    public void Dispose() => _lock.Dispose();
}
