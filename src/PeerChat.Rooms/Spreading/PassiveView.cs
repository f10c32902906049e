using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Peers that are known and not linked, to fall back on; the oldest knowledge makes room at random.</summary>
internal sealed class PassiveView(IEntropy entropy)
{
    /// <summary>HyParView's k × (log n + c), as n0's gossip has it.</summary>
    public const int Capacity = 30;

    private readonly List<OverlayPeer> _peers = [];

    /// <summary>How many there are.</summary>
    public int Count => _peers.Count;

    /// <summary>All of them, in no particular order.</summary>
    public IReadOnlyList<OverlayPeer> All => _peers;

    /// <summary>Whether a peer is among them.</summary>
    public bool Contains(PeerId peer) => _peers.Exists(p => p.Id == peer);

    /// <summary>Adds a peer, or renews what is known of it; where all places are taken one of those to forget goes, or any.</summary>
    public void Add(OverlayPeer peer, IReadOnlyList<PeerId>? forgetFirst = null)
    {
        var known = _peers.FindIndex(p => p.Id == peer.Id);
        if (known >= 0)
        {
            _peers[known] = peer.Contact.IsEmpty ? _peers[known] : peer;
            return;
        }

        if (_peers.Count >= Capacity)
        {
            var index = forgetFirst is null ? -1 : _peers.FindIndex(p => forgetFirst.Contains(p.Id));
            RemoveAt(index >= 0 ? index : entropy.NextBelow(_peers.Count));
        }

        _peers.Add(peer);
    }

    /// <summary>Takes a peer out.</summary>
    public bool Remove(PeerId peer)
    {
        var index = _peers.FindIndex(p => p.Id == peer);
        if (index < 0)
        {
            return false;
        }

        RemoveAt(index);
        return true;
    }

    /// <summary>A random peer that is not excluded.</summary>
    public OverlayPeer? Pick(Func<PeerId, bool> isExcluded)
    {
        var candidates = _peers.FindAll(p => !isExcluded(p.Id));
        return candidates.Count == 0 ? null : candidates[entropy.NextBelow(candidates.Count)];
    }

    /// <summary>So many random peers, each once.</summary>
    public IEnumerable<OverlayPeer> Sample(int count) => _peers.Sample(count, entropy);

    private void RemoveAt(int index)
    {
        _peers[index] = _peers[^1];
        _peers.RemoveAt(_peers.Count - 1);
    }
}
