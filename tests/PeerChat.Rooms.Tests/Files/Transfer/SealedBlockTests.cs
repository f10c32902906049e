using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files.Transfer;

public sealed class SealedBlockTests
{
    [Fact]
    public void A_block_opens_under_its_cid_and_key_alone()
    {
        byte[] block = [.. "hello"u8];
        var cid = Cid.Of(CidCodec.Raw, block);
        var other = Cid.Of(CidCodec.Raw, "other"u8);
        var sealedBlock = SealedBlock.Seal(SealedFile.Key, cid, block, []);
        Open(SealedFile.Key, cid, sealedBlock).ShouldBe(block);
        Open(SealedFile.Key, other, sealedBlock).ShouldBeNull();
        Open(new Bytes32(new byte[32]), cid, sealedBlock).ShouldBeNull();
        for (var at = 0; at < sealedBlock.Length; at++)
        {
            sealedBlock[at] ^= 1;
            Open(SealedFile.Key, cid, sealedBlock).ShouldBeNull();
            sealedBlock[at] ^= 1;
        }

        Open(SealedFile.Key, cid, []).ShouldBeNull();
    }

    // HKDF-Expand-SHA256 and AES-256-GCM by Python's hmac and cryptography; the key is 01 02 … 20
    [Fact]
    public void The_ciphertext_is_that_of_another_implementation()
    {
        byte[] block = [.. "hello"u8];
        var cid = Cid.Of(CidCodec.Raw, block);
        cid.ToString().ShouldBe("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq");
        Convert
            .ToHexStringLower(SealedBlock.Seal(SealedFile.Key, cid, block, []))
            .ShouldBe("e342727850ae5dfb0016ccf83a990c37af958f87a2");
    }

    [Fact]
    public void A_node_carries_the_addresses_of_its_children_and_no_others()
    {
        var leaf = Cid.Of(CidCodec.Raw, "leaf"u8);
        var node = new DagNode(
            [new DagLink(leaf, "", 4)],
            new UnixFsData(UnixFsType.File) { FileSize = 4, BlockSizes = [4] }.Write()
        ).Write();
        var cid = Cid.Of(CidCodec.DagPb, node);
        var address = new Bytes32(Enumerable.Repeat((byte)5, 32).ToArray());
        var sealedBlock = SealedBlock.Seal(SealedFile.Key, cid, node, [address]);
        SealedBlock
            .TryOpen(SealedFile.Key, cid, sealedBlock, new byte[1000], out var opened, out var children)
            .ShouldBeTrue();
        opened.ToArray().ShouldBe(node);
        children.ShouldBe([new BlockLink(leaf, address, 4)]);

        // Whoever has the key can seal nonsense, but not under a node with another number of links
        Open(SealedFile.Key, cid, SealedBlock.Seal(SealedFile.Key, cid, node, [])).ShouldBeNull();
        Open(SealedFile.Key, cid, SealedBlock.Seal(SealedFile.Key, cid, node, [address, address]))
            .ShouldBeNull();
    }

    [Fact]
    public void One_file_announced_twice_has_no_address_in_common()
    {
        var content = SealedFile.Random(1, 10_000);
        var one = SealedFile.Of(content);
        var blocks = new HashSet<Bytes32>();
        var sink = new SealingSink(
            new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray()),
            (address, _) => blocks.Add(address)
        );
        var builder = new FileDagBuilder(sink, 1000, 8);
        builder.Append(content);
        builder.Complete().Target.ShouldBe(one.Announcement.Root);
        blocks.Count.ShouldBe(one.Blocks.Count);
        blocks.Overlaps(one.Blocks.Keys).ShouldBeFalse();
    }

    private static byte[]? Open(Bytes32 key, Cid cid, byte[] sealedBlock) =>
        SealedBlock.TryOpen(key, cid, sealedBlock, new byte[sealedBlock.Length], out var block, out _)
            ? block.ToArray()
            : null;
}
