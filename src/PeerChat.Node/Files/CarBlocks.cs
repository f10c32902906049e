using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>The blocks of a CAR file: read through once, every one verified, then found by their place.</summary>
internal sealed class CarBlocks : IBlockSource, IDisposable
{
    /// <summary>Blocks of one CAR: 4 TiB of whole chunks; each costs some 60 bytes of memory.</summary>
    public const int MaxBlocks = 4 * 1024 * 1024;

    private const int PieceSize = 256 * 1024;

    private readonly Dictionary<Cid, (long At, int Size)> _places = [];
    private readonly FileStream _file;
    private readonly string _path;

    private CarBlocks(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>The root that the header names.</summary>
    public Cid Root { get; private set; }

    /// <summary>The bytes of all blocks, each counted once.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Opens a CAR.</summary>
    /// <exception cref="FileException">It cannot be read, or is none.</exception>
    public static CarBlocks Open(string path, CancellationToken cancellation)
    {
        try
        {
            return Index(
                new FileStream(path, new FileStreamOptions { Share = FileShare.Read, BufferSize = 0 }),
                path,
                cancellation
            );
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Reading(failed, path);
        }
    }

    /// <summary>Keeps a CAR that comes as a stream in a file that is gone afterwards.</summary>
    /// <param name="input">The stream.</param>
    /// <param name="folder">Where there is room.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FileException">It cannot be kept, or is none.</exception>
    public static CarBlocks Spool(Stream input, string folder, CancellationToken cancellation)
    {
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(folder);
            file = new FileStream(
                Path.Combine(folder, ".peerchat-" + Path.GetRandomFileName() + ".part"),
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    Options = FileOptions.DeleteOnClose,
                    BufferSize = 0,
                }
            );
            var piece = new byte[PieceSize];
            for (int count; (count = input.Read(piece)) > 0; )
            {
                cancellation.ThrowIfCancellationRequested();
                file.Write(piece, 0, count);
            }

            file.Position = 0;
        }
        catch (Exception failed)
        {
            file?.Dispose();
            if (failed is IOException or UnauthorizedAccessException)
            {
                throw FileException.Writing(failed, folder);
            }

            throw;
        }

        return Index(file, "standard input", cancellation);
    }

    /// <inheritdoc/>
    public bool TryGet(Cid cid, out ReadOnlyMemory<byte> block, out bool isVerified)
    {
        isVerified = false;
        block = default;
        if (!_places.TryGetValue(cid, out var place))
        {
            return false;
        }

        var bytes = new byte[place.Size];
        try
        {
            _file.Position = place.At;
            _file.ReadExactly(bytes);
        }
        catch (IOException failed)
        {
            throw FileException.Reading(failed, _path);
        }

        block = bytes;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static CarBlocks Index(FileStream file, string path, CancellationToken cancellation)
    {
        var blocks = new CarBlocks(file, path);
        try
        {
            blocks.ReadThrough(cancellation);
            return blocks;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void ReadThrough(CancellationToken cancellation)
    {
        var reader = new CarReader();
        var piece = new byte[PieceSize];
        var at = (long)CarWriter.HeaderSize;
        for (int count; (count = _file.Read(piece)) > 0; )
        {
            ReadOnlySpan<byte> rest = piece.AsSpan(0, count);
            while (!rest.IsEmpty)
            {
                cancellation.ThrowIfCancellationRequested();
                rest = rest[reader.Append(rest)..];
                while (reader.TryTakeBlock(out var cid, out var block))
                {
                    at += CarWriter.Prefix(cid, block.Length).Length;
                    if (_places.TryAdd(cid, (at, block.Length)))
                    {
                        TotalBytes += block.Length;
                    }

                    at += block.Length;
                    if (_places.Count > MaxBlocks)
                    {
                        throw new FileException(
                            FileFailure.Damaged,
                            $"{_path} has more than {MaxBlocks:N0} blocks, more than is read at once."
                        );
                    }
                }

                if (reader.Problem != CarProblem.None)
                {
                    throw Explain(reader.Problem);
                }
            }
        }

        reader.Complete();
        if (reader.Problem != CarProblem.None)
        {
            throw Explain(reader.Problem);
        }

        Root = reader.Root!.Value;
    }

    private FileException Explain(CarProblem problem) =>
        new(
            FileFailure.Damaged,
            problem switch
            {
                CarProblem.Version2 =>
                    $"{_path} is a CAR of version 2; make one of version 1 of it (car extract, or ipfs dag export) and try again.",
                CarProblem.CutOff =>
                    $"{_path} ends in the middle of a block, so it is not whole; get it again.",
                CarProblem.WrongBlock =>
                    $"{_path} is damaged: a block is not the one that its CID names; get it again.",
                CarProblem.UnknownCid =>
                    $"{_path} holds blocks that are not of the kind read here (CIDv1, SHA-256, raw or dag-pb).",
                CarProblem.BadSection =>
                    $"{_path} holds a block that is empty or greater than {FileLimits.MaxBlock:N0} bytes.",
                _ => $"{_path} is no CAR of version 1 with one root.",
            }
        );
}
