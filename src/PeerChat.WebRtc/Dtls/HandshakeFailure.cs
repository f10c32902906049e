namespace PeerChat.WebRtc.Dtls;

/// <summary>Why a handshake failed.</summary>
/// <param name="Alert">What the peer is told.</param>
/// <param name="Reason">What the owner is told.</param>
/// <param name="Detail">The same in words, for logs.</param>
internal sealed record HandshakeFailure(AlertDescription Alert, DtlsCloseReason Reason, string Detail);
