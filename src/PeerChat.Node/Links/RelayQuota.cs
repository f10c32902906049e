using PeerChat.Primitives;

namespace PeerChat.Node.Links;

/// <summary>What this node carries for others: so many sessions, so many bytes a second, so many bytes a day.</summary>
/// <remarks>One budget for all sessions together: the limit is what the owner of this machine gives, not what each of the others may take.</remarks>
internal sealed class RelayQuota(Instant now)
{
    /// <summary>Sessions at once: half a mesh of eight that all cannot reach each other (guess).</summary>
    public const int MaxSessions = 16;

    /// <summary>Sessions that one member may have asked for.</summary>
    public const int MaxSessionsPerLink = 8;

    /// <summary>The longest datagram that is passed on: what two peers send each other before they know their path to take more.</summary>
    public const int MaxDatagram = 1_280;

    /// <summary>Bytes a second, all sessions together: text at once, a picture soon, and no more than a tenth of a home's upload (guess).</summary>
    public const int BytesPerSecond = 128 * 1024;

    /// <summary>Bytes that may go at once: a handshake and the newest page of a history.</summary>
    public const int Burst = 512 * 1024;

    /// <summary>Bytes a day, all sessions together.</summary>
    public const long BytesPerDay = 512L * 1024 * 1024;

    /// <summary>A session on which nothing came for so long is over: longer than consent checks lie apart.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private double _tokens = Burst;
    private Instant _filled = now;
    private Instant _dayBegan = now;
    private long _today;

    /// <summary>Whether the day's bytes are used up.</summary>
    public bool IsUsedUp(Instant at) => at - _dayBegan < Day && _today >= BytesPerDay;

    /// <summary>Takes so many bytes, if there are as many.</summary>
    public bool TryTake(int bytes, Instant at)
    {
        if (at - _dayBegan >= Day)
        {
            (_dayBegan, _today) = (at, 0);
        }

        if (at > _filled)
        {
            _tokens = Math.Min(Burst, _tokens + ((at - _filled).TotalSeconds * BytesPerSecond));
            _filled = at;
        }

        if (_tokens < bytes || _today + bytes > BytesPerDay)
        {
            return false;
        }

        _tokens -= bytes;
        _today += bytes;
        return true;
    }
}
