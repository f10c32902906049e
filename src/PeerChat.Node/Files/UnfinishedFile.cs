using PeerChat.Node.Profiles;

namespace PeerChat.Node.Files;

/// <summary>A file of the user's that is written beside its place and gets its name when it is whole; otherwise nothing is left of it.</summary>
internal sealed class UnfinishedFile : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly string _path;
    private readonly string _unfinished;
    private bool _isComplete;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its place in the end.</param>
    /// <exception cref="FileException">The folder may not be written.</exception>
    public UnfinishedFile(string path)
    {
        _path = Path.GetFullPath(path);
        _unfinished = _path + "." + Path.GetRandomFileName() + ".part";
        try
        {
            Stream = new FileStream(
                _unfinished,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    BufferSize = BufferSize,
                }
            );
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Writing(failed, Path.GetDirectoryName(_path)!);
        }
    }

    /// <summary>What is written.</summary>
    public FileStream Stream { get; }

    /// <summary>Makes it durable and gives it its name; never over another file.</summary>
    public void Complete()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        if (Path.Exists(_path))
        {
            throw new FileException(FileFailure.Exists, $"{_path} came to be meanwhile and stays as it is.");
        }

        File.Move(_unfinished, _path, overwrite: false);
        _isComplete = true;
        FolderFlush.Flush(Path.GetDirectoryName(_path)!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_isComplete)
        {
            File.Delete(_unfinished);
        }
    }
}
