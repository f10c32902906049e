using System.Globalization;

namespace PeerChat.WebRtc.Sdp;

/// <summary>Decimal numbers of SDP: digits and nothing else, no sign, no spaces.</summary>
internal static class SdpNumber
{
    /// <summary>Reads a number; false when it is none or does not fit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>Reads a port, 0 to 65535.</summary>
    public static bool TryParsePort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
