using PeerChat.Node.Links;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Links;

/// <summary>How much bulk may be on its way, which follows what the path carries.</summary>
public sealed class BulkLimitTests
{
    [Theory]
    [InlineData(0, PeerLink.MinBufferedBulkBytes)]
    [InlineData(100_000, PeerLink.MinBufferedBulkBytes)]
    [InlineData(1_000_000, 2_000_000)]
    [InlineData(int.MaxValue, PeerLink.MaxBufferedBulkBytes)]
    public void Bulk_has_two_windows_under_way_within_bounds(int window, int expected) =>
        PeerLink.BulkLimit(window).ShouldBe(expected);

    [Fact]
    public void Bulk_never_reaches_what_ends_a_link() =>
        PeerLink.MaxBufferedBulkBytes.ShouldBeLessThan(PeerLink.MaxBufferedBytes);
}
