using PeerChat.Node.Engine;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;

namespace PeerChat.Node.Files;

/// <summary>Does the work that <see cref="FileJob"/> describes, on whatever thread it is called.</summary>
/// <param name="report">Takes what the engine is told.</param>
/// <param name="writer">Writes great blocks elsewhere, while the next is opened; null to write them at once.</param>
internal sealed class FileWork(Action<Action<NodeEngine>> report, FileWriter? writer = null)
{
    private byte[] _read = [];

    /// <summary>Does a job, and reports. Of those that are not long, one at a time.</summary>
    public void Do(FileJob job)
    {
        switch (job)
        {
            case FileJob.Prepare prepare:
                Prepare(prepare);
                break;
            case FileJob.Take take:
                Take(take);
                break;
            case FileJob.Give give:
                Give(give);
                break;
            case FileJob.Tell tell:
                Tell(tell);
                break;
            case FileJob.Put put:
                Put(put);
                break;
            case FileJob.Sweep sweep:
                sweep.Ahead?.Dispose();
                TargetTree.Sweep(sweep.Folder, sweep.Mark);
                break;
            default:
                throw new InvalidOperationException($"Nobody does {job.GetType().Name}.");
        }
    }

    private Memory<byte> Room(int size) =>
        (_read.Length < size ? _read = new byte[size] : _read).AsMemory(0, size);

    private void Take(FileJob.Take take)
    {
        if (take.Link == 0)
        {
            OpenNode(take);
            return;
        }

        var plain = BlockBuffers.Common.Rent(take.Bytes.Length);
        // Sealing has one outcome: what opens as the block of that CID is what lies at its address, where the announcer told the truth.
        // Only what does not is hashed as it came, to tell whose fault it is
        ReadOnlyMemory<byte> block = default;
        IReadOnlyList<BlockLink> children = [];
        var isVerified =
            (take.Cid.Codec == CidCodec.Raw || SealedBlock.AddressOf(take.Bytes.Span) == take.Address)
            && SealedBlock.TryOpen(take.File.Key, take.Cid, take.Bytes.Span, plain, out block, out children);
        var isRight =
            isVerified
            || (take.Cid.Codec == CidCodec.Raw && SealedBlock.IsRawAt(take.Address, take.Bytes.Span));
        if (!isRight)
        {
            Return(take, plain);
            Answer(report, take, BlockVerdict.Wrong, []);
        }
        else if (writer is not null && take.Bytes.Length >= UncachedFile.MinPiece)
        {
            var (opened, below) = (isVerified ? block : (ReadOnlyMemory<byte>?)null, children);
            writer.Add(now => Keep(now, take, plain, opened, below));
        }
        else
        {
            Keep(report, take, plain, isVerified ? block : (ReadOnlyMemory<byte>?)null, children);
        }
    }

    private static void Keep(
        Action<Action<NodeEngine>> report,
        FileJob.Take take,
        Memory<byte> plain,
        ReadOnlyMemory<byte>? block,
        IReadOnlyList<BlockLink> children
    )
    {
        try
        {
            take.Pack.Add(take.Address, take.Bytes, block is null ? null : take.Cid);
            if (block is { } verified)
            {
                PutAhead(take, verified);
            }

            Answer(report, take, BlockVerdict.Kept, children);
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(report, take, failed);
        }
        finally
        {
            Return(take, plain);
        }
    }

    private void OpenNode(FileJob.Take take)
    {
        try
        {
            if (
                take.Pack.Read(take.Address, Room) is { } node
                && SealedBlock.TryOpen(
                    take.File.Key,
                    take.Cid,
                    node.Span,
                    new byte[node.Length],
                    out var block,
                    out var children
                )
            )
            {
                PutAhead(take, block);
                Answer(report, take, BlockVerdict.Kept, children);
            }
            else
            {
                Answer(report, take, BlockVerdict.Lost, []);
            }
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(report, take, failed);
        }
    }

