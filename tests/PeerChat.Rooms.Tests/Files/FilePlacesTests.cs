using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files;

/// <summary>Where blocks of a file lie, as its nodes say.</summary>
public sealed class FilePlacesTests
{
    private readonly BlockBag _bag = new();

    [Fact]
    public void Blocks_of_a_file_of_two_levels_are_where_they_are_read()
    {
        var (a, b) = (Raw(1, 100), Raw(2, 30));
        var low = Node(UnixFsType.File, (a, 100), (b, 30));
        var high = Node(UnixFsType.File, (b, 30), (low, 130), (a, 100), (low, 130));
        var places = new FilePlaces(high, 390);
        places.Of(a).ShouldBeEmpty();
        places.Learn(low, _bag.Blocks[low]); // nobody knows yet where that one lies
        places.Of(a).ShouldBeEmpty();
        places.Learn(high, _bag.Blocks[high]);
        places.Of(a).ShouldBe([160]);
        for (var time = 0; time < 2; time++) // a second time changes nothing
        {
            places.Learn(low, _bag.Blocks[low]);
            places.Of(a).Order().ShouldBe([30, 160, 260]);
            places.Of(b).Order().ShouldBe([0, 130, 360]);
        }
    }

    [Fact]
    public void Nothing_lies_beyond_what_was_announced()
    {
        var (a, b) = (Raw(1, 100), Raw(2, 100));
        var root = Node(UnixFsType.File, (a, 100), (b, 51), (b, 100));
        var places = new FilePlaces(root, 150);
        places.Learn(root, _bag.Blocks[root]);
        places.Of(a).ShouldBe([0]);
        places.Of(b).ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_and_a_node_whose_sizes_are_missing_say_nothing()
    {
        var a = Raw(1, 100);
        foreach (
            var root in (Cid[])
                [
                    Node(UnixFsType.Directory, (a, 100)),
                    _bag.AddNode(new UnixFsData(UnixFsType.File) { FileSize = 100 }, new DagLink(a, "", 100)),
                    _bag.Add(CidCodec.DagPb, [1, 2, 3]),
                ]
        )
        {
            var places = new FilePlaces(root, 100);
            places.Learn(root, _bag.Blocks[root]);
            places.Of(a).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_small_tree_that_unfolds_without_end_is_kept_within_the_limit()
    {
        const long Size = 16L * FileLimits.ChunkSize;
        var block = Raw(1, 1);
        var (node, width) = (block, 1UL);
        for (var level = 0; level < 2; level++)
        {
            node = Node(UnixFsType.File, [.. Enumerable.Repeat((node, width), 100)]);
            width *= 100;
        }

        var places = new FilePlaces(node, Size);
        foreach (var cid in _bag.Order.AsEnumerable().Reverse())
        {
            places.Learn(cid, _bag.Blocks[cid]);
        }

        places.Of(block).Count.ShouldBeInRange(1, (int)FilePlaces.MaxPlaces(Size));
        FilePlaces.MaxPlaces(Size).ShouldBe(32 + FileLimits.MaxFileLinks);
        FilePlaces.MaxPlaces(long.MaxValue).ShouldBe(FilePlaces.MostPlaces);
    }

    private Cid Raw(byte seed, int size) => _bag.Add(CidCodec.Raw, [.. Enumerable.Repeat(seed, size)]);

    private Cid Node(UnixFsType type, params (Cid Cid, ulong Size)[] parts) =>
        _bag.AddNode(
            new UnixFsData(type) { FileSize = 1, BlockSizes = [.. parts.Select(part => part.Size)] },
            [.. parts.Select(part => new DagLink(part.Cid, "", part.Size))]
        );
}
