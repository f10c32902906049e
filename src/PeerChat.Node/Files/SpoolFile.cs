using PeerChat.Node.Profiles;

namespace PeerChat.Node.Files;

/// <summary>What a pipe brought, written where the node can read it: in the profile, for its owner alone, and gone afterwards.</summary>
/// <remarks>
/// As long as the object lives the file is locked. A node that starts deletes what nobody holds and no file waits for: what is left there came from a
/// command that was killed.
/// </remarks>
public sealed class SpoolFile : IDisposable
{
    private const string FolderName = "spool";
    private const int PieceSize = 256 * 1024;
    private FileStream? _held;
    private bool _isHandedOver;

    private SpoolFile(string path) => Path = path;

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Writes all that a stream has.</summary>
    /// <param name="profile">The profile's folder.</param>
    /// <param name="input">What is read.</param>
    /// <param name="cancellation">Ends it; nothing is left then.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static SpoolFile Create(string profile, Stream input, CancellationToken cancellation)
    {
        var folder = System.IO.Path.Combine(profile, FolderName);
        PrivateFile.CreateFolder(folder);
        var spool = new SpoolFile(System.IO.Path.Combine(folder, System.IO.Path.GetRandomFileName()));
        try
        {
            using (var output = PrivateFile.Open(spool.Path, FileMode.CreateNew, FileShare.None))
            {
                var piece = new byte[PieceSize];
                for (int count; (count = input.Read(piece)) > 0; )
                {
                    cancellation.ThrowIfCancellationRequested();
                    output.Write(piece, 0, count);
                }
            }

            spool._held = new FileStream(
                spool.Path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete
            );
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>The node has it now, and deletes it once it was read.</summary>
    public void HandOver() => _isHandedOver = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _held?.Dispose();
        if (!_isHandedOver)
        {
            File.Delete(Path);
        }
    }

    /// <summary>Deletes what killed commands left.</summary>
    /// <param name="profile">The profile's folder.</param>
    /// <param name="needed">The paths that files still have to be read from.</param>
    internal static void Clean(string profile, IReadOnlySet<string> needed)
    {
        var folder = new DirectoryInfo(System.IO.Path.Combine(profile, FolderName));
        if (!folder.Exists)
        {
            return;
        }

        foreach (var file in folder.EnumerateFiles().Where(file => !needed.Contains(file.FullName)))
        {
            try
            {
                using (new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    // nobody writes or hands it over
                }

                file.Delete();
            }
            catch (IOException)
            {
                // a command that runs holds it; or it is tried again at the next start
            }
            catch (UnauthorizedAccessException)
            {
                // somebody made it unwritable; it stays
            }
        }
    }
}
