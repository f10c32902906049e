using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The whole order of a handshake as a table: what may come, and when.</summary>
/// <remarks>
/// No message of the flights is optional here: both ends show a certificate and prove it. So each state has one
/// message that leads on (and the client's first also the cookie round), and everything else ends the handshake.
/// </remarks>
internal static class HandshakeTable
{
    /// <summary>Whether a message leads on from a state; any other is fatal when its turn has come.</summary>
    public static bool Expects(HandshakeState state, HandshakeType type) =>
        (state, type) switch
        {
            (HandshakeState.AwaitsClientHello, HandshakeType.ClientHello) => true,
            (HandshakeState.AwaitsServerHello, HandshakeType.HelloVerifyRequest) => true,
            (HandshakeState.AwaitsServerHello, HandshakeType.ServerHello) => true,
            (HandshakeState.AwaitsCertificate, HandshakeType.Certificate) => true,
            (HandshakeState.AwaitsServerKeyExchange, HandshakeType.ServerKeyExchange) => true,
            (HandshakeState.AwaitsCertificateRequest, HandshakeType.CertificateRequest) => true,
            (HandshakeState.AwaitsServerHelloDone, HandshakeType.ServerHelloDone) => true,
            (HandshakeState.AwaitsClientKeyExchange, HandshakeType.ClientKeyExchange) => true,
            (HandshakeState.AwaitsCertificateVerify, HandshakeType.CertificateVerify) => true,
            (HandshakeState.AwaitsFinished, HandshakeType.Finished) => true,
            _ => false,
        };

    /// <summary>Whether a peer ever sends this message in this epoch; what it never sends is noise.</summary>
    /// <param name="fromClient">Whether the peer is the client.</param>
    /// <param name="type">The kind of message.</param>
    /// <param name="epoch">The epoch of its record.</param>
    public static bool IsPossible(bool fromClient, HandshakeType type, ushort epoch) =>
        type switch
        {
            HandshakeType.Finished => epoch == 1,
            _ when epoch != 0 => false,
            HandshakeType.Certificate => true,
            HandshakeType.ClientHello or HandshakeType.ClientKeyExchange or HandshakeType.CertificateVerify =>
                fromClient,
            HandshakeType.HelloVerifyRequest
            or HandshakeType.ServerHello
            or HandshakeType.ServerKeyExchange
            or HandshakeType.CertificateRequest
            or HandshakeType.ServerHelloDone => !fromClient,
            _ => false,
        };
}
