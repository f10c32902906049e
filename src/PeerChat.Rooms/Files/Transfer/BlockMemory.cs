using System.Buffers;
using System.Runtime.InteropServices;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>Memory for sealed blocks, which is used again and again. Thread-safe.</summary>
public abstract class BlockMemory
{
    /// <summary>The runtime's own pool.</summary>
    public static BlockMemory Shared { get; } = new OfTheRuntime();

    /// <summary>Memory of exactly so many bytes, with anything in it.</summary>
    public abstract Memory<byte> Rent(int size);

    /// <summary>Gives back what was rented, or a part of it from its beginning on; what was not rented here is left alone only where it is empty.</summary>
    public abstract void Return(ReadOnlyMemory<byte> memory);

    private sealed class OfTheRuntime : BlockMemory
    {
        public override Memory<byte> Rent(int size) => ArrayPool<byte>.Shared.Rent(size).AsMemory(0, size);

        public override void Return(ReadOnlyMemory<byte> memory)
        {
            if (MemoryMarshal.TryGetArray(memory, out var rented) && rented.Array is { Length: > 0 } array)
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }
}
