namespace PeerChat.WebRtc.DataChannels;

/// <summary>The messages of the Data Channel Establishment Protocol (RFC 8832 section 8.2.1).</summary>
internal enum DcepMessageType : byte
{
    /// <summary>DATA_CHANNEL_ACK: the channel is open.</summary>
    Ack = 0x02,

    /// <summary>DATA_CHANNEL_OPEN: here is a new channel.</summary>
    Open = 0x03,
}
