using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Makes messages of DATA chunks and brings each stream's messages into order (RFC 9260 section 6.6).</summary>
/// <param name="maxMessageSize">The largest message.</param>
internal sealed class ReassemblyQueue(int maxMessageSize)
{
    /// <summary>Streams with data that the peer may use; each costs memory for as long as the association lives.</summary>
    public const int MaxStreams = 1024;

    private readonly FragmentStore _fragments = new(maxMessageSize);
    private readonly Dictionary<StreamId, InboundStream> _streams = [];
    private readonly Queue<ReassembledMessage> _deliverable = [];
    private int _waitingBytes;

    /// <summary>Memory that data takes that cannot be delivered yet.</summary>
    public int Bytes => _fragments.Bytes + _waitingBytes;

    /// <summary>Takes a chunk in whose TSN is new.</summary>
    /// <returns>Null when all is well, else why the association must end.</returns>
    public SctpCloseReason? Add(in DataChunk chunk)
    {
        if (chunk.IsBegin && chunk.IsEnd && chunk.Payload.Length > maxMessageSize)
        {
            return SctpCloseReason.MessageTooLarge;
        }

        var fragment = new Fragment(
            chunk.Flags,
            chunk.Stream,
            chunk.StreamSequenceNumber,
            chunk.Ppid,
            chunk.Payload.ToArray()
        );
        var failure = _fragments.Add(chunk.Tsn, fragment, out var message);
        return failure is null && message is not null ? Order(message) : failure;
    }

    /// <summary>Takes the next message that can be delivered.</summary>
    public bool TryTake(out ReassembledMessage message) => _deliverable.TryDequeue(out message!);

    private SctpCloseReason? Order(ReassembledMessage message)
    {
        if (message.IsUnordered)
        {
            _deliverable.Enqueue(message);
            return null;
        }

        if (!_streams.TryGetValue(message.Stream, out var stream))
        {
            if (_streams.Count == MaxStreams)
            {
                return SctpCloseReason.OutOfResource;
            }

            stream = new InboundStream();
            _streams.Add(message.Stream, stream);
        }

        if (stream.Next.IsAfter(message.StreamSequenceNumber))
        {
            return SctpCloseReason.ProtocolViolation;
        }

        if (!stream.Waiting.TryAdd(message.StreamSequenceNumber, message))
        {
            return SctpCloseReason.ProtocolViolation;
        }

        _waitingBytes += message.Payload.Length + FragmentStore.Overhead;
        while (stream.Waiting.Remove(stream.Next, out var next))
        {
            _waitingBytes -= next.Payload.Length + FragmentStore.Overhead;
            stream.Next = stream.Next.Next;
            _deliverable.Enqueue(next);
        }

        return null;
    }

    private sealed class InboundStream
    {
        public StreamSequenceNumber Next { get; set; }

        public Dictionary<StreamSequenceNumber, ReassembledMessage> Waiting { get; } = [];
    }
}
