using PeerChat.Primitives;

namespace PeerChat.Rooms.Files;

/// <summary>Seals the blocks of a file as they are made, and gives each once to whoever keeps them.</summary>
/// <param name="fileKey">The announcement's key.</param>
/// <param name="keep">Takes the address and the sealed block, which is valid during the call.</param>
public sealed class SealingSink(Bytes32 fileKey, Action<Bytes32, ReadOnlyMemory<byte>> keep) : IBlockSink
{
    private readonly Dictionary<Cid, Bytes32> _addresses = [];
    private byte[] _sealed = [];

    /// <summary>The address of a block that was put.</summary>
    /// <exception cref="KeyNotFoundException">It was not.</exception>
    public Bytes32 AddressOf(Cid cid) => _addresses[cid];

    /// <inheritdoc/>
    public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children)
    {
        if (_addresses.ContainsKey(cid))
        {
            return;
        }

        var below = new Bytes32[children.Count];
        for (var index = 0; index < below.Length; index++)
        {
            below[index] = _addresses[children[index].Target];
        }

        var size = SealedBlock.SizeOf(cid.Codec, block.Length, below.Length);
        if (_sealed.Length < size)
        {
            _sealed = new byte[size];
        }

        var sealedBlock = _sealed.AsMemory(0, size);
        SealedBlock.Seal(fileKey, cid, block, below, sealedBlock.Span);
        var address = SealedBlock.AddressOf(sealedBlock.Span);
        _addresses.Add(cid, address);
        keep(address, sealedBlock);
    }
}
