using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Writes blocks into a CAR, each once.</summary>
internal sealed class CarSink(Stream output) : IBlockSink
{
    private readonly HashSet<Cid> _written = [];

    /// <inheritdoc/>
    public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children)
    {
        if (_written.Add(cid))
        {
            output.Write(CarWriter.Prefix(cid, block.Length));
            output.Write(block);
        }
    }
}
