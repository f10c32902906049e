namespace PeerChat.WebRtc.Stun;

/// <summary>The value of the FINGERPRINT attribute: CRC-32 of the message before it, masked (RFC 8489 section 14.7).</summary>
internal static class StunFingerprint
{
    private const uint Mask = 0x5354_554E; // "STUN"
    private const uint Polynomial = 0xEDB8_8320; // ITU V.42, reflected

    private static readonly uint[] Table = CreateTable();

    /// <summary>Computes the value; the header's length must already count the attribute itself.</summary>
    public static uint Compute(ReadOnlySpan<byte> messageBeforeAttribute)
    {
        var crc = uint.MaxValue;
        foreach (var b in messageBeforeAttribute)
        {
            crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        return ~crc ^ Mask;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
