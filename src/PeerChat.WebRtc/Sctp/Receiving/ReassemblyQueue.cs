using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Makes messages of data chunks and brings each stream's messages into order (RFC 9260 section 6.6).</summary>
/// <param name="maxMessageSize">The largest message.</param>
/// <param name="isInterleaved">Whether data comes as I-DATA, whose numbers have 32 bits.</param>
internal sealed class ReassemblyQueue(int maxMessageSize, bool isInterleaved)
{
    /// <summary>Streams with data that the peer may use at once; each costs memory until it is reset.</summary>
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

        var failure = _fragments.Add(FragmentKey.Of(chunk), chunk, out var message);
        return failure is null && message is { } whole ? Order(whole) : failure;
    }

    /// <summary>Goes on behind messages that will not come; those that wait for them are delivered.</summary>
    /// <returns>Null when all is well, else why the association must end.</returns>
    public SctpCloseReason? Skip(in ForwardTsnChunk chunk)
    {
        var last = new Dictionary<(StreamId Stream, bool IsUnordered), MessageNumber>();
        for (var i = 0; i < chunk.SkippedCount; i++)
        {
            var skipped = chunk.Skipped(i);
            last[(skipped.Stream, skipped.IsUnordered)] = skipped.MessageNumber;
        }

        var tsn = chunk.NewCumulativeTsn;
        _fragments.RemoveRuns(
            (first, fragment) =>
                (!isInterleaved && !new Tsn(first.Number).IsAfter(tsn))
                || (
                    last.TryGetValue((fragment.Stream, fragment.IsUnordered), out var number)
                    && !fragment.MessageNumber.IsAfter(number, isInterleaved)
                )
        );
        foreach (var ((id, isUnordered), number) in last)
        {
            if (isUnordered || id.Value >= SctpAssociation.MaxStreams)
            {
                continue;
            }

            if (!TryGetStream(id, out var stream))
            {
                return SctpCloseReason.OutOfResource;
            }

            SkipTo(stream, number);
        }

        return null;
    }

    /// <summary>Forgets streams with what cannot be delivered, so that they begin anew; none means all.</summary>
    public void ResetStreams(IReadOnlyCollection<StreamId> streams)
    {
        var ids = streams.Count == 0 ? [.. _streams.Keys] : streams.ToHashSet();
        _fragments.RemoveRuns((_, fragment) => streams.Count == 0 || ids.Contains(fragment.Stream));
        foreach (var id in ids)
        {
            if (_streams.Remove(id, out var stream))
            {
                _waitingBytes -= stream.Waiting.Values.Sum(CostOf);
            }
        }
    }

    /// <summary>Takes the next message that can be delivered.</summary>
    public bool TryTake(out ReassembledMessage message) => _deliverable.TryDequeue(out message);

    private static int CostOf(ReassembledMessage message) => message.Payload.Length + FragmentStore.Overhead;

    private SctpCloseReason? Order(ReassembledMessage message)
    {
        if (message.IsUnordered)
        {
            _deliverable.Enqueue(message);
            return null;
        }

        if (!TryGetStream(message.Stream, out var stream))
        {
            return SctpCloseReason.OutOfResource;
        }

        if (stream.Next.IsAfter(message.Number, isInterleaved))
        {
            if (!stream.HasSkipped)
            {
                return SctpCloseReason.ProtocolViolation;
            }

            // pion up to SCTP 1.8.6 names the streams of unordered messages in FORWARD TSN too, with a number that ordered
            // ones have yet to reach. Its answer to DCEP comes so; whoever skips late messages himself has them at once.
            _deliverable.Enqueue(message);
            return null;
        }

        if (message.Number == stream.Next)
        {
            _deliverable.Enqueue(message);
            stream.Next = stream.Next.NextIn(isInterleaved);
            DeliverFrom(stream);
            return null;
        }

        if (!stream.Waiting.TryAdd(message.Number, message))
        {
            return SctpCloseReason.ProtocolViolation;
        }

        _waitingBytes += CostOf(message);
        return null;
    }

    private bool TryGetStream(StreamId id, out InboundStream stream)
    {
        if (_streams.TryGetValue(id, out stream!))
        {
            return true;
        }

        stream = new InboundStream();
        return _streams.Count < MaxStreams && _streams.TryAdd(id, stream);
    }

    private void DeliverFrom(InboundStream stream)
    {
        while (stream.Waiting.Count > 0 && stream.Waiting.Remove(stream.Next, out var next))
        {
            Deliver(next);
            stream.Next = stream.Next.NextIn(isInterleaved);
        }
    }

    /// <summary>RFC 3758 section 3.6: what is whole below the skipped message is delivered, for it was not given up.</summary>
    private void SkipTo(InboundStream stream, MessageNumber number)
    {
        if (stream.Next.IsAfter(number, isInterleaved))
        {
            return;
        }

        var whole = stream
            .Waiting.Values.Where(message => !message.Number.IsAfter(number, isInterleaved))
            .OrderBy(message => message.Number.DistanceFrom(stream.Next, isInterleaved))
            .ToArray();
        foreach (var message in whole)
        {
            stream.Waiting.Remove(message.Number);
            Deliver(message);
        }

        stream.HasSkipped = true;
        stream.Next = number.NextIn(isInterleaved);
        DeliverFrom(stream);
    }

    private void Deliver(ReassembledMessage message)
    {
        _waitingBytes -= CostOf(message);
        _deliverable.Enqueue(message);
    }
}
