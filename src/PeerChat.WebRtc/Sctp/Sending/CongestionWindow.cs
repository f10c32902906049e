namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>How many bytes may be under way (RFC 9260 section 7.2).</summary>
internal sealed class CongestionWindow
{
    /// <summary>The first window; RFC 6928 found ten packets harmless, RFC 9260 allows about four.</summary>
    public const int InitialBytes = 10 * SctpOptions.MaxPacketSize;

    /// <summary>The least window after a loss (RFC 9260 section 7.2.3).</summary>
    public const int MinBytes = 4 * SctpOptions.MaxPacketSize;

    /// <summary>No path needs more; a peer that acknowledges too early must not make it grow for ever.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private int _slowStartThreshold = MaxBytes;
    private int _partialBytesAcked;
    private Tsn? _recoveryExit;

    /// <summary>The window.</summary>
    public int Bytes { get; private set; } = InitialBytes;

    /// <summary>Whether a loss is being repaired; a window is cut once in this time.</summary>
    public bool IsInRecovery => _recoveryExit is not null;

    /// <summary>Data was acknowledged.</summary>
    /// <param name="newlyAckedBytes">How much.</param>
    /// <param name="wasFull">Whether the window, and not a lack of data, held back sending before.</param>
    /// <param name="cumulativeTsnAck">Where the peer's cumulative TSN ack is now.</param>
    public void HandleAcked(int newlyAckedBytes, bool wasFull, Tsn cumulativeTsnAck)
    {
        if (_recoveryExit is { } exit)
        {
            if (!exit.IsAfter(cumulativeTsnAck))
            {
                _recoveryExit = null;
            }

            return;
        }

        if (!wasFull)
        {
            return;
        }

        // One SACK for much data, as after a timeout without a loss, must not open the window in one leap
        newlyAckedBytes = Math.Min(newlyAckedBytes, Bytes);
        if (Bytes < _slowStartThreshold)
        {
            Bytes = Math.Min(MaxBytes, Bytes + newlyAckedBytes);
            return;
        }

        _partialBytesAcked += newlyAckedBytes;
        if (_partialBytesAcked >= Bytes)
        {
            _partialBytesAcked -= Bytes;
            Bytes = Math.Min(MaxBytes, Bytes + SctpOptions.MaxPacketSize);
        }
    }

    /// <summary>A chunk was found lost; cuts the window unless that was done for this round trip.</summary>
    /// <param name="lastTsn">The last TSN sent; recovery ends when it is acknowledged.</param>
    public void HandleLoss(Tsn lastTsn)
    {
        if (IsInRecovery)
        {
            return;
        }

        _slowStartThreshold = Math.Max(Bytes / 2, MinBytes);
        Bytes = _slowStartThreshold;
        _partialBytesAcked = 0;
        _recoveryExit = lastTsn;
    }

    /// <summary>Nothing was acknowledged for a whole retransmission timeout (RFC 9260 section 6.3.3 E1).</summary>
    public void HandleTimeout()
    {
        _slowStartThreshold = Math.Max(Bytes / 2, MinBytes);
        Bytes = SctpOptions.MaxPacketSize;
        _partialBytesAcked = 0;
        _recoveryExit = null;
    }
}
