namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Counts the bytes that wait for the peer's acknowledgement, in all and by stream.</summary>
internal sealed class SendBuffer
{
    private readonly Dictionary<StreamId, Account> _byStream = [];
    private readonly Queue<StreamId> _low = [];

    /// <summary>Bytes over all streams.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of one stream.</summary>
    public long BytesOf(StreamId stream) => _byStream.GetValueOrDefault(stream).Bytes;

    /// <summary>Says below which amount a stream is noted by <see cref="TryTakeLow"/>; null: it is not.</summary>
    public void SetLowThreshold(StreamId stream, long? threshold) =>
        _byStream[stream] = _byStream.GetValueOrDefault(stream) with { LowThreshold = threshold };

    /// <summary>Bytes came in.</summary>
    public void Add(StreamId stream, int bytes)
    {
        var account = _byStream.GetValueOrDefault(stream);
        Bytes += bytes;
        _byStream[stream] = account with { Bytes = account.Bytes + bytes };
    }

    /// <summary>Bytes were acknowledged, or forgotten.</summary>
    public void Remove(StreamId stream, int bytes)
    {
        var account = _byStream.GetValueOrDefault(stream);
        var left = account.Bytes - bytes;
        Bytes -= bytes;
        _byStream[stream] = account with { Bytes = left };
        if (account.LowThreshold is { } threshold && account.Bytes > threshold && left <= threshold)
        {
            _low.Enqueue(stream);
        }
    }

    /// <summary>Forgets a stream on which nothing waits.</summary>
    public void Forget(StreamId stream)
    {
        if (BytesOf(stream) == 0)
        {
            _byStream.Remove(stream);
        }
    }

    /// <summary>Takes a stream whose bytes fell to its threshold, as they had been above it.</summary>
    public bool TryTakeLow(out StreamId stream) => _low.TryDequeue(out stream);

    private readonly record struct Account(long Bytes, long? LowThreshold);
}
