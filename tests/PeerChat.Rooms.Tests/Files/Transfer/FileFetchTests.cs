using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files.Transfer;

/// <summary>Fetching from one and from many, with manners good and bad.</summary>
public sealed class FileFetchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(8000)]
    [InlineData(8001)]
    [InlineData(123_456)]
    public void A_file_of_any_size_comes_whole_from_one_who_has_it(int size)
    {
        var content = SealedFile.Random(1, size);
        var swarm = new Swarm(SealedFile.Of(content));
        swarm.AddAll(1);
        swarm.RunToEnd().ShouldBeTrue();
        swarm.Content.ShouldBe(content);
        swarm.Fetch.Done.ShouldBe(size);
        swarm.Dropped.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_of_one_thing_over_and_over_is_fetched_once()
    {
        var content = new byte[500_000];
        var swarm = new Swarm(SealedFile.Of(content));
        swarm.AddAll(1);
        swarm.RunToEnd().ShouldBeTrue();
        swarm.Content.ShouldBe(content);
        swarm.Taken.ShouldBeLessThan(12);
    }

    [Fact]
    public void Three_who_have_different_halves_give_a_whole()
    {
        var content = SealedFile.Random(2, 300_000);
        var file = SealedFile.Of(content);
        var swarm = new Swarm(file);
        var leaves = file.Blocks.Where(one => one.Value.Length > 900).Select(one => one.Key).ToList();
        var nodes = file.Blocks.Keys.Except(leaves).ToList();
        for (var link = 1; link <= 3; link++)
        {
            // Two thirds each, every block at two of them
            swarm.Add(link, nodes.Concat(leaves.Where((_, at) => at % 3 != link - 1)), rate: 200_000);
        }

        swarm.RunToEnd().ShouldBeTrue();
        swarm.Content.ShouldBe(content);
        for (var link = 1; link <= 3; link++)
        {
            swarm.GivenBy(link).ShouldBeGreaterThan(content.Length / 5, $"holder {link}");
        }
    }

    [Fact]
    public void Three_holders_are_nearly_three_times_as_fast_as_one()
    {
        var file = SealedFile.Of(SealedFile.Random(3, 6_000_000), chunkSize: 50_000, maxLinks: 64);
        var one = new Swarm(file);
        one.AddAll(1, rate: 1_000_000, delay: 0.02);
        one.RunToEnd().ShouldBeTrue();
        var three = new Swarm(file);
        for (var link = 1; link <= 3; link++)
        {
            three.AddAll(link, rate: 1_000_000, delay: 0.02);
        }

        three.RunToEnd().ShouldBeTrue();
        (one.Now.Ticks / (double)three.Now.Ticks).ShouldBeGreaterThan(2.5);
    }

    [Fact]
    public void A_slow_holder_does_not_hold_up_the_end()
    {
        var file = SealedFile.Of(SealedFile.Random(4, 4_000_000), chunkSize: 100_000, maxLinks: 64);
        var swarm = new Swarm(file);
        swarm.AddAll(1, rate: 2_000_000);
        swarm.AddAll(2, rate: 20_000);
        swarm.RunToEnd().ShouldBeTrue();
        (swarm.Now - Instant.Origin).TotalSeconds.ShouldBeLessThan(10);
    }

    [Fact]
    public void Who_gives_wrong_blocks_is_dropped_and_the_file_comes_from_another()
    {
        var content = SealedFile.Random(5, 100_000);
        var swarm = new Swarm(SealedFile.Of(content));
        swarm.Add(
            1,
            SealedFile.Of(content).Blocks.Keys,
            spoil: (_, block) =>
            {
                block[^1] ^= 1;
                return block;
            }
        );
        swarm.AddAll(2);
        swarm.RunToEnd().ShouldBeTrue();
        swarm.Dropped.ShouldBe([(1, HolderFault.WrongBlock)]);
        swarm.Content.ShouldBe(content);
    }

    [Fact]
    public void Who_falls_silent_loses_what_it_was_asked_for()
    {
        var content = SealedFile.Random(6, 200_000);
        var swarm = new Swarm(SealedFile.Of(content));
        swarm.Add(1, SealedFile.Of(content).Blocks.Keys, isSilent: given => given > 20_000);
        swarm.Run(5);
        swarm.AddAll(2, rate: 50_000);
        swarm.RunToEnd().ShouldBeTrue();
        swarm.Content.ShouldBe(content);
        (swarm.Now - Instant.Origin).ShouldBeLessThan(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void Who_goes_on_being_silent_is_given_up()
    {
        var swarm = new Swarm(SealedFile.Of(SealedFile.Random(7, 200_000)));
        swarm.Add(1, SealedFile.Of(SealedFile.Random(7, 200_000)).Blocks.Keys, isSilent: given => given > 0);
        swarm.Run(120);
        swarm.Dropped.ShouldBe([(1, HolderFault.Silent)]);
    }

    [Fact]
    public void With_the_sender_gone_it_goes_on_from_another_and_fetches_nothing_twice()
    {
        var content = SealedFile.Random(8, 400_000);
        var file = SealedFile.Of(content);
        var first = new Swarm(file);
        first.AddAll(1, rate: 100_000);
        first.Run(60, () => first.Fetch.Done > 150_000);
        first.Remove(1);
        first.Run(10);
        first.IsComplete.ShouldBeFalse();

        // A restart: all that is left is what was kept
        var kept = first.Kept.ToDictionary();
        var before = kept.Count;
        var second = new Swarm(file, kept);
        second.AddAll(2);
        second.RunToEnd().ShouldBeTrue();
        second.Content.ShouldBe(content);
        second.Taken.ShouldBe(file.Blocks.Count - before);
    }

    [Fact]
    public void What_a_holder_of_a_part_gets_later_is_asked_for_too()
    {
        var content = SealedFile.Random(9, 50_000);
        var file = SealedFile.Of(content);
        var swarm = new Swarm(file);
        var missing = file.Blocks.First(one => one.Value.Length > 900).Key;
        swarm.Add(1, file.Blocks.Keys.Where(address => address != missing));
        swarm.Run(5);
        swarm.IsComplete.ShouldBeFalse();
        swarm.Give(1, missing);
        swarm.RunToEnd(20).ShouldBeTrue();
        swarm.Content.ShouldBe(content);
    }

    [Fact]
    public void All_here_is_complete_at_once()
    {
        var file = SealedFile.Of(SealedFile.Random(10, 100_000));
        var swarm = new Swarm(file, file.Blocks.ToDictionary());
        swarm.RunToEnd(1).ShouldBeTrue();
        swarm.Taken.ShouldBe(0);
    }

    [Fact]
    public void A_node_that_was_damaged_on_the_disk_is_fetched_again()
    {
        var file = SealedFile.Of(SealedFile.Random(11, 100_000));
        var kept = file.Blocks.ToDictionary();
        kept[file.Announcement.Address] = new byte[kept[file.Announcement.Address].Length];
        var swarm = new Swarm(file, kept);
        swarm.AddAll(1);
        swarm.RunToEnd(10).ShouldBeTrue();
        swarm.Taken.ShouldBe(1);
    }

    [Fact]
    public void A_limit_holds()
    {
        var file = SealedFile.Of(SealedFile.Random(12, 1_000_000), chunkSize: 10_000, maxLinks: 64);
        var swarm = new Swarm(file, limit: 100_000);
        swarm.AddAll(1);
        swarm.RunToEnd().ShouldBeTrue();
        (swarm.Now - Instant.Origin).TotalSeconds.ShouldBeInRange(9, 13);
    }

    [Fact]
    public void A_disk_that_is_slower_than_the_network_does_not_fill_the_memory()
    {
        const int Chunk = 100_000;
        var content = SealedFile.Random(19, 40_000_000);
        var swarm = new Swarm(SealedFile.Of(content, chunkSize: Chunk, maxLinks: 1024)) { DiskDelay = 3 };
        swarm.AddAll(1, rate: 50_000_000);
        swarm.RunToEnd().ShouldBeTrue();
        swarm.Content.ShouldBe(content);
        swarm.MostWaiting.ShouldBeInRange(1, FileFetch.MaxTaking + Chunk + SealedBlock.TagSize);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Whatever_holders_come_and_go_the_file_is_whole_in_the_end(int seed)
    {
        var random = new Random(seed);
        var content = SealedFile.Random(seed, random.Next(100_000, 400_000));
        var file = SealedFile.Of(content, random.Next(500, 3000), random.Next(2, 20));
        var swarm = new Swarm(file);
        for (var link = 1; link < 12; link++)
        {
            var share = random.NextDouble();
            swarm.Add(
                link,
                file.Blocks.Keys.Where(_ => random.NextDouble() < share).ToList(),
                random.Next(10_000, 1_000_000),
                random.NextDouble() / 10
            );
            swarm.Run(random.NextDouble());
            if (random.Next(3) == 0)
            {
                swarm.Remove(link);
            }
        }

        swarm.AddAll(99, rate: 200_000);
        swarm.RunToEnd().ShouldBeTrue();
        swarm.Content.ShouldBe(content);
        swarm.Dropped.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_with_more_bytes_than_announced_is_given_up()
    {
        var sound = SealedFile.Of(SealedFile.Random(13, 100_000));
        var lying = SealedFile.Of(
            sink =>
            {
                var builder = new FileDagBuilder(sink, 1000, 8);
                builder.Append(SealedFile.Random(13, 100_000));
                return builder.Complete().Target;
            },
            size: 5_000,
            files: 1,
            isFolder: false
        );
        var swarm = new Swarm(lying);
        swarm.AddAll(1);
        swarm.RunToEnd().ShouldBeFalse();
        swarm.Failed.ShouldBe(FetchFault.TooMuch);
        swarm.Kept.Values.Sum(block => block.Length).ShouldBeLessThan(30_000);
        sound.Announcement.Root.ShouldBe(lying.Announcement.Root);
    }

    [Fact]
    public void Folders_within_folders_without_end_are_given_up()
    {
        var deep = SealedFile.Of(
            sink =>
            {
                var link = Put(sink, CidCodec.Raw, [1], []);
                for (var depth = 0; depth < FileFetch.MaxDepth + 2; depth++)
                {
                    var data = new UnixFsData(UnixFsType.Directory);
                    var node = new DagNode([new DagLink(link, "a", 1)], data.Write());
                    link = Put(sink, CidCodec.DagPb, node.Write(), node.Links);
                }

                return link;
            },
            size: 1,
            files: 1,
            isFolder: true
        );
        var swarm = new Swarm(deep);
        swarm.AddAll(1);
        swarm.RunToEnd().ShouldBeFalse();
        swarm.Failed.ShouldBe(FetchFault.TooDeep);
    }

    [Fact]
    public void A_node_that_names_one_child_a_thousand_times_costs_one_block()
    {
        var wide = SealedFile.Of(
            sink =>
            {
                var leaf = Put(sink, CidCodec.Raw, [1], []);
                var data = new UnixFsData(UnixFsType.File)
                {
                    FileSize = 1000,
                    BlockSizes = [.. Enumerable.Repeat(1UL, 1000)],
                };
                var links = Enumerable.Repeat(new DagLink(leaf, "", 1), 1000).ToList();
                return Put(sink, CidCodec.DagPb, new DagNode(links, data.Write()).Write(), links);
            },
            size: 1000,
            files: 1,
            isFolder: false
        );
        var swarm = new Swarm(wide);
        swarm.AddAll(1);
        swarm.RunToEnd(10).ShouldBeTrue();
        swarm.Taken.ShouldBe(2);
    }

    [Theory]
    [InlineData("05")]
    [InlineData("0203")]
    [InlineData("")]
    [InlineData("ff")]
    public void Frames_that_are_none_have_the_holder_dropped(string hex)
    {
        var swarm = new Swarm(SealedFile.Of(SealedFile.Random(14, 10_000)));
        swarm.AddAll(1);
        swarm.Inject(1, Convert.FromHexString(hex));
        swarm.Dropped.ShouldBe([(1, HolderFault.Misbehaved)]);
    }

    [Fact]
    public void A_block_that_begins_in_its_middle_has_the_holder_dropped()
    {
        var file = SealedFile.Of(SealedFile.Random(15, 10_000));
        var swarm = new Swarm(file);
        swarm.AddAll(1);
        swarm.Inject(1, new FileFrame.Piece(file.Announcement.Address, 100, 50, new byte[50]).Write());
        swarm.Dropped.ShouldBe([(1, HolderFault.Misbehaved)]);
    }

    [Fact]
    public void Two_blocks_at_once_have_the_holder_dropped()
    {
        var file = SealedFile.Of(SealedFile.Random(16, 10_000));
        var swarm = new Swarm(file);
        swarm.AddAll(1);
        var other = file.Blocks.Keys.First(address => address != file.Announcement.Address);
        swarm.Inject(1, new FileFrame.Piece(file.Announcement.Address, 100, 0, new byte[50]).Write());
        swarm.Dropped.ShouldBeEmpty();
        swarm.Inject(1, new FileFrame.Piece(other, 100, 0, new byte[50]).Write());
        swarm.Dropped.ShouldBe([(1, HolderFault.Misbehaved)]);
    }

    [Fact]
    public void What_nobody_asked_for_passes_by_and_is_not_kept()
    {
        var file = SealedFile.Of(SealedFile.Random(17, 10_000));
        var swarm = new Swarm(file);
        swarm.AddAll(1);
        swarm.Inject(1, new FileFrame.Piece(default, 10, 0, new byte[10]).Write());
        swarm.RunToEnd(10).ShouldBeTrue();
        swarm.Taken.ShouldBe(file.Blocks.Count);
    }

    [Fact]
    public void No_more_than_sixteen_are_asked()
    {
        var swarm = new Swarm(SealedFile.Of(SealedFile.Random(18, 10_000)));
        for (var link = 1; link <= FileFetch.MaxHolders + 1; link++)
        {
            swarm.Fetch.AddHolder(link, swarm.Now);
        }

        swarm.Fetch.TryTakeFrame(FileFetch.MaxHolders, out _).ShouldBeTrue();
        swarm.Fetch.TryTakeFrame(FileFetch.MaxHolders + 1, out _).ShouldBeFalse();
    }

    private static Cid Put(SealingSink sink, CidCodec codec, byte[] block, IReadOnlyList<DagLink> links)
    {
        var cid = Cid.Of(codec, block);
        sink.Put(cid, block, links);
        return cid;
    }
}
