using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Turn;

/// <summary>A request to a server that waits for its answer (RFC 8489 section 6.2).</summary>
internal sealed class TurnRequest(StunMessageType type, bool isRepeated, Instant now)
{
    private TimeSpan _wait = TurnLimits.FirstRetransmission;

    /// <summary>What is asked for.</summary>
    public StunMessageType Type => type;

    /// <summary>The peer a permission or channel is for.</summary>
    public TurnPeer? Peer { get; init; }

    /// <summary>Whether the allocation is given back.</summary>
    public bool IsRelease { get; init; }

    /// <summary>The id of the present transaction.</summary>
    public StunTransactionId Id { get; set; }

    /// <summary>The bytes of the present transaction.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Whether the present transaction is signed.</summary>
    public bool IsSigned { get; set; }

    /// <summary>How often it was made anew.</summary>
    public int Challenges { get; set; }

    /// <summary>When it left first.</summary>
    public Instant StartedAt { get; } = now;

    /// <summary>When it is given up.</summary>
    public Instant ExpiresAt { get; } = now + TurnLimits.RequestTimeout;

    /// <summary>When it is sent again; null over a stream, which does that by itself.</summary>
    public Instant? RepeatAt { get; private set; }

    /// <summary>When something is due.</summary>
    public Instant NextDeadline => RepeatAt is { } repeat ? Instant.Min(repeat, ExpiresAt) : ExpiresAt;

    /// <summary>Notes that it leaves for the first time, or anew after a challenge.</summary>
    public void Begin(Instant at)
    {
        _wait = TurnLimits.FirstRetransmission;
        RepeatAt = isRepeated ? at + _wait : null;
    }

    /// <summary>Notes a repetition.</summary>
    public void Repeat(Instant at)
    {
        _wait *= 2;
        RepeatAt = at + _wait;
    }
}
