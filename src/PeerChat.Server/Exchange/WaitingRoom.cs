using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;

namespace PeerChat.Server.Exchange;

/// <summary>Messages for ids that are not there: whoever connects within five seconds gets them.</summary>
internal sealed class WaitingRoom
{
    private readonly Dictionary<string, WaitingMessages> _byId = new(StringComparer.Ordinal);

    // All wait equally long, so that they end in the order in which they began
    private readonly Queue<WaitingMessages> _inOrder = new();

    /// <summary>Bytes that wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>When the first stop waiting.</summary>
    public Instant? NextDeadline => _inOrder.TryPeek(out var first) ? first.Until : null;

    /// <summary>Lets a message wait; false where there is no place.</summary>
    public bool TryAdd(string id, string source, byte[] text, Instant now)
    {
        if (Bytes + text.Length > ExchangeLimits.MaxWaitingBytes)
        {
            return false;
        }

        if (!_byId.TryGetValue(id, out var waiting))
        {
            waiting = new WaitingMessages(id, now + ExchangeLimits.WaitForAbsent);
            _byId.Add(id, waiting);
            _inOrder.Enqueue(waiting);
        }

        if (waiting.Messages.Count >= ExchangeLimits.MaxWaitingPerId)
        {
            return false;
        }

        waiting.Messages.Add((source, text));
        Bytes += text.Length;
        return true;
    }

    /// <summary>Takes what waits for an id.</summary>
    public IReadOnlyList<(string Source, byte[] Text)> Take(string id) =>
        _byId.Remove(id, out var waiting) ? Release(waiting) : [];

    /// <summary>Takes what has waited too long.</summary>
    public bool TryTakeExpired(
        Instant now,
        [NotNullWhen(true)] out string? id,
        out IReadOnlyList<(string Source, byte[] Text)> messages
    )
    {
        (id, messages) = (null, []);
        while (_inOrder.TryPeek(out var first) && first.Until <= now)
        {
            _inOrder.Dequeue();
            if (_byId.TryGetValue(first.Id, out var waiting) && waiting == first)
            {
                _byId.Remove(first.Id);
                (id, messages) = (first.Id, Release(first));
                return true;
            }
        }

        return false;
    }

    private List<(string Source, byte[] Text)> Release(WaitingMessages waiting)
    {
        var messages = waiting.Messages.ToList();
        Bytes -= messages.Sum(message => message.Text.Length);
        waiting.Messages.Clear(); // its place in the order may hold on to it
        return messages;
    }

    private sealed class WaitingMessages(string id, Instant until)
    {
        public string Id => id;

        public Instant Until => until;

        public List<(string Source, byte[] Text)> Messages { get; } = [];
    }
}
