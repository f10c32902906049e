using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Messages that wait for their first transmission; the streams share what is sent by their weights.</summary>
/// <remarks>
/// Weighted fair queueing (RFC 8260 section 3.6, RFC 8831 section 6.4): next is the stream whose next chunk would end first on a clock that counts
/// bytes divided by weight. A stream that was silent joins where the others are, so a short message waits for one chunk
/// of each other stream at most. Without I-DATA the fragments of a message must have consecutive TSNs (RFC 9260 section 6.9): then
/// no turn ends inside one, and the short message waits for the whole message before it.
/// </remarks>
/// <param name="buffer">Told what is forgotten without being sent.</param>
internal sealed class SendQueue(SendBuffer buffer)
{
    /// <summary>The weight of a stream that nobody gave one (RFC 8831 section 6.4: normal).</summary>
    public const ushort NormalWeight = 256;

    /// <summary>What a byte costs a stream of weight one; large, so that division by weights loses nothing that matters.</summary>
    public const int VirtualTimePerByte = 1 << 16;

    private readonly Dictionary<StreamId, OutboundStream> _streams = [];
    private readonly List<OutboundStream> _waiting = [];
    private OutboundStream? _current; // its first message is in chunks in part, and nothing may come between
    private OutboundStream? _peeked;
    private long _virtualTime;

    /// <summary>Whether messages of several streams may be sent in turns, chunk by chunk.</summary>
    public bool Interleaves { get; set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Puts a message at the end of its stream.</summary>
    public void Add(OutgoingMessage message)
    {
        var stream = StreamOf(message.Stream);
        if (stream.Messages.Count == 0)
        {
            stream.VirtualTime = Math.Max(stream.VirtualTime, _virtualTime);
            _waiting.Add(stream);
        }

        stream.Messages.Enqueue(message);
    }

    /// <summary>Says how much a stream may send compared with others.</summary>
    public void SetWeight(StreamId id, ushort weight) => StreamOf(id).Weight = Math.Max((ushort)1, weight);

    /// <summary>Lets a stream on which nothing waits begin anew: its next message is the first one.</summary>
    public void Reset(StreamId id) => _streams.Remove(id);

    /// <summary>The message whose next chunk goes first; null when nothing waits.</summary>
    /// <param name="now">The present; what expired before its first chunk is forgotten.</param>
    /// <param name="maxFragment">The most bytes of one chunk.</param>
    public OutgoingMessage? Peek(Instant now, int maxFragment)
    {
        while (_waiting.Count > 0)
        {
            _peeked = _current ?? Select(maxFragment);
            var message = _peeked.Messages.Peek();
            if (!message.IsAbandoned && (message.Offset > 0 || !message.IsExpired(now)))
            {
                return message;
            }

            buffer.Remove(message.Stream, message.Remaining);
            message.Offset = message.Length;
            DequeueFirst(_peeked);
        }

        return null;
    }

    /// <summary>Gives the message of <see cref="Peek"/> its place in the stream, before its first chunk.</summary>
    public void Start(OutgoingMessage message)
    {
        var stream = _peeked!;
        if (!message.IsUnordered)
        {
            message.Number = stream.NextOrdered;
            stream.NextOrdered = stream.NextOrdered.Next;
        }
        else if (Interleaves)
        {
            message.Number = stream.NextUnordered;
            stream.NextUnordered = stream.NextUnordered.Next;
        }
    }

    /// <summary>Notes that so many bytes of the message of <see cref="Peek"/> are in a chunk now.</summary>
    public void Advance(int bytes)
    {
        var stream = _peeked!;
        var message = stream.Messages.Peek();
        message.Offset += bytes;
        _virtualTime = stream.VirtualTime;
        stream.VirtualTime = stream.VirtualTimeAfter(bytes);
        if (message.Remaining == 0)
        {
            DequeueFirst(stream);
        }
        else if (!Interleaves)
        {
            _current = stream;
        }
    }

    /// <summary>Forgets what waits on streams that the peer does not have.</summary>
    public void DropFrom(int streamCount)
    {
        foreach (var (id, stream) in _streams)
        {
            if (id.Value >= streamCount)
            {
                buffer.Remove(id, stream.Messages.Sum(message => message.Remaining));
                stream.Messages.Clear();
                _waiting.Remove(stream);
                _current = _current == stream ? null : _current;
            }
        }
    }

    private OutboundStream StreamOf(StreamId id)
    {
        if (!_streams.TryGetValue(id, out var stream))
        {
            stream = new OutboundStream();
            _streams.Add(id, stream);
        }

        return stream;
    }

    private OutboundStream Select(int maxFragment)
    {
        var first = _waiting[0];
        var firstEnd = long.MaxValue;
        foreach (var stream in _waiting)
        {
            var end = stream.VirtualTimeAfter(Math.Min(stream.Messages.Peek().Remaining, maxFragment));
            if (end < firstEnd)
            {
                (first, firstEnd) = (stream, end);
            }
        }

        return first;
    }

    private void DequeueFirst(OutboundStream stream)
    {
        stream.Messages.Dequeue();
        _current = null;
        if (stream.Messages.Count == 0)
        {
            _waiting.Remove(stream);
        }
    }
}
