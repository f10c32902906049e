using PeerChat.Node.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

/// <summary>Memory for blocks, used again and again.</summary>
public sealed class BlockBuffersTests
{
    [Fact]
    public void A_chunk_gets_an_array_that_fits_and_gets_it_again()
    {
        var buffers = new BlockBuffers();
        var first = buffers.Rent(BlockBuffers.Size);
        first.Length.ShouldBe(BlockBuffers.Size);
        buffers.Return(first);
        buffers.Rent(BlockBuffers.Size - 1).ShouldBeSameAs(first);
    }

    [Fact]
    public void Eight_are_kept_and_no_more()
    {
        var buffers = new BlockBuffers();
        var rented = Enumerable
            .Range(0, BlockBuffers.MaxKept + 1)
            .Select(_ => buffers.Rent(BlockBuffers.Size))
            .ToList();
        rented.ForEach(array => buffers.Return(array));
        var again = Enumerable.Range(0, rented.Count).Select(_ => buffers.Rent(BlockBuffers.Size)).ToList();
        again.Count(rented.Contains).ShouldBe(BlockBuffers.MaxKept);
    }

    [Fact]
    public void What_is_smaller_or_greater_comes_from_the_pool_of_the_runtime()
    {
        var buffers = new BlockBuffers();
        buffers.Rent(1000).Length.ShouldBe(1024);
        buffers.Rent(BlockBuffers.Size + 1).Length.ShouldBe(2 * 1024 * 1024);
    }
}
