using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>What the handshakes of client and server have in common (RFC 6347 section 4.2, RFC 5246 section 7.3).</summary>
/// <remarks>It takes whole messages in order and gives flights; records, fragments and timers belong to the connection.</remarks>
internal abstract class Handshake : IDisposable
{
    private readonly bool _isClient;
    private readonly ReadOnlyMemory<byte> _remoteFingerprint;
    private KeySchedule? _keys;
    private ushort _nextMessageSequence;

    /// <summary>Prepares a handshake.</summary>
    /// <param name="isClient">Which side this is.</param>
    /// <param name="certificate">Our certificate.</param>
    /// <param name="remoteFingerprint">The SHA-256 of the only certificate accepted from the peer.</param>
    /// <param name="entropy">Gives our random.</param>
    protected Handshake(
        bool isClient,
        DtlsCertificate certificate,
        ReadOnlyMemory<byte> remoteFingerprint,
        IEntropy entropy
    )
    {
        _isClient = isClient;
        _remoteFingerprint = remoteFingerprint;
        Certificate = certificate;
        LocalRandom = entropy.Bytes(ClientHello.RandomSize);
    }

    /// <summary>Which message is awaited.</summary>
    public HandshakeState State { get; protected set; }

    /// <summary>Why the handshake failed; null unless it did.</summary>
    public HandshakeFailure? Failure { get; private set; }

    /// <summary>The flight that was built last; the connection sends it once when it is new.</summary>
    public Flight? LastFlight { get; protected set; }

    /// <summary>The secrets, once both key shares are known.</summary>
    public KeySchedule? Keys => _keys;

    /// <summary>The SHA-256 of the certificate that the peer showed.</summary>
    public byte[]? RemoteCertificateSha256 { get; private set; }

    /// <summary>Our certificate.</summary>
    protected DtlsCertificate Certificate { get; }

    /// <summary>The random of our hello.</summary>
    protected byte[] LocalRandom { get; }

    /// <summary>The random of the peer's hello.</summary>
    protected byte[] RemoteRandom { get; set; } = [];

    /// <summary>All messages so far.</summary>
    protected HandshakeTranscript Transcript { get; } = new();

    /// <summary>Our key for this handshake, once the group was chosen.</summary>
    protected EphemeralKey? EphemeralKey { get; set; }

    /// <summary>The suite in use, once it was chosen.</summary>
    protected CipherSuite? Suite { get; set; }

    /// <summary>The peer's key, once it was shown.</summary>
    protected PeerCertificate? PeerCertificate { get; private set; }

    /// <summary>Takes the next message of the peer, with its unfragmented header.</summary>
    public void HandleMessage(HandshakeType type, byte[] message)
    {
        if (!HandshakeTable.Expects(State, type))
        {
            Fail(
                AlertDescription.UnexpectedMessage,
                DtlsCloseReason.UnexpectedMessage,
                $"message {(int)type} in state {State}"
            );
            return;
        }

        Process(type, message);
    }

    /// <summary>Frees all keys.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees all keys.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            EphemeralKey?.Dispose();
            PeerCertificate?.Dispose();
            _keys?.Dispose();
        }
    }

    /// <summary>Acts on a message that the table allows in this state.</summary>
    protected abstract void Process(HandshakeType type, byte[] message);

    /// <summary>Ends the handshake.</summary>
    protected void Fail(AlertDescription alert, DtlsCloseReason reason, string detail)
    {
        State = HandshakeState.Failed;
        Failure = new HandshakeFailure(alert, reason, detail);
    }

    /// <summary>Ends the handshake because of a message that cannot be read.</summary>
    protected void FailDecode(HandshakeType type) =>
        Fail(AlertDescription.DecodeError, DtlsCloseReason.IllegalMessage, $"malformed {type}");

    /// <summary>Writes a message of ours into the transcript and a flight.</summary>
    protected void Append(Flight flight, IHandshakeMessage message)
    {
        var bytes = HandshakeMessage.Encode(message, _nextMessageSequence++);
        Transcript.Append(bytes);
        flight.Add(bytes);
    }

    /// <summary>Handles the peer's Certificate: announced, and with a key that can be used.</summary>
    /// <returns>Whether the handshake goes on.</returns>
    protected bool TryTakeCertificate(byte[] message)
    {
        if (!CertificateMessage.TryParse(HandshakeMessage.BodyOf(message), out var certificate))
        {
            FailDecode(HandshakeType.Certificate);
            return false;
        }

        if (certificate.Leaf.Length == 0)
        {
            Fail(
                AlertDescription.HandshakeFailure,
                DtlsCloseReason.CertificateRefused,
                "the peer has no certificate"
            );
            return false;
        }

        // Before the certificate is parsed: only announced bytes reach the parser.
        RemoteCertificateSha256 = SHA256.HashData(certificate.Leaf);
        if (!CryptographicOperations.FixedTimeEquals(RemoteCertificateSha256, _remoteFingerprint.Span))
        {
            Fail(
                AlertDescription.BadCertificate,
                DtlsCloseReason.FingerprintMismatch,
                "the certificate is not the announced one"
            );
            return false;
        }

        if (!PeerCertificate.TryLoad(certificate.Leaf, out var loaded))
        {
            Fail(
                AlertDescription.UnsupportedCertificate,
                DtlsCloseReason.CertificateRefused,
                "unsupported key in the certificate"
            );
            return false;
        }

        PeerCertificate = loaded;
        Transcript.Append(message);
        return true;
    }

    /// <summary>Derives the secrets; the transcript must end with ClientKeyExchange (RFC 7627 section 3).</summary>
    /// <returns>Whether the handshake goes on.</returns>
    protected bool TryDeriveKeys(ReadOnlySpan<byte> peerPoint)
    {
        var premasterSecret = EphemeralKey!.Agree(peerPoint);
        if (premasterSecret is null)
        {
            Fail(
                AlertDescription.IllegalParameter,
                DtlsCloseReason.IllegalMessage,
                "the key share is not a point of the group"
            );
            return false;
        }

        var (clientRandom, serverRandom) = _isClient
            ? (LocalRandom, RemoteRandom)
            : (RemoteRandom, LocalRandom);
        _keys = new KeySchedule(
            Suite!,
            premasterSecret,
            Transcript.Hash(Suite!.Hash),
            clientRandom,
            serverRandom
        );
        CryptographicOperations.ZeroMemory(premasterSecret);
        return true;
    }

    /// <summary>Ends a flight with ChangeCipherSpec and our Finished over the transcript so far.</summary>
    protected void AppendFinished(Flight flight)
    {
        flight.AddChangeCipherSpec();
        Append(flight, new Finished(_keys!.VerifyData(_isClient, Transcript.Hash(Suite!.Hash))));
    }

    /// <summary>Compares the peer's Finished with the transcript so far.</summary>
    /// <returns>Whether the handshake goes on.</returns>
    protected bool TryTakeFinished(byte[] message)
    {
        if (!Finished.TryParse(HandshakeMessage.BodyOf(message), out var finished))
        {
            FailDecode(HandshakeType.Finished);
            return false;
        }

        var expected = _keys!.VerifyData(!_isClient, Transcript.Hash(Suite!.Hash));
        if (!CryptographicOperations.FixedTimeEquals(expected, finished.VerifyData))
        {
            Fail(
                AlertDescription.DecryptError,
                DtlsCloseReason.BadFinished,
                "Finished does not match the transcript"
            );
            return false;
        }

        Transcript.Append(message);
        return true;
    }
}
