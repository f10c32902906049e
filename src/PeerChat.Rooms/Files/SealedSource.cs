using PeerChat.Primitives;

namespace PeerChat.Rooms.Files;

/// <summary>Opens the sealed blocks of an announced file for <see cref="FileTreeReader"/>.</summary>
/// <param name="file">The announcement.</param>
/// <param name="read">Reads a sealed block by its address; null where it is not here.</param>
public sealed class SealedSource(FileAnnouncement file, Func<Bytes32, ReadOnlyMemory<byte>?> read)
    : IBlockSource
{
    private readonly Dictionary<Cid, Bytes32> _addresses = new() { [file.Root] = file.Address };
    private byte[] _plain = [];

    /// <inheritdoc/>
    /// <remarks>The block is valid until the next call.</remarks>
    public bool TryGet(Cid cid, out ReadOnlyMemory<byte> block)
    {
        block = default;
        if (!_addresses.TryGetValue(cid, out var address) || read(address) is not { } sealedBlock)
        {
            return false;
        }

        // A raw block is used up before the next is asked for; a node is kept while what it links to is read
        if (cid.Codec == CidCodec.Raw)
        {
            var room = RoomFor(sealedBlock.Length);
            return SealedBlock.TryDecrypt(file.Key, cid, sealedBlock.Span, room, out block);
        }

        var plain = new byte[sealedBlock.Length];
        if (!SealedBlock.TryOpen(file.Key, cid, sealedBlock.Span, plain, out block, out var children))
        {
            return false;
        }

        foreach (var child in children)
        {
            _addresses[child.Cid] = child.Address;
        }

        return true;
    }

    private byte[] RoomFor(int size)
    {
        if (_plain.Length < size)
        {
            _plain = new byte[size];
        }

        return _plain;
    }
}
