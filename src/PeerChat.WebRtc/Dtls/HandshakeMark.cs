using System.Security.Cryptography;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>Tells for which of several connections on one path a handshake datagram is meant.</summary>
/// <remarks>
/// <para>
/// DTLS 1.2 names a connection by its addresses only, and nothing in a handshake says more. Where two connections of the same two
/// machines are set up at once, a message of one ends the other. Two things help: a Certificate shows by its fingerprint whose it is, and a
/// ClientHello may carry, as the session that it would resume, the SHA-256 of both fingerprints. A server that keeps no sessions, as every
/// WebRTC stack, takes such a hello as any other (RFC 5246 section 7.4.1.2). Both certificates travel in the clear anyway.
/// </para>
/// <para>This only sorts; what a connection takes in is checked as ever.</para>
/// </remarks>
internal static class HandshakeMark
{
    /// <summary>What the client writes as the session id of its hello.</summary>
    public static byte[] Of(ReadOnlySpan<byte> clientFingerprint, ReadOnlySpan<byte> serverFingerprint) =>
        SHA256.HashData([.. clientFingerprint, .. serverFingerprint]);

    /// <summary>Whether a datagram is this connection's: true or false where it shows, null where it does not.</summary>
    /// <param name="datagram">Records, the first in the clear.</param>
    /// <param name="own">The fingerprint of our certificate.</param>
    /// <param name="remote">The fingerprint that the peer announced.</param>
    public static bool? IsMeantFor(
        ReadOnlySpan<byte> datagram,
        ReadOnlySpan<byte> own,
        ReadOnlySpan<byte> remote
    )
    {
        while (
            RecordHeader.TryParse(datagram, out var record)
            && record is { Epoch: 0, Type: ContentType.Handshake }
        )
        {
            var messages = datagram.Slice(RecordHeader.Size, record.Length);
            while (HandshakeHeader.TryParse(messages, out var header))
            {
                var body = messages.Slice(HandshakeHeader.Size, header.FragmentLength);
                if (header.IsWhole && Shows(header.Type, body, own, remote) is { } verdict)
                {
                    return verdict;
                }

                messages = messages[(HandshakeHeader.Size + header.FragmentLength)..];
            }

            datagram = datagram[(RecordHeader.Size + record.Length)..];
        }

        return null;
    }

    private static bool? Shows(
        HandshakeType type,
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> own,
        ReadOnlySpan<byte> remote
    )
    {
        if (type == HandshakeType.ClientHello && ClientHello.TryParse(body, out var hello))
        {
            return hello.SessionId.Length == 0
                ? null
                : hello.SessionId.AsSpan().SequenceEqual(Of(clientFingerprint: remote, own));
        }

        if (
            type == HandshakeType.Certificate
            && CertificateMessage.TryParse(body, out var certificate)
            && certificate.Leaf.Length > 0
        )
        {
            return remote.SequenceEqual(SHA256.HashData(certificate.Leaf));
        }

        return null;
    }
}
