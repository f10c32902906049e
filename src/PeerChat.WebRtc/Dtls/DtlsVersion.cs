namespace PeerChat.WebRtc.Dtls;

/// <summary>The version numbers of DTLS; a newer version has a smaller number (RFC 6347 section 4.1).</summary>
internal static class DtlsVersion
{
    /// <summary>DTLS 1.0, which stands in the record header of first hellos only.</summary>
    public const ushort Dtls10 = 0xFEFF;

    /// <summary>DTLS 1.2.</summary>
    public const ushort Dtls12 = 0xFEFD;
}
