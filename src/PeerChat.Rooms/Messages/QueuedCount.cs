using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Messages;

/// <summary>How many messages of one's own log nobody else has been given yet.</summary>
/// <remarks>
/// Asked after every message and every frame, while a peer may be taking in a long history: what was counted once is not read again,
/// or handing a log over would take the square of its length.
/// </remarks>
internal sealed class QueuedCount
{
    private AuthorId _author;
    private ulong _after;
    private ulong _upTo;
    private int _count;

    /// <summary>Counts, reading no more than what was written or handed over since the last time.</summary>
    /// <param name="log">One's own log.</param>
    /// <param name="sent">The last seq that was handed to any peer.</param>
    /// <param name="countRange">Counts the messages of a log from one seq to another, both included.</param>
    public int Count(AuthorLog log, ulong sent, Func<AuthorLog, ulong, ulong, int> countRange)
    {
        if (_author != log.Id || sent < _after || sent >= _upTo)
        {
            (_author, _upTo, _count) = (log.Id, sent, 0);
        }
        else if (sent > _after)
        {
            _count -= countRange(log, _after + 1, sent);
        }

        _count += log.HeadSeq > _upTo ? countRange(log, _upTo + 1, log.HeadSeq) : 0;
        (_after, _upTo) = (sent, Math.Max(_upTo, log.HeadSeq));
        return _count;
    }

    /// <summary>Takes note of the next entry handed over, by somebody who has looked at it anyway.</summary>
    public void HandedOver(StoredEntry entry, bool wasQueued)
    {
        if (entry.Author == _author && entry.Seq == _after + 1 && entry.Seq <= _upTo)
        {
            _after = entry.Seq;
            _count -= wasQueued ? 1 : 0;
        }
    }

    /// <summary>Counts anew the next time: something that was counted is no message any more.</summary>
    public void Forget() => (_after, _upTo, _count) = (0, 0, 0);
}
