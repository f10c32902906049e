namespace PeerChat.WebRtc.Tests.Sdp;

/// <summary>Descriptions as browsers and libraries wrote them.</summary>
internal static class SdpSamples
{
    /// <summary>The fingerprint in Chromium's offer.</summary>
    public const string ChromiumFingerprint =
        "53:3D:DD:7A:05:84:C6:0E:FD:B5:AC:BD:FB:28:3E:A4:A9:69:88:F7:09:52:49:2A:26:BC:03:97:35:21:B8:90";

    /// <summary>Chromium 156 on Linux, addresses shown.</summary>
    public static readonly string Chromium = Lines(
        "v=0",
        "o=- 1214393285412091967 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS",
        "m=application 51865 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 192.0.2.2",
        "a=candidate:1131481579 1 udp 2113937151 192.0.2.2 51865 typ host generation 0 network-cost 999",
        "a=candidate:2283259915 1 udp 2113942271 fd00::2 51562 typ host generation 0 network-cost 999",
        "a=ice-ufrag:QQDb",
        "a=ice-pwd:GyZcpF42UYRornypxOxaaoGN",
        "a=ice-options:trickle",
        $"a=fingerprint:sha-256 {ChromiumFingerprint}",
        "a=setup:actpass",
        "a=mid:0",
        "a=sctp-port:5000",
        "a=max-message-size:262144"
    );

    /// <summary>Firefox's way: fingerprint and ICE options for the session, TCP candidates, a huge message size.</summary>
    public static readonly string Firefox = Lines(
        "v=0",
        "o=mozilla...THIS_IS_SDPARTA-99.0 7862354413117853498 0 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        $"a=fingerprint:sha-256 {ChromiumFingerprint.ToLowerInvariant()}",
        "a=group:BUNDLE 0",
        "a=ice-options:trickle",
        "a=msid-semantic:WMS *",
        "m=application 55150 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 192.0.2.2",
        "a=candidate:0 1 UDP 2122252543 5c0aa9ad-8d1d-4a52-9b3c-0f4d4b4f2d11.local 55150 typ host",
        "a=candidate:1 1 TCP 2105524479 192.0.2.2 9 typ host tcptype active",
        "a=candidate:2 1 UDP 1686052607 198.51.100.7 55150 typ srflx raddr 0.0.0.0 rport 0",
        "a=sendrecv",
        "a=end-of-candidates",
        "a=ice-pwd:0123456789abcdef0123456789abcdef",
        "a=ice-ufrag:b3a19c0d",
        "a=mid:0",
        "a=setup:active",
        "a=sctp-port:5000",
        "a=max-message-size:1073741823"
    );

    /// <summary>A page with sound, in which the data channels come last.</summary>
    public static readonly string WithAudio = Lines(
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE sound data",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:QQDb",
        "a=ice-pwd:GyZcpF42UYRornypxOxaaoGN",
        "a=candidate:1 1 udp 2113937151 192.0.2.9 1 typ host",
        "a=mid:sound",
        "a=rtpmap:111 opus/48000/2",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=ice-ufrag:WXYZ",
        "a=ice-pwd:ABCDEFGHIJKLMNOPQRSTUVWX",
        $"a=fingerprint:sha-512 {string.Join(':', Enumerable.Repeat("AB", 64))}",
        $"a=fingerprint:SHA-256 {ChromiumFingerprint}",
        "a=setup:passive",
        "a=mid:data",
        "a=sctp-port:5001"
    );

    /// <summary>The form before RFC 8841, as old libraries write it.</summary>
    public static readonly string Old = Lines(
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "m=application 9 DTLS/SCTP 5000",
        "a=ice-ufrag:QQDb",
        "a=ice-pwd:GyZcpF42UYRornypxOxaaoGN",
        $"a=fingerprint:sha-256 {ChromiumFingerprint}",
        "a=setup:active",
        "a=mid:data",
        "a=sctpmap:5000 webrtc-datachannel 1024"
    );

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\r\n"));
}
