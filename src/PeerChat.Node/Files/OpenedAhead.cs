using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Opens the sealed blocks of a pack for who reads the file in its order; those of a great file a little ahead, on a thread of its own.</summary>
/// <remarks>For one reader. While it hashes a block and hands it on, the next are read and opened.</remarks>
/// <param name="file">The announcement.</param>
/// <param name="pack">Where its blocks are.</param>
internal sealed class OpenedAhead(FileAnnouncement file, BlockPack pack) : IBlockSource, IDisposable
{
    /// <summary>Opened blocks that wait for the reader.</summary>
    public const int MaxWaiting = 2;

    private readonly Dictionary<Cid, Bytes32> _addresses = new() { [file.Root] = file.Address };
    private readonly Opener _opener = new(file, pack);
    private Memory<byte> _lent; // what the reader has, until it asks for the next
    private Run? _ahead;

    /// <inheritdoc/>
    /// <remarks>A raw block is valid until the next call, a node for ever.</remarks>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public bool TryGet(Cid cid, out ReadOnlyMemory<byte> block, out bool isVerified)
    {
        (block, isVerified) = (default, false);
        GiveBack();
        if (cid.Codec == CidCodec.Raw && _ahead is { } ahead)
        {
            if (ahead.TryTake(cid, out var opened))
            {
                _lent = opened.Buffer;
                (block, isVerified) = (opened.Bytes ?? default, opened.IsVerified);
                return opened.Bytes is not null;
            }

            EndAhead(); // it is read in another order
        }

        if (!_addresses.TryGetValue(cid, out var address))
        {
            return false;
        }

        if (cid.Codec == CidCodec.Raw)
        {
            var opened = _opener.Open(cid, address);
            _lent = opened.Buffer;
            (block, isVerified) = (opened.Bytes ?? default, opened.IsVerified);
            return opened.Bytes is not null;
        }

        if (
            _opener.Read(address) is not { } sealedBlock
            || !SealedBlock.TryOpen(
                file.Key,
                cid,
                sealedBlock.Span,
                new byte[sealedBlock.Length],
                out block,
                out var children
            )
        )
        {
            return false;
        }

        foreach (var child in children)
        {
            _addresses[child.Cid] = child.Address;
        }

        BeginAhead(children);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndAhead();
        GiveBack();
    }

    private void BeginAhead(IReadOnlyList<BlockLink> children)
    {
        EndAhead();
        var great = children.TakeWhile(child => child.Cid.Codec == CidCodec.Raw).ToList();
        if (
            great.Aggregate(0UL, (sum, child) => sum + Math.Min(child.TotalSize, FileLimits.MaxBlock))
            >= WriteBehind.Worth
        )
        {
            _ahead = new Run(new Opener(file, pack), great);
        }
    }

    private void EndAhead()
    {
        _ahead?.Dispose();
        _ahead = null;
    }

    private void GiveBack()
    {
        if (!_lent.IsEmpty)
        {
            BlockBuffers.Common.Return(_lent);
            _lent = default;
        }
    }

    private readonly record struct Opened(
        Cid Cid,
        Memory<byte> Buffer,
        ReadOnlyMemory<byte>? Bytes,
        bool IsVerified
    );

    /// <summary>Reads and opens blocks; for one thread.</summary>
    private sealed class Opener(FileAnnouncement file, BlockPack pack)
    {
        private byte[] _room = [];

        /// <summary>A sealed block, valid until the next call; null where it is not here.</summary>
        public ReadOnlyMemory<byte>? Read(Bytes32 address) =>
            pack.Read(
                address,
                size => (_room.Length < size ? _room = new byte[size] : _room).AsMemory(0, size)
            );

        /// <summary>A raw block, in a rented buffer that goes back in any case; without bytes where it is not here, or damaged.</summary>
        public Opened Open(Cid cid, Bytes32 address)
        {
            var sealedBlock = Read(address);
            var buffer = BlockBuffers.Common.Rent(sealedBlock?.Length ?? BlockBuffers.Size);
            // No conditional expression: an array that is null becomes empty memory
            ReadOnlyMemory<byte>? opened = null;
            if (
                sealedBlock is { } bytes
                && SealedBlock.TryDecrypt(file.Key, cid, bytes.Span, buffer, out var block)
            )
            {
                opened = block;
            }

            return new Opened(cid, buffer, opened, pack.IsVerified(address, cid));
        }
    }

    /// <summary>The blocks below one node, opened one after the other.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Opener _opener;
        private readonly BlockingCollection<Opened> _waiting = new(MaxWaiting);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _work;
        private volatile ExceptionDispatchInfo? _failure;

        public Run(Opener opener, IReadOnlyList<BlockLink> links)
        {
            _opener = opener;
            _work = Task.Factory.StartNew(
                () => OpenAll(links),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }

        /// <summary>Takes the next block; false where all were taken, or the next is another one.</summary>
        public bool TryTake(Cid cid, out Opened opened)
        {
            if (!_waiting.TryTake(out opened, Timeout.Infinite))
            {
                _failure?.Throw();
                return false;
            }

            if (opened.Cid == cid)
            {
                return true;
            }

            BlockBuffers.Common.Return(opened.Buffer);
            return false;
        }

        public void Dispose()
        {
            _end.Cancel();
            _work.Wait();
            while (_waiting.TryTake(out var opened))
            {
                BlockBuffers.Common.Return(opened.Buffer);
            }

            _waiting.Dispose();
            _end.Dispose();
        }

        private void OpenAll(IReadOnlyList<BlockLink> links)
        {
            try
            {
                foreach (var (cid, address, _) in links)
                {
                    if (!TryAdd(_opener.Open(cid, address)))
                    {
                        return;
                    }
                }
            }
            catch (Exception failed)
                when (failed is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                _failure = ExceptionDispatchInfo.Capture(failed);
            }
            finally
            {
                _waiting.CompleteAdding();
            }
        }

        private bool TryAdd(Opened opened)
        {
            try
            {
                _waiting.Add(opened, _end.Token);
                return true;
            }
            catch (OperationCanceledException)
            {
                BlockBuffers.Common.Return(opened.Buffer);
                return false;
            }
        }
    }
}
