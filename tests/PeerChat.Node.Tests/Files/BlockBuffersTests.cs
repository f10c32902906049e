using System.Runtime.InteropServices;
using PeerChat.Node.Files;
using PeerChat.Node.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

/// <summary>Memory for blocks, used again and again.</summary>
public sealed class BlockBuffersTests
{
    [Fact]
    public void A_chunk_gets_memory_that_fits_and_gets_it_again()
    {
        var buffers = new BlockBuffers();
        var first = buffers.Rent(BlockBuffers.Size);
        first.Length.ShouldBe(BlockBuffers.Size);
        first.Span[0] = 1;
        buffers.Return(first[..10]);

        var again = buffers.Rent(BlockBuffers.Size - 1);
        again.Length.ShouldBe(BlockBuffers.Size - 1);
        ArrayOf(again).ShouldBeSameAs(ArrayOf(first));
        again.Span[0].ShouldBe((byte)1);
    }

    [Fact]
    public void So_many_are_kept_and_no_more()
    {
        var buffers = new BlockBuffers();
        var rented = Enumerable
            .Range(0, BlockBuffers.MaxKept + 1)
            .Select(_ => buffers.Rent(BlockBuffers.Size))
            .ToList();
        rented.ForEach(array => buffers.Return(array));
        var again = Enumerable.Range(0, rented.Count).Select(_ => buffers.Rent(BlockBuffers.Size)).ToList();
        again
            .Count(one => rented.Exists(other => ArrayOf(other) == ArrayOf(one)))
            .ShouldBe(BlockBuffers.MaxKept);
    }

    [Fact]
    public void It_begins_at_a_page_however_often_it_is_collected()
    {
        var rented = Enumerable.Range(0, 3).Select(_ => new BlockBuffers().Rent(BlockBuffers.Size)).ToList();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        foreach (var one in rented)
        {
            MemoryMarshal.TryGetArray<byte>(one, out var part).ShouldBeTrue();
            (
                Marshal.UnsafeAddrOfPinnedArrayElement(part.Array!, part.Offset) % UncachedFile.Alignment
            ).ShouldBe(0);
        }
    }

    [Fact]
    public void What_is_smaller_or_greater_comes_from_the_pool_of_the_runtime()
    {
        var buffers = new BlockBuffers();
        foreach (var (size, array) in new[] { (1000, 1024), (BlockBuffers.Size + 1, 2 * 1024 * 1024) })
        {
            var rented = buffers.Rent(size);
            rented.Length.ShouldBe(size);
            ArrayOf(rented).Length.ShouldBe(array);
            buffers.Return(rented);
        }
    }

    private static byte[] ArrayOf(Memory<byte> memory) =>
        MemoryMarshal.TryGetArray<byte>(memory, out var part) ? part.Array! : [];
}
