namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Counts the bytes that wait for the peer's acknowledgement, in all and by stream.</summary>
internal sealed class SendBuffer
{
    private readonly Dictionary<StreamId, long> _byStream = [];

    /// <summary>Bytes over all streams.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of one stream.</summary>
    public long BytesOf(StreamId stream) => _byStream.GetValueOrDefault(stream);

    /// <summary>Bytes came in.</summary>
    public void Add(StreamId stream, int bytes)
    {
        Bytes += bytes;
        _byStream[stream] = BytesOf(stream) + bytes;
    }

    /// <summary>Bytes were acknowledged, or forgotten.</summary>
    public void Remove(StreamId stream, int bytes)
    {
        Bytes -= bytes;
        _byStream[stream] = BytesOf(stream) - bytes;
    }
}
