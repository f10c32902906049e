using System.Text;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Reads a file or a folder from disk into its DAG; memory stays flat whatever their size.</summary>
/// <remarks>
/// A symbolic link that is named is followed; one within a folder is kept as a link and never followed, so that nothing outside the
/// folder is read. What the system gives no size for (pipes, sockets, devices) counts as empty within a folder and is not opened: an
/// open pipe would wait for a writer for ever. Permissions and times are not part of the profile.
/// </remarks>
/// <param name="sink">Where the blocks go.</param>
/// <param name="withHidden">Whether hidden files and folders are read too.</param>
/// <param name="meter">Is told of each piece.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class PathReader(
    IBlockSink sink,
    bool withHidden,
    ProgressMeter meter,
    CancellationToken cancellation
)
{
    private const int PieceSize = 256 * 1024;

    private readonly byte[] _piece = new byte[PieceSize];
    private readonly FolderDag _folders = new(sink);
    private int _files;
    private int _hidden;

    /// <summary>Whether pictures lose what cameras write about place, time and device.</summary>
    public bool Strips { get; init; }

    /// <summary>Pictures that may hold such and could not be cleaned.</summary>
    public int Uncleaned { get; private set; }

    /// <summary>The bytes that reading a path will count, as far as the system says.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static long Measure(string path, bool withHidden, CancellationToken cancellation)
    {
        try
        {
            return Directory.Exists(path)
                ? MeasureFolder(new DirectoryInfo(path), withHidden, 0, cancellation)
                : Target(path).Length;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Reading(failed, path);
        }
    }

    /// <summary>Reads what lies at a path.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public PathSummary Read(string path)
    {
        try
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            var isFolder = Directory.Exists(path);
            var root = isFolder ? ReadFolder(new DirectoryInfo(path), 0) : ReadFile(Target(path));
            return Summary(root, name, isFolder);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Reading(failed, path);
        }
    }

    /// <summary>Reads a stream as a file.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public PathSummary Read(Stream stream)
    {
        try
        {
            return Summary(ReadAll(stream), "", false);
        }
        catch (IOException failed)
        {
            throw FileException.Reading(failed, "standard input");
        }
    }

    private PathSummary Summary(DagLink root, string name, bool isFolder) =>
        new(root.Target.ToString(), name, isFolder, meter.Done, _files, _hidden) { Root = root.Target };

    private static FileInfo Target(string path) =>
        new FileInfo(path) is { Exists: true } file ? file : throw new FileNotFoundException(null, path);

    private static long MeasureFolder(
        DirectoryInfo folder,
        bool withHidden,
        int depth,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        CheckDepth(folder, depth);
        var total = 0L;
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if ((!withHidden && IsHidden(entry)) || entry.LinkTarget is not null)
            {
                continue;
            }

            total += entry is DirectoryInfo below
                ? MeasureFolder(below, withHidden, depth + 1, cancellation)
                : ((FileInfo)entry).Length;
        }

        return total;
    }

    private static bool IsHidden(FileSystemInfo entry) =>
        entry.Name.StartsWith('.')
        || (OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.Hidden));

    private static void CheckDepth(DirectoryInfo folder, int depth)
    {
        if (depth > FileLimits.MaxFolderDepth)
        {
            throw new FileException(
                FileFailure.Unreadable,
                $"{folder.FullName} lies more than {FileLimits.MaxFolderDepth} folders deep, deeper than anybody reads; send it by itself."
            );
        }
    }

    private DagLink ReadFolder(DirectoryInfo folder, int depth)
    {
        CheckDepth(folder, depth);
        var entries = new List<DagLink>();
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!withHidden && IsHidden(entry))
            {
                _hidden++;
                continue;
            }

            if (Encoding.UTF8.GetByteCount(entry.Name) > FileLimits.MaxNameBytes)
            {
                throw new FileException(
                    FileFailure.Unreadable,
                    $"The name of {entry.FullName} has more than {FileLimits.MaxNameBytes} bytes; shorten it, or leave it out."
                );
            }

            entries.Add(ReadEntry(entry, depth) with { Name = entry.Name });
        }

        return _folders.TryPut(entries, out var root)
            ? root
            : throw new FileException(
                FileFailure.Unreadable,
                $"Two entries of {folder.FullName} have names that cannot be told apart; rename one."
            );
    }

    private DagLink ReadEntry(FileSystemInfo entry, int depth)
    {
        if (entry.LinkTarget is { } target)
        {
            return _folders.PutSymlink(Encoding.UTF8.GetBytes(target));
        }

        if (entry is DirectoryInfo below)
        {
            return ReadFolder(below, depth + 1);
        }

        var file = (FileInfo)entry;
        return file.Length == 0 ? ReadAll(Stream.Null) : ReadFile(file);
    }

    private DagLink ReadFile(FileInfo file)
    {
        try
        {
            meter.Begin(file.Name);
            using var stream = new FileStream(
                file.FullName,
                new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 }
            );
            if (!Strips)
            {
                return ReadAll(stream);
            }

            using var clean = CleanPictures.Open(stream, file.Name, out var isCleaned);
            Uncleaned += isCleaned ? 0 : 1;
            return ReadAll(clean);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Reading(failed, file.FullName);
        }
    }

    private DagLink ReadAll(Stream stream)
    {
        var builder = new FileDagBuilder(sink);
        for (int count; (count = stream.Read(_piece)) > 0; )
        {
            cancellation.ThrowIfCancellationRequested();
            builder.Append(_piece.AsSpan(0, count));
            meter.Add(count);
        }

        _files++;
        return builder.Complete();
    }
}
