using System.Buffers;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Memory for sealed blocks: arrays that fit a whole chunk exactly, kept for the next one.</summary>
/// <remarks>
/// The runtime's own pool has arrays of powers of two, so that a chunk of a megabyte with its tag would take two, and it lets go of them while they are in use
/// on other threads, so that the system has to find and clear new memory all the time. Smaller and greater ones are its all the same.
/// Thread-safe.
/// </remarks>
internal sealed class BlockBuffers : ArrayPool<byte>
{
    /// <summary>Bytes of an array that is kept: a chunk and its tag.</summary>
    public const int Size = FileLimits.ChunkSize + SealedBlock.TagSize;

    /// <summary>Arrays kept while nobody uses them, 14 MiB: what a fast transfer has on its way between three threads where the disk lags behind.</summary>
    public const int MaxKept = 14;

    private const int MinSize = Size / 4; // what is smaller would waste the rest

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _kept = new(MaxKept);

    /// <summary>The pool of the process.</summary>
    public static BlockBuffers Common { get; } = new();

    /// <inheritdoc/>
    public override byte[] Rent(int minimumLength)
    {
        if (minimumLength is < MinSize or > Size)
        {
            return Shared.Rent(minimumLength);
        }

        lock (_gate)
        {
            if (_kept.TryPop(out var array))
            {
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>(Size);
    }

    /// <inheritdoc/>
    public override void Return(byte[] array, bool clearArray = false)
    {
        if (array.Length != Size)
        {
            Shared.Return(array, clearArray);
            return;
        }

        if (clearArray)
        {
            array.AsSpan().Clear();
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
