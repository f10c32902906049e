using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Resets;

/// <summary>Resets of our own streams: which are wanted, and the one request that is under way (RFC 6525 section 5.1.2).</summary>
/// <param name="initialTsn">Our first TSN, which is also the number of our first request.</param>
internal sealed class OutgoingResets(Tsn initialTsn)
{
    /// <summary>Streams of one request, so that it shares a packet with a SACK; more wait for the next one.</summary>
    public const int MaxStreamsPerRequest = 256;

    private readonly HashSet<StreamId> _wanted = [];
    private readonly HashSet<StreamId> _confirmed = [];
    private uint _nextNumber = initialTsn.Value;

    /// <summary>The request that is not answered for good; null when there is none.</summary>
    public OutgoingResetRequest? UnderWay { get; private set; }

    /// <summary>How often it was sent since the peer last spoke of it.</summary>
    public int Tries { get; private set; }

    /// <summary>Whether a request may have to be made.</summary>
    public bool CanStart => UnderWay is null && _wanted.Count > 0;

    /// <summary>Whether a reset of the stream is wanted or under way.</summary>
    public bool Contains(StreamId stream) => _wanted.Contains(stream) || IsUnderWay(stream);

    /// <summary>Notes that a stream shall be reset once all its data is acknowledged.</summary>
    public void Add(StreamId stream)
    {
        if (!Contains(stream))
        {
            _wanted.Add(stream);
        }
    }

    /// <summary>Makes the next request of the streams whose data is acknowledged; false when there is none or one is under way.</summary>
    /// <param name="isFlushed">Whether all data of a stream is acknowledged.</param>
    /// <param name="lastTsn">The last TSN that we gave to a chunk.</param>
    /// <param name="peersNumber">The last request of the peer that was seen.</param>
    public bool TryStart(Func<StreamId, bool> isFlushed, Tsn lastTsn, uint peersNumber)
    {
        if (!CanStart)
        {
            return false;
        }

        var streams = _wanted.Where(isFlushed).Take(MaxStreamsPerRequest).ToArray();
        if (streams.Length == 0)
        {
            return false;
        }

        _wanted.ExceptWith(streams);
        UnderWay = new OutgoingResetRequest(_nextNumber, peersNumber, lastTsn, streams);
        _nextNumber = new SerialNumber32(_nextNumber).Next.Value;
        Tries = 1;
        return true;
    }

    /// <summary>
    /// Notes that the peer has reset a stream of the request, because it does what it may do only afterwards. The answer may
    /// be lost or late.
    /// </summary>
    /// <returns>False when no request has asked for that.</returns>
    public bool TryConfirm(StreamId stream) => IsUnderWay(stream) && _confirmed.Add(stream);

    /// <summary>Notes that the request is sent again.</summary>
    public void HandleRepeated() => Tries++;

    /// <summary>Takes an answer in.</summary>
    /// <returns>The request when this is its last answer; null when it goes on, or the answer is to another one.</returns>
    public OutgoingResetRequest? HandleResponse(ReconfigurationResponse response)
    {
        if (UnderWay is not { } request || request.Number != response.Number)
        {
            return null;
        }

        if (response.Result is ResetResult.InProgress or ResetResult.OtherInProgress)
        {
            Tries = 0; // The peer is there, and waits for data that is under way
            return null;
        }

        UnderWay = null;
        var streams = request.Streams.Where(stream => !_confirmed.Contains(stream)).ToArray();
        _confirmed.Clear();
        return request with { Streams = streams };
    }

    private bool IsUnderWay(StreamId stream) =>
        UnderWay?.Streams.Contains(stream) == true && !_confirmed.Contains(stream);
}
