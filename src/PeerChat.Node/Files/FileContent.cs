using PeerChat.Node.Transport;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Files by their content: their CIDs, and CARs that others can read and write.</summary>
public static class FileContent
{
    /// <summary>The CID of a file or folder under the profile <c>unixfs-v1-2025</c> of IPIP-499.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="withHidden">Whether hidden entries of folders count; the profile leaves them out.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static PathSummary CidOf(
        string path,
        bool withHidden,
        Action<FileProgress>? progress,
        CancellationToken cancellation
    )
    {
        var total = progress is null ? (long?)null : PathReader.Measure(path, withHidden, cancellation);
        return new PathReader(
            new NoSink(),
            withHidden,
            new ProgressMeter(progress, total),
            cancellation
        ).Read(path);
    }

    /// <summary>The same for bytes that come from elsewhere.</summary>
    public static PathSummary CidOf(
        Stream stream,
        Action<FileProgress>? progress,
        CancellationToken cancellation
    ) => new PathReader(new NoSink(), false, new ProgressMeter(progress, null), cancellation).Read(stream);

    /// <summary>Writes a file or folder as a CAR; it appears under its name when it is whole and durable, and never over another.</summary>
    /// <exception cref="FileException">It cannot be read or written.</exception>
    public static PathSummary ExportCar(
        string path,
        bool withHidden,
        string car,
        Action<FileProgress>? progress,
        CancellationToken cancellation
    )
    {
        RefuseExisting(car);
        var total = progress is null ? (long?)null : PathReader.Measure(path, withHidden, cancellation);
        using var target = new UnfinishedFile(car);
        target.Stream.Write(new byte[CarWriter.HeaderSize]); // the root is known at the end
        var summary = ReadInto(
            target.Stream,
            car,
            sink =>
                new PathReader(sink, withHidden, new ProgressMeter(progress, total), cancellation).Read(path)
        );
        try
        {
            target.Stream.Position = 0;
            target.Stream.Write(CarWriter.Header(summary.Root));
            target.Complete();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Writing(failed, car);
        }

        return summary;
    }

    /// <summary>Writes a CAR to a stream that cannot go back: the file is read twice, first for its root.</summary>
    /// <exception cref="FileException">It cannot be read, or changed between the two readings.</exception>
    public static PathSummary ExportCar(
        string path,
        bool withHidden,
        Stream output,
        Action<FileProgress>? progress,
        CancellationToken cancellation
    )
    {
        var first = CidOf(path, withHidden, null, cancellation);
        output.Write(CarWriter.Header(first.Root));
        var second = new PathReader(
            new CarSink(output),
            withHidden,
            new ProgressMeter(progress, first.Bytes),
            cancellation
        ).Read(path);
        return second.Root == first.Root
            ? second
            : throw new FileException(
                FileFailure.Changed,
                $"{path} changed while it was read, so the CAR is of no use; try again."
            );
    }

    /// <summary>Puts what a CAR holds into a folder, under a name that is free there; nothing appears before all of it was verified.</summary>
    /// <param name="car">The CAR, or - for standard input as <paramref name="input"/> gives it.</param>
    /// <param name="input">Standard input, where it is read.</param>
    /// <param name="folder">Where to put it.</param>
    /// <param name="name">Under what name; a CAR does not say.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FileException">It cannot be read or written, or is no whole CAR.</exception>
    public static PlacedTree ImportCar(
        string car,
        Stream? input,
        string folder,
        string? name,
        Action<FileProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var blocks = input is null
            ? CarBlocks.Open(car, cancellation)
            : CarBlocks.Spool(input, folder, cancellation);
        using var tree = new TargetTree(folder, new ProgressMeter(progress, blocks.TotalBytes), cancellation);
        try
        {
            if (new FileTreeReader(blocks, tree, blocks.TotalBytes * 64).Read(blocks.Root) is { } fault)
            {
                throw new FileException(
                    FileFailure.Damaged,
                    $"What {(input is null ? car : "standard input")} holds is not whole, so nothing was put in place. {fault}"
                );
            }

            return tree.Complete(name ?? blocks.Root.ToString(), blocks.Root);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Writing(failed, folder);
        }
    }

    /// <summary>Fetches a file or folder from an IPFS node or gateway, block by block, each verified, and puts it in place as a whole.</summary>
    /// <param name="gateway">The gateway: http or https.</param>
    /// <param name="cid">What to fetch.</param>
    /// <param name="folder">Where to put it.</param>
    /// <param name="name">Under what name; the CID when left out.</param>
    /// <param name="maxBytes">The most it may have.</param>
    /// <param name="patience">How long one block may take; null for a minute.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FileException">It does not come, is not what the CID names, or cannot be written.</exception>
    public static PlacedTree Fetch(
        Uri gateway,
        string cid,
        string folder,
        string? name,
        long maxBytes,
        TimeSpan? patience,
        Action<FileProgress>? progress,
        CancellationToken cancellation
    )
    {
        if (!Cid.TryParse(cid, out var root))
        {
            throw new FileException(
                FileFailure.NotFound,
                $"{cid} is no CID that can be fetched: version 1, SHA-256, raw or dag-pb, in base 32."
            );
        }

        using var blocks = new GatewayBlocks(
            gateway,
            patience ?? GatewayBlocks.DefaultPatience,
            cancellation
        );
        using var tree = new TargetTree(folder, new ProgressMeter(progress, null), cancellation);
        try
        {
            return new FileTreeReader(blocks, tree, maxBytes).Read(root) switch
            {
                null => tree.Complete(name ?? cid, root),
                { Problem: FileTreeProblem.WrongBlock } wrong => throw new FileException(
                    FileFailure.Damaged,
                    $"{gateway.Host} gave a block that is not the one that was asked for, so nothing was put in place; use another gateway. {wrong}"
                ),
                { Problem: FileTreeProblem.TooMuch } => throw new FileException(
                    FileFailure.Damaged,
                    $"It has more than {maxBytes / 1024 / 1024:N0} MiB, so nothing was put in place; --max-size allows more."
                ),
                var fault => throw new FileException(
                    FileFailure.Damaged,
                    $"What the CID names is no sound file or folder, so nothing was put in place. {fault}"
                ),
            };
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Writing(failed, folder);
        }
    }

    /// <summary>Gives a file or folder to an IPFS node, which keeps it and gives it to everybody who asks: it is public from then on.</summary>
    /// <param name="api">The node's API (Kubo): http or https.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="withHidden">Whether hidden entries of folders are taken in.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FileException">It cannot be read, or the node does not take it.</exception>
    public static PathSummary Pin(
        Uri api,
        string path,
        bool withHidden,
        Action<FileProgress>? progress,
        CancellationToken cancellation
    )
    {
        PathSummary? found = null;
        IpfsNode
            .PinAsync(
                api,
                output => found = ExportCar(path, withHidden, output, progress, cancellation),
                () => found?.Cid ?? "",
                cancellation
            )
            .GetAwaiter()
            .GetResult();
        return found!;
    }

    /// <summary>Reads a whole file that has no more than so many bytes.</summary>
    /// <param name="path">The file; - for standard input.</param>
    /// <param name="maxBytes">The greatest size.</param>
    /// <exception cref="FileException">It cannot be read, or is greater.</exception>
    public static byte[] ReadSmall(string path, int maxBytes)
    {
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using var whole = new MemoryStream();
            var piece = new byte[64 * 1024];
            for (int count; (count = stream.Read(piece)) > 0; )
            {
                whole.Write(piece, 0, count);
                if (whole.Length > maxBytes)
                {
                    throw new FileException(
                        FileFailure.Unreadable,
                        $"{path} has more than {maxBytes / 1024 / 1024} MiB, more than is read for this."
                    );
                }
            }

            return whole.ToArray();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Reading(failed, path);
        }
    }

    private static PathSummary ReadInto(Stream output, string car, Func<IBlockSink, PathSummary> read)
    {
        using var watched = new WriteWatch(output, car);
        return read(new CarSink(watched));
    }

    private static void RefuseExisting(string path)
    {
        if (Path.Exists(path))
        {
            throw new FileException(
                FileFailure.Exists,
                $"{path} is there already and stays as it is; choose another name."
            );
        }
    }
}
