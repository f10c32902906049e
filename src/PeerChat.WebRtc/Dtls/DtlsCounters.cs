namespace PeerChat.WebRtc.Dtls;

/// <summary>What was dropped, and why.</summary>
internal sealed class DtlsCounters
{
    /// <summary>Datagrams or records that could not be read, or had an impossible version or length.</summary>
    public long Malformed { get; set; }

    /// <summary>Records whose number was seen before.</summary>
    public long Replayed { get; set; }

    /// <summary>Records whose tag did not verify.</summary>
    public long Forged { get; set; }

    /// <summary>Records and messages that have no place in the present state.</summary>
    public long OutOfPlace { get; set; }

    /// <summary>Handshake fragments that were refused.</summary>
    public long RefusedFragments { get; set; }

    /// <summary>Alerts that were ignored: warnings, and unauthenticated ones.</summary>
    public long IgnoredAlerts { get; set; }

    /// <summary>Authentic records that found no room.</summary>
    public long Overflowed { get; set; }

    /// <summary>Flights that were sent again.</summary>
    public long Retransmissions { get; set; }
}
