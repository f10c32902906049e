namespace PeerChat.WebRtc.DataChannels;

/// <summary>Finds numbers for channels of ours: the lowest that is free (RFC 8832 section 6).</summary>
/// <param name="isDtlsClient">The DTLS client has the even numbers, the server the odd ones.</param>
internal sealed class ChannelIds(bool isDtlsClient)
{
    private const int Step = 2;
    private readonly SortedSet<ushort> _released = [];
    private readonly HashSet<ushort> _unusable = [];
    private int _next = isDtlsClient ? 0 : 1;

    /// <summary>Whether a number is one of ours to give.</summary>
    public bool IsOurs(ushort id) => id % Step == (isDtlsClient ? 0 : 1);

    /// <summary>Whether a channel may have a number, as far as channels before it go.</summary>
    public bool IsUsable(ushort id) => !_unusable.Contains(id);

    /// <summary>Finds the lowest free number.</summary>
    /// <param name="limit">Numbers from here on do not exist.</param>
    /// <param name="isTaken">Whether a number is in use, for what reason ever.</param>
    /// <param name="id">The number.</param>
    public bool TryTake(int limit, Func<ushort, bool> isTaken, out ushort id)
    {
        while (_released.Count > 0)
        {
            id = _released.Min;
            _released.Remove(id);
            if (!isTaken(id))
            {
                return true;
            }
        }

        while (_next < limit && (isTaken((ushort)_next) || !IsUsable((ushort)_next)))
        {
            _next += Step;
        }

        id = (ushort)Math.Min(_next, ushort.MaxValue);
        if (_next >= limit)
        {
            return false;
        }

        _next += Step;
        return true;
    }

    /// <summary>Takes the number of a channel back.</summary>
    /// <param name="id">The number.</param>
    /// <param name="isReusable">False when its streams were not reset: their sequence numbers would not fit a new channel.</param>
    public void Release(ushort id, bool isReusable)
    {
        if (!isReusable)
        {
            _unusable.Add(id);
        }
        else if (IsOurs(id) && id < _next)
        {
            _released.Add(id);
        }
    }
}