    private static void PutAhead(FileJob.Take take, ReadOnlyMemory<byte> block)
    {
        if (take.Cid.Codec == CidCodec.Raw)
        {
            take.Ahead?.Write(take.Cid, block);
        }
        else
        {
            take.Ahead?.Learn(take.Cid, block);
        }
    }

    private static void Return(FileJob.Take take, Memory<byte> plain)
    {
        BlockBuffers.Common.Return(plain);
        BlockBuffers.Common.Return(take.Bytes);
    }

    private static void Answer(
        Action<Action<NodeEngine>> report,
        FileJob.Take take,
        BlockVerdict verdict,
        IReadOnlyList<BlockLink> children
    )
    {
        var size = take.Bytes.Length; // a node that is here was counted when it was found
        report(engine =>
            engine.HandleBlockTaken(take.Number, take.Link, take.Address, verdict, size, children)
        );
    }

    private static void Fail(Action<Action<NodeEngine>> report, FileJob.Take take, Exception failed)
    {
        var sentence = FileException.Writing(failed, take.Pack.Name).Message;
        report(engine => engine.HandleFileTrouble(take.Number, FileException.IsFull(failed), sentence));
    }

    private void Give(FileJob.Give give)
    {
        var blocks = new List<(Bytes32 Address, ReadOnlyMemory<byte>? Bytes)>();
        var pack = PackOf(give);
        var bytes = 0;
        foreach (var address in give.Addresses)
        {
            // Small ones are read together; a great one is not read with others before it has to be
            if (blocks.Count > 0 && bytes + (pack?.SizeOf(address) ?? 0) > FileServe.ReadAhead)
            {
                break;
            }

            var block = ReadFrom(pack, address);
            blocks.Add((address, block));
            bytes += block?.Length ?? 0;
        }

        report(engine => engine.HandleBlocksRead(give.Link, give.Channel, blocks));
    }

    // To who asks it is all the same as not being here

