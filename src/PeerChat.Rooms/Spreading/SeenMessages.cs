using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Messages that came lately, so that a second copy is known as one. The messages themselves lie in the log.</summary>
internal sealed class SeenMessages
{
    /// <summary>Messages remembered; beyond it the oldest are forgotten, and a copy that late is dropped by the log.</summary>
    public const int Capacity = 4096;

    /// <summary>How long they are remembered (n0's gossip).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(90);

    private readonly Dictionary<Bytes32, Seen> _seen = [];
    private readonly Queue<(Bytes32 Id, Instant At)> _order = new();

    /// <summary>How many are remembered.</summary>
    public int Count => _seen.Count;

    /// <summary>How a message came; null when it is not remembered.</summary>
    public Seen? Find(Bytes32 id) => _seen.TryGetValue(id, out var seen) ? seen : null;

    /// <summary>Remembers a message; does nothing where it is known.</summary>
    public void Add(Bytes32 id, PeerId? from, int round, Instant now)
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= Capacity || now - oldest.At >= Lifetime))
        {
            _seen.Remove(_order.Dequeue().Id);
        }

        if (_seen.TryAdd(id, new Seen(from, round)))
        {
            _order.Enqueue((id, now));
        }
    }

    /// <summary>Corrects by whom a message would come from now on.</summary>
    public void Improve(Bytes32 id, PeerId from, int round)
    {
        if (_seen.ContainsKey(id))
        {
            _seen[id] = new Seen(from, round);
        }
    }

    /// <summary>By whom a message came first, and after how many hops; by nobody where it is one's own or came by sync.</summary>
    public readonly record struct Seen(PeerId? From, int Round);
}
