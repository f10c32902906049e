namespace PeerChat.Node.Engine;

/// <summary>How many messages of a chat are unread: the arrivals of the newest of them, so that reading on opens no message to count again.</summary>
internal sealed class UnreadCount
{
    /// <summary>Unread messages that are counted at most: nobody reads a number above that, and counting those of an earlier run opens each.</summary>
    public const int Max = 999;

    private readonly List<long> _newest; // 0 for what came ahead of its log
    private readonly bool _isPart;

    /// <summary>Begins with what is unread already.</summary>
    /// <param name="arrivals">The arrivals, in order; of more than <see cref="Max"/> any that many.</param>
    public UnreadCount(IEnumerable<long> arrivals)
    {
        _newest = [.. arrivals];
        _isPart = _newest.Count >= Max;
    }

    /// <summary>How many; <see cref="Max"/> stands for so many or more.</summary>
    public int Count => _newest.Count;

    /// <summary>One more has come.</summary>
    public void Add(long arrival)
    {
        if (_isPart)
        {
            return; // what lies between is not known
        }

        _newest.Add(arrival);
        if (_newest.Count > Max)
        {
            _newest.RemoveAt(0);
        }
    }

    /// <summary>All up to an arrival were read; false where what is left has to be counted anew.</summary>
    public bool TryRead(long upTo)
    {
        if (_isPart)
        {
            return false;
        }

        _newest.RemoveAll(arrival => arrival <= upTo);
        return true;
    }
}
