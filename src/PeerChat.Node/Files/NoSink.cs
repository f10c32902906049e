using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Keeps nothing: for who wants only the root.</summary>
internal sealed class NoSink : IBlockSink
{
    /// <inheritdoc/>
    public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children) { }
}
