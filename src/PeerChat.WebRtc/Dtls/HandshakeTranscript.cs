using System.Security.Cryptography;

namespace PeerChat.WebRtc.Dtls;

/// <summary>All handshake messages in order, unfragmented, as both ends must have seen them (RFC 6347 section 4.2.6).</summary>
/// <remarks>The bytes are kept, since the peer chooses the hash of its CertificateVerify only at the end.</remarks>
internal sealed class HandshakeTranscript
{
    private readonly List<byte> _bytes = [];

    /// <summary>Adds a whole message with its unfragmented header.</summary>
    public void Append(ReadOnlySpan<byte> message) => _bytes.AddRange(message);

    /// <summary>Forgets everything: a HelloVerifyRequest and the hello before it do not count.</summary>
    public void Restart() => _bytes.Clear();

    /// <summary>A copy of all bytes, for a signature.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>The hash over all bytes so far.</summary>
    public byte[] Hash(HashAlgorithmName algorithm) => CryptographicOperations.HashData(algorithm, ToArray());
}
