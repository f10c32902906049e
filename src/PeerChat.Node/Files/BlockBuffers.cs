using System.Runtime.InteropServices;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;

namespace PeerChat.Node.Files;

/// <summary>Memory for sealed blocks: pieces that fit a whole chunk and begin at a page, kept for the next one.</summary>
/// <remarks>
/// The runtime's own pool has arrays of powers of two, so that a chunk of a megabyte with its tag would take two, and it lets go of them while they are in use
/// on other threads, so that the system has to find and clear new memory all the time. What begins at a page goes to and from the disk without
/// a copy (<see cref="UncachedFile"/>). Smaller and greater ones are the runtime's all the same. Thread-safe.
/// </remarks>
internal sealed class BlockBuffers : BlockMemory
{
    /// <summary>The most bytes of a piece that is kept: a chunk and its tag.</summary>
    public const int Size = FileLimits.ChunkSize + SealedBlock.TagSize;

    /// <summary>Pieces kept while nobody uses them, 14 MiB: what a fast transfer has on its way between three threads where the disk lags behind.</summary>
    public const int MaxKept = 14;

    private const int MinSize = Size / 4; // what is smaller would waste the rest
    private const int ArraySize = Size + UncachedFile.Alignment;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _kept = new(MaxKept);

    /// <summary>The pool of the process.</summary>
    public static BlockBuffers Common { get; } = new();

    /// <inheritdoc/>
    public override Memory<byte> Rent(int size)
    {
        if (size is < MinSize or > Size)
        {
            return Shared.Rent(size);
        }

        byte[]? array;
        lock (_gate)
        {
            _kept.TryPop(out array);
        }

        // Pinned for good, as where it begins would else be another place after the next collection
        array ??= GC.AllocateUninitializedArray<byte>(ArraySize, pinned: true);
        return array.AsMemory(UncachedFile.FirstAligned(array), size);
    }

    /// <inheritdoc/>
    public override void Return(ReadOnlyMemory<byte> memory)
    {
        if (
            !MemoryMarshal.TryGetArray(memory, out var rented)
            || rented.Array is not { Length: ArraySize } array
        )
        {
            Shared.Return(memory);
            return;
        }

        lock (_gate)
        {
            if (_kept.Count < MaxKept)
            {
                _kept.Push(array);
            }
        }
    }
}
