namespace PeerChat.Rooms.Files;

/// <summary>Writes a CAR, version 1: a header with the root, then the blocks, each with its length and CID before it.</summary>
public static class CarWriter
{
    // {"roots": [42(h'00' ‖ CID)], "version": 1} in DAG-CBOR, which has one form only
    private static readonly byte[] BeforeRoot =
    [
        0xA2,
        0x65,
        .. "roots"u8,
        0x81,
        0xD8,
        0x2A,
        0x58,
        Cid.Size + 1,
        0x00,
    ];

    private static readonly byte[] AfterRoot = [0x67, .. "version"u8, 0x01];

    /// <summary>Bytes of the header of a CAR with one root; the same whatever the root is, so it can be written at the end.</summary>
    public static int HeaderSize { get; } = 1 + BeforeRoot.Length + Cid.Size + AfterRoot.Length;

    /// <summary>The header of a CAR with one root.</summary>
    public static byte[] Header(Cid root) =>
        [(byte)(HeaderSize - 1), .. BeforeRoot, .. root.ToArray(), .. AfterRoot];

    /// <summary>What stands before a block: its length and its CID.</summary>
    public static byte[] Prefix(Cid cid, int blockSize)
    {
        Span<byte> prefix = stackalloc byte[Varint.MaxSize + Cid.Size];
        var at = Varint.Write(prefix, (ulong)(Cid.Size + blockSize));
        cid.CopyTo(prefix[at..]);
        return prefix[..(at + Cid.Size)].ToArray();
    }

    /// <summary>Reads a header; false unless it is one of version 1 with one root of the kinds that <see cref="Cid"/> knows.</summary>
    internal static bool TryParseHeader(ReadOnlySpan<byte> header, out Cid root)
    {
        root = default;
        return header.Length == HeaderSize - 1
            && header.StartsWith(BeforeRoot)
            && header.EndsWith(AfterRoot)
            && Cid.TryParse(header.Slice(BeforeRoot.Length, Cid.Size), out root);
    }
}
