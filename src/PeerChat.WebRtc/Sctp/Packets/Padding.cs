namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>Rounding up to four bytes, as chunks, parameters and error causes need it (RFC 9260 section 3.2).</summary>
internal static class Padding
{
    /// <summary>The next multiple of four; an int, because 65533 rounded up does not fit the field it came from.</summary>
    public static int RoundUp(int length) => (length + 3) & ~3;
}