    private static BlockPack? PackOf(FileJob.Give give)
    {
        try
        {
            return give.Store.Exists(give.Pack) ? give.Store.Get(give.Pack) : null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte>? ReadFrom(BlockPack? pack, Bytes32 address)
    {
        try
        {
            return pack?.Read(address, BlockBuffers.Common.Rent);
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return null;
        }
    }

    private void Tell(FileJob.Tell tell)
    {
        byte[]? bits = null;
        try
        {
            var name = tell.File.Address.ToString();
            if (
                tell.Store.Exists(name)
                && tell.Store.Get(name) is var pack
                && pack.Read(tell.Node, Room) is { } node
                && SealedBlock.TryOpen(
                    tell.File.Key,
                    tell.Cid,
                    node.Span,
                    new byte[node.Length],
                    out _,
                    out var children
                )
            )
            {
                bits = new byte[(children.Count + 7) / 8];
                for (var index = 0; index < children.Count; index++)
                {
                    bits[index / 8] |= pack.SizeOf(children[index].Address) is null
                        ? (byte)0
                        : (byte)(0x80 >> (index % 8));
                }
            }
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            bits = null; // to who asks it is the same as not being here
        }

        report(engine => engine.HandleNodeTold(tell.Link, tell.Channel, tell.Node, bits));
    }

    private void Prepare(FileJob.Prepare job)
    {
        var unfinished = BlockStore.UnfinishedPrefix + job.Number;
        try
        {
            var total = PathReader.Measure(job.Path, job.WithHidden, job.Cancellation);
            var meter = new ProgressMeter(
                progress => report(engine => engine.HandleFileProgress(job.Number, progress)),
                total
            );
            var pack = job.Store.Use(unfinished);
            pack.Expect(total);
            var sink = new SealingSink(job.Key, (address, block) => pack.Add(address, block));
            var mediaType = Directory.Exists(job.Path) ? "" : FileNames.MediaTypeOf(job.Path);
            var reader = new PathReader(sink, job.WithHidden, meter, job.Cancellation)
            {
                Strips = !job.KeepMetadata,
            };
            var found = reader.Read(job.Path);
            pack.Flush();
            job.Store.Release(unfinished);
            var address = sink.AddressOf(found.Root);
            job.Store.Finish(unfinished, address.ToString());
            if (job.DeleteSource)
            {
                File.Delete(job.Path);
            }

            var announced = new FileAnnouncement(
                found.Root,
                address,
                job.Key,
                FileNames.Announced(job.Name ?? found.Name),
                found.Bytes,
                found.Files,
                found.IsFolder,
                mediaType
            );
            report(engine => engine.HandleFilePrepared(job.Number, announced, reader.Uncleaned));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or FileException)
        {
            Discard(job.Store, unfinished);
            var sentence = (
                failed as FileException ?? FileException.Writing(failed, job.Store.Folder)
            ).Message;
            report(engine => engine.HandleFileTrouble(job.Number, FileException.IsFull(failed), sentence));
        }
        catch (OperationCanceledException)
        {
            Discard(job.Store, unfinished);
        }
    }

    private static void Discard(BlockStore store, string name)
    {
        try
        {
            store.Delete(name);
        }
        catch (IOException)
        {
            // deleted at the next start
        }
    }

    private void Put(FileJob.Put job)
    {
        try
        {
            report(
                PutInPlace(job) is var placed ? engine => engine.HandleFilePut(job.Number, placed) : null!
            );
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or FileException)
        {
            var sentence = (failed as FileException ?? FileException.Writing(failed, job.Folder)).Message;
            var isMissing = failed is FileException { Failure: FileFailure.Damaged };
            report(engine => engine.HandlePutTrouble(job.Number, isMissing, sentence));
        }
        catch (OperationCanceledException)
        {
            // whoever cancelled it has said so
        }
    }

    private PlacedTree PutInPlace(FileJob.Put job)
    {
        var ahead = job.Ahead?.Complete(job.Folder) == true ? job.Ahead : null;
        var name = job.Name ?? job.File.Name;
        if (job.WasBegun && FileNames.FindPlaced(job.Folder, name, job.File, job.Cancellation) is { } there)
        {
            return there;
        }

        var packName = job.File.Address.ToString();
        var pack = job.Store.Use(packName);
        try
        {
            var meter = new ProgressMeter(
                progress => report(engine => engine.HandleFileProgress(job.Number, progress)),
                job.File.Size
            );
            using var tree = new TargetTree(
                job.Folder,
                meter,
                job.Cancellation,
                FileJob.MarkOf(packName),
                ahead
            );
            using var source = new OpenedAhead(job.File, pack);
            var fault = new FileTreeReader(source, tree, job.File.Size).Read(job.File.Root);
            return fault is null
                ? tree.Complete(name, job.File.Root)
                : throw new FileException(
                    FileFailure.Damaged,
                    $"What was announced is no sound file or folder, so nothing was put in place. {fault}"
                );
        }
        finally
        {
            job.Store.Release(packName);
        }
    }

    /// <summary>Reads the sealed blocks of a pack for one who reads them one after the other.</summary>
    public static Func<Bytes32, ReadOnlyMemory<byte>?> ReaderOf(BlockStore store, string pack)
    {
        byte[] buffer = [];
        return address =>
            store.Exists(pack)
                ? store
                    .Get(pack)
                    .Read(
                        address,
                        size => (buffer.Length < size ? buffer = new byte[size] : buffer).AsMemory(0, size)
                    )
                : null;
    }

    /// <summary>Gives the memory of a block back that was read for somebody.</summary>
    public static void Return(ReadOnlyMemory<byte>? block)
    {
        if (block is { } bytes)
        {
            BlockBuffers.Common.Return(bytes);
        }
    }
}
