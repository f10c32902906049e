using System.Runtime.InteropServices;
using PeerChat.Node.Engine;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;

namespace PeerChat.Node.Files;

/// <summary>Does the work that <see cref="FileJob"/> describes, on whatever thread it is called.</summary>
/// <param name="report">Takes what the engine is told.</param>
internal sealed class FileWork(Action<Action<NodeEngine>> report)
{
    private byte[] _plain = [];
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
            default:
                throw new InvalidOperationException($"Nobody does {job.GetType().Name}.");
        }
    }

    private byte[] Room(int size) => _read.Length < size ? _read = new byte[size] : _read;

    private void Take(FileJob.Take take)
    {
        try
        {
            var bytes = take.Link == 0 ? take.Pack.Read(take.Address, Room) : take.Bytes;
            if (bytes is not { } sealedBlock)
            {
                Answer(BlockVerdict.Lost, 0, []);
                return;
            }

            var isRight = IsRight(take, sealedBlock, out var children);
            if (isRight && take.Link != 0)
            {
                take.Pack.Add(take.Address, sealedBlock.Span);
            }

            Answer(
                isRight ? BlockVerdict.Kept
                    : take.Link == 0 ? BlockVerdict.Lost
                    : BlockVerdict.Wrong,
                sealedBlock.Length,
                children
            );
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            var sentence = FileException.Writing(failed, take.Pack.Name).Message;
            report(engine => engine.HandleFileTrouble(take.Number, FileException.IsFull(failed), sentence));
        }
        finally
        {
            if (take.Link != 0 && MemoryMarshal.TryGetArray(take.Bytes, out var rented))
            {
                BlockBuffers.Common.Return(rented.Array!);
            }
        }

        void Answer(BlockVerdict verdict, int size, IReadOnlyList<BlockLink> children) =>
            report(engine =>
                engine.HandleBlockTaken(take.Number, take.Link, take.Address, verdict, size, children)
            );
    }

    private bool IsRight(
        FileJob.Take take,
        ReadOnlyMemory<byte> sealedBlock,
        out IReadOnlyList<BlockLink> children
    )
    {
        children = [];
        if (take.Cid.Codec == CidCodec.Raw)
        {
            return SealedBlock.IsRawAt(take.Address, sealedBlock.Span);
        }

        if (_plain.Length < sealedBlock.Length)
        {
            _plain = new byte[sealedBlock.Length];
        }

        return (take.Link == 0 || SealedBlock.AddressOf(sealedBlock.Span) == take.Address)
            && SealedBlock.TryOpen(take.File.Key, take.Cid, sealedBlock.Span, _plain, out _, out children);
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
            var sink = new SealingSink(job.Key, (address, block) => pack.Add(address, block.Span));
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
            using var tree = new TargetTree(job.Folder, meter, job.Cancellation, packName[..16]);
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
                    .Read(address, size => buffer.Length < size ? buffer = new byte[size] : buffer)
                : null;
    }

    /// <summary>Gives the memory of a block back that was read for somebody.</summary>
    public static void Return(ReadOnlyMemory<byte>? block)
    {
        if (
            block is { } bytes
            && MemoryMarshal.TryGetArray(bytes, out var rented)
            && rented.Array is { } array
        )
        {
            BlockBuffers.Common.Return(array);
        }
    }
}
