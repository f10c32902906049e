using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Decides when a SACK is due (RFC 9260 section 6.2).</summary>
internal sealed class SackTimer
{
    /// <summary>How long a lone packet waits for its SACK; the RFC allows 500 ms (measured at others: 20 to 200 ms).</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    /// <summary>Packets answered one by one at first, because senders grow by one packet per SACK in slow start.</summary>
    public const int QuickPackets = 100;

    private const int PacketsPerSack = 2; // RFC 9260 section 6.2: at least every second packet
    private int _packets;
    private int _sinceSack;

    /// <summary>When the SACK that waits must go; null when none waits.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Whether a SACK must go now.</summary>
    public bool IsDue { get; private set; }

    /// <summary>Whether a SACK waits, so that a packet that leaves anyway should take it along.</summary>
    public bool IsPending => IsDue || Deadline is not null;

    /// <summary>A packet with DATA came in.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="immediate">Whether something in it asks for an answer at once: a gap, a duplicate, the I bit.</param>
    public void HandleDataPacket(Instant now, bool immediate)
    {
        _packets = Math.Min(_packets + 1, QuickPackets + 1);
        _sinceSack++;
        if (immediate || _packets <= QuickPackets || _sinceSack >= PacketsPerSack)
        {
            RequestNow();
            return;
        }

        Deadline ??= now + Delay;
    }

    /// <summary>Asks for a SACK at once.</summary>
    public void RequestNow()
    {
        IsDue = true;
        Deadline = null;
    }

    /// <summary>Makes a SACK due that has waited long enough.</summary>
    public void HandleDeadline(Instant now)
    {
        if (Deadline <= now)
        {
            RequestNow();
        }
    }

    /// <summary>A SACK left.</summary>
    public void HandleSent()
    {
        _sinceSack = 0;
        IsDue = false;
        Deadline = null;
    }
}
