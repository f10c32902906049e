namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Messages that wait for their first transmission; streams take turns, a message at a time.</summary>
/// <remarks>The fragments of a message must have consecutive TSNs (RFC 9260 section 6.9), so no turn ends inside one.</remarks>
internal sealed class SendQueue
{
    private readonly Dictionary<StreamId, OutboundStream> _streams = [];
    private readonly Queue<StreamId> _turns = [];
    private OutgoingMessage? _current;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _current is null && _turns.Count == 0;

    /// <summary>Puts a message at the end of its stream.</summary>
    public void Add(OutgoingMessage message)
    {
        if (!_streams.TryGetValue(message.Stream, out var stream))
        {
            stream = new OutboundStream();
            _streams.Add(message.Stream, stream);
        }

        if (stream.Messages.Count == 0)
        {
            _turns.Enqueue(message.Stream);
        }

        stream.Messages.Enqueue(message);
    }

    /// <summary>The message whose next chunk goes first; null when nothing waits.</summary>
    public OutgoingMessage? Peek()
    {
        if (_current is null && _turns.TryDequeue(out var id))
        {
            var stream = _streams[id];
            _current = stream.Messages.Dequeue();
            if (!_current.IsUnordered)
            {
                _current.StreamSequenceNumber = stream.Next;
                stream.Next = stream.Next.Next;
            }

            if (stream.Messages.Count > 0)
            {
                _turns.Enqueue(id);
            }
        }

        return _current;
    }

    /// <summary>Notes that so many bytes of the message of <see cref="Peek"/> are in a chunk now.</summary>
    public void Advance(int bytes)
    {
        _current!.Offset += bytes;
        if (_current.Remaining == 0)
        {
            _current = null;
        }
    }

    /// <summary>Forgets what waits on streams that the peer does not have.</summary>
    public void DropFrom(int streamCount, SendBuffer buffer)
    {
        foreach (var (id, stream) in _streams)
        {
            if (id.Value >= streamCount)
            {
                buffer.Remove(id, stream.Messages.Sum(message => message.Payload.Length));
                stream.Messages.Clear();
            }
        }

        var turns = _turns.Where(id => id.Value < streamCount).ToArray();
        _turns.Clear();
        foreach (var id in turns)
        {
            _turns.Enqueue(id);
        }
    }

    private sealed class OutboundStream
    {
        public StreamSequenceNumber Next { get; set; }

        public Queue<OutgoingMessage> Messages { get; } = [];
    }
}
