namespace PeerChat.WebRtc;

/// <summary>What is unique to one DTLS connection and equal on both sides, for authentication on top of it (RFC 5929, 9266).</summary>
/// <param name="IsDtlsClient">Whether this side is the DTLS client.</param>
/// <param name="ClientCertificateSha256">SHA-256 of the DER certificate that the client showed.</param>
/// <param name="ServerCertificateSha256">SHA-256 of the DER certificate that the server showed.</param>
/// <param name="Exporter">32 bytes of keying material under the label <c>EXPERIMENTAL peerchat hello 1</c> without context (RFC 5705).</param>
public sealed record ChannelBinding(
    bool IsDtlsClient,
    byte[] ClientCertificateSha256,
    byte[] ServerCertificateSha256,
    byte[] Exporter
);
