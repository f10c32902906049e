using System.Buffers.Binary;
using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Files;

/// <summary>A block as it travels and rests: sealed under a key of its own, named by the hash of the ciphertext (crypto.md section 9).</summary>
/// <remarks>
/// Sealed is, for raw blocks, the block; for nodes u32 n ‖ n addresses of what it links to, in its order ‖ the node. The key follows from the
/// announcement's key and the CID, so each encrypts one plaintext and the nonce can be zero. Whoever has no key sees sizes and nothing else,
/// and cannot confirm a guess, as the announcement's key is random.
/// </remarks>
public static class SealedBlock
{
    /// <summary>Bytes that sealing adds to a raw block.</summary>
    public const int TagSize = 16;

    /// <summary>Bytes that sealing adds to a node without links.</summary>
    public const int Overhead = TagSize + sizeof(uint);

    private static readonly byte[] Nonce = new byte[12];

    /// <summary>How many bytes a sealed block has.</summary>
    /// <param name="codec">What the block is.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="children">How many blocks it links to.</param>
    public static int SizeOf(CidCodec codec, int length, int children) =>
        codec == CidCodec.Raw ? length + TagSize : length + Overhead + (children * Bytes32.Size);

    /// <summary>Seals a block.</summary>
    /// <param name="fileKey">The announcement's key.</param>
    /// <param name="cid">The block's CID.</param>
    /// <param name="block">Its bytes.</param>
    /// <param name="children">The addresses of what it links to, in its order; none for raw blocks.</param>
    public static byte[] Seal(
        Bytes32 fileKey,
        Cid cid,
        ReadOnlySpan<byte> block,
        IReadOnlyList<Bytes32> children
    )
    {
        var output = new byte[SizeOf(cid.Codec, block.Length, children.Count)];
        Seal(fileKey, cid, block, children, output);
        return output;
    }

    /// <summary>The same into memory of exactly <see cref="SizeOf"/>.</summary>
    internal static void Seal(
        Bytes32 fileKey,
        Cid cid,
        ReadOnlySpan<byte> block,
        IReadOnlyList<Bytes32> children,
        Span<byte> output
    )
    {
        var cipher = output[..^TagSize];
        var plain = block;
        if (cid.Codec == CidCodec.DagPb)
        {
            var whole = new byte[cipher.Length];
            BinaryPrimitives.WriteUInt32BigEndian(whole, (uint)children.Count);
            for (var index = 0; index < children.Count; index++)
            {
                children[index].CopyTo(whole.AsSpan(sizeof(uint) + (index * Bytes32.Size)));
            }

            block.CopyTo(whole.AsSpan(sizeof(uint) + (children.Count * Bytes32.Size)));
            plain = whole;
        }

        using var aes = new AesGcm(KeyOf(fileKey, cid), TagSize);
        aes.Encrypt(Nonce, plain, cipher, output[cipher.Length..]);
    }

    /// <summary>The address of a sealed block.</summary>
    public static Bytes32 AddressOf(ReadOnlySpan<byte> sealedBlock) => Digest.Hash(sealedBlock);

    /// <summary>Opens a sealed block; false when it is not the one that the CID names, or of another form.</summary>
    /// <param name="fileKey">The announcement's key.</param>
    /// <param name="cid">The block that it has to be.</param>
    /// <param name="sealedBlock">What came, or lies on the disk.</param>
    /// <param name="plain">Room for the plaintext: as many bytes as the sealed block has.</param>
    /// <param name="block">The block, within <paramref name="plain"/>.</param>
    /// <param name="children">The blocks that it links to; none for raw blocks.</param>
    public static bool TryOpen(
        Bytes32 fileKey,
        Cid cid,
        ReadOnlySpan<byte> sealedBlock,
        Memory<byte> plain,
        out ReadOnlyMemory<byte> block,
        out IReadOnlyList<BlockLink> children
    )
    {
        (block, children) = (default, []);
        if (cid.Codec == CidCodec.Raw)
        {
            return TryDecrypt(fileKey, cid, sealedBlock, plain, out block) && cid.Names(block.Span);
        }

        return TryDecrypt(fileKey, cid, sealedBlock, plain, out var opened)
            && TryOpenNode(cid, opened, out block, out children);
    }

    /// <summary>Whether a raw block that came is the one at an address: its bytes are, and it has a size that a raw block can have.</summary>
    /// <remarks>
    /// Nothing is opened. Who gives a block answers for its address; whether the announcer put the right one there is seen when it is opened
    /// (decision 0110).
    /// </remarks>
    public static bool IsRawAt(Bytes32 address, ReadOnlySpan<byte> sealedBlock) =>
        sealedBlock.Length is >= TagSize and <= FileLimits.MaxBlock + TagSize
        && AddressOf(sealedBlock) == address;

    /// <summary>Opens a sealed block without comparing it with its CID, which whoever asked for it does.</summary>
    /// <param name="fileKey">The announcement's key.</param>
    /// <param name="cid">The block that it has to be.</param>
    /// <param name="sealedBlock">What lies on the disk.</param>
    /// <param name="plain">Room for the plaintext: as many bytes as the sealed block has.</param>
    /// <param name="opened">What was sealed, within <paramref name="plain"/>.</param>
    public static bool TryDecrypt(
        Bytes32 fileKey,
        Cid cid,
        ReadOnlySpan<byte> sealedBlock,
        Memory<byte> plain,
        out ReadOnlyMemory<byte> opened
    )
    {
        opened = default;
        var most = cid.Codec == CidCodec.Raw ? FileLimits.MaxBlock + TagSize : FileLimits.MaxSealedBlock;
        if (sealedBlock.Length < TagSize || sealedBlock.Length > most || plain.Length < sealedBlock.Length)
        {
            return false;
        }

        var room = plain[..(sealedBlock.Length - TagSize)];
        using var aes = new AesGcm(KeyOf(fileKey, cid), TagSize);
        try
        {
            aes.Decrypt(Nonce, sealedBlock[..room.Length], sealedBlock[room.Length..], room.Span);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        opened = room;
        return true;
    }

    private static bool TryOpenNode(
        Cid cid,
        ReadOnlyMemory<byte> opened,
        out ReadOnlyMemory<byte> block,
        out IReadOnlyList<BlockLink> children
    )
    {
        (block, children) = (default, []);
        if (opened.Length < sizeof(uint))
        {
            return false;
        }

        var count = BinaryPrimitives.ReadUInt32BigEndian(opened.Span);
        if (count > FileLimits.MaxLinks || opened.Length < sizeof(uint) + (count * Bytes32.Size))
        {
            return false;
        }

        block = opened[(sizeof(uint) + ((int)count * Bytes32.Size))..];
        if (!cid.Names(block.Span) || !DagNode.TryParse(block, out var node) || node.Links.Count != count)
        {
            return false;
        }

        var links = new BlockLink[count];
        for (var index = 0; index < links.Length; index++)
        {
            var address = opened.Span.Slice(sizeof(uint) + (index * Bytes32.Size), Bytes32.Size);
            links[index] = new BlockLink(
                node.Links[index].Target,
                new Bytes32(address),
                node.Links[index].TotalSize
            );
        }

        children = links;
        return true;
    }

    private static byte[] KeyOf(Bytes32 fileKey, Cid cid) =>
        Digest.Expand(fileKey.ToArray(), [.. Label.Of("block"), .. cid.ToArray()], 32);
}
