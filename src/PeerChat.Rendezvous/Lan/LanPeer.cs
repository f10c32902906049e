using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>A neighbour as it presents itself. Nothing of it is proven; anybody on the link can say anything.</summary>
/// <param name="InstanceId">The random id of its process.</param>
/// <param name="Name">The name it claims.</param>
/// <param name="PeerId">The peer id it claims.</param>
/// <param name="Tags">Its blinded tags, 20 bytes each.</param>
/// <param name="Addresses">Where it takes signals, best first: loopback before all, then by interface. All on-link.</param>
/// <param name="InterfaceIndex">The interface of the first address.</param>
public sealed record LanPeer(
    string InstanceId,
    string? Name,
    string? PeerId,
    IReadOnlyList<byte[]> Tags,
    IReadOnlyList<TransportAddress> Addresses,
    int InterfaceIndex
)
{
    /// <summary>Whether the other is the same peer saying the same.</summary>
    internal bool SaysTheSameAs(LanPeer other) =>
        string.Equals(InstanceId, other.InstanceId, StringComparison.Ordinal)
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && string.Equals(PeerId, other.PeerId, StringComparison.Ordinal)
        && InterfaceIndex == other.InterfaceIndex
        && Addresses.SequenceEqual(other.Addresses)
        && Tags.Count == other.Tags.Count
        && Tags.Zip(other.Tags).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
