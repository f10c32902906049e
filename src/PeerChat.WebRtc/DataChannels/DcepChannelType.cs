namespace PeerChat.WebRtc.DataChannels;

/// <summary>How a channel treats loss and order (RFC 8832 section 8.2.2).</summary>
[Flags]
internal enum DcepChannelType : byte
{
    /// <summary>All messages arrive, in order.</summary>
    Reliable = 0x00,

    /// <summary>In order; given up after some retransmissions.</summary>
    PartialReliableRexmit = 0x01,

    /// <summary>In order; given up after some time.</summary>
    PartialReliableTimed = 0x02,

    /// <summary>All messages arrive, in any order.</summary>
    ReliableUnordered = 0x80,

    /// <summary>In any order; given up after some retransmissions.</summary>
    PartialReliableRexmitUnordered = 0x81,

    /// <summary>In any order; given up after some time.</summary>
    PartialReliableTimedUnordered = 0x82,
}
