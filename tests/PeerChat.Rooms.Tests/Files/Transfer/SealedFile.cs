using PeerChat.Primitives;
using PeerChat.Rooms.Files;

namespace PeerChat.Rooms.Tests.Files.Transfer;

/// <summary>A file in sealed blocks, in memory.</summary>
internal sealed class SealedFile
{
    private SealedFile(FileAnnouncement announcement, Dictionary<Bytes32, byte[]> blocks) =>
        (Announcement, Blocks) = (announcement, blocks);

    public FileAnnouncement Announcement { get; }

    public Dictionary<Bytes32, byte[]> Blocks { get; }

    public static Bytes32 Key { get; } = new(Enumerable.Range(1, 32).Select(at => (byte)at).ToArray());

    /// <summary>A file with a tree as deep as others have with gigabytes.</summary>
    public static SealedFile Of(byte[] content, int chunkSize = 1000, int maxLinks = 8)
    {
        var blocks = new Dictionary<Bytes32, byte[]>();
        var sink = new SealingSink(Key, (address, block) => blocks.Add(address, block.ToArray()));
        var builder = new FileDagBuilder(sink, chunkSize, maxLinks);
        builder.Append(content);
        var root = builder.Complete().Target;
        return new SealedFile(
            new FileAnnouncement(root, sink.AddressOf(root), Key, "file", content.Length, 1, false, ""),
            blocks
        );
    }

    /// <summary>Any nodes, sound or not.</summary>
    public static SealedFile Of(Func<SealingSink, Cid> make, long size, int files, bool isFolder)
    {
        var blocks = new Dictionary<Bytes32, byte[]>();
        var sink = new SealingSink(Key, (address, block) => blocks.Add(address, block.ToArray()));
        var root = make(sink);
        return new SealedFile(
            new FileAnnouncement(root, sink.AddressOf(root), Key, "tree", size, files, isFolder, ""),
            blocks
        );
    }

    public static byte[] Random(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Reads it back from blocks; null where it is not whole.</summary>
    public byte[]? Read(IReadOnlyDictionary<Bytes32, byte[]> blocks) =>
        new FileWindow(
            Announcement,
            address => blocks.TryGetValue(address, out var block) ? block : (ReadOnlyMemory<byte>?)null
        ).Read(0, (int)Announcement.Size);
}
