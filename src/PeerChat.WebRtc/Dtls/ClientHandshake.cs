using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Extensions;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The client's side of the handshake (RFC 6347 section 4.2.4, figure 1).</summary>
/// <remarks>
/// ClientHello → [HelloVerifyRequest → ClientHello →] ServerHello, Certificate, ServerKeyExchange, CertificateRequest,
/// ServerHelloDone → Certificate, ClientKeyExchange, CertificateVerify, ChangeCipherSpec, Finished → ChangeCipherSpec,
/// Finished.
/// </remarks>
internal sealed class ClientHandshake(
    DtlsCertificate certificate,
    ReadOnlyMemory<byte> remoteFingerprint,
    IEntropy entropy
) : Handshake(isClient: true, certificate, remoteFingerprint, entropy)
{
    /// <summary>How often a server may ask for a cookie; more is a loop (guess).</summary>
    public const int MaxCookies = 4;

    /// <summary>What stands in the hello as its session (<see cref="HandshakeName"/>); empty as in every hello that resumes nothing.</summary>
    public byte[] SessionId { get; init; } = [];

    private int _cookies;
    private byte[] _serverPoint = [];

    /// <summary>The cookie of the latest hello.</summary>
    public byte[] Cookie { get; private set; } = [];

    /// <summary>Builds the first hello.</summary>
    public void Start() => SendHello(cookie: []);

    /// <inheritdoc/>
    protected override void Process(HandshakeType type, byte[] message)
    {
        switch (type)
        {
            case HandshakeType.HelloVerifyRequest:
                OnHelloVerifyRequest(message);
                break;
            case HandshakeType.ServerHello:
                OnServerHello(message);
                break;
            case HandshakeType.Certificate:
                OnCertificate(message);
                break;
            case HandshakeType.ServerKeyExchange:
                OnServerKeyExchange(message);
                break;
            case HandshakeType.CertificateRequest:
                OnCertificateRequest(message);
                break;
            case HandshakeType.ServerHelloDone:
                OnServerHelloDone(message);
                break;
            case HandshakeType.Finished:
                if (TryTakeFinished(message))
                {
                    State = HandshakeState.Done;
                }

                break;
        }
    }

    private void SendHello(byte[] cookie)
    {
        Cookie = cookie;
        Transcript.Restart();
        var hello = new ClientHello(
            DtlsVersion.Dtls12,
            LocalRandom,
            SessionId,
            cookie,
            [.. CipherSuite.Offered.Select(suite => suite.Id)],
            new HelloExtensions
            {
                Groups = Array.ConvertAll(EphemeralKey.Groups, group => (ushort)group),
                PointFormats = [HelloExtensions.UncompressedPoint],
                SignatureSchemes = Array.ConvertAll(PeerCertificate.Schemes, scheme => (ushort)scheme),
                UseSrtp = new UseSrtp(SrtpProfile.Offered, Mki: []),
                ExtendedMasterSecret = true,
                RenegotiatedConnection = [],
            }
        );
        var flight = new Flight();
        Append(flight, hello);
        LastFlight = flight;
        State = HandshakeState.AwaitsServerHello;
    }

    private void OnHelloVerifyRequest(byte[] message)
    {
        if (!HelloVerifyRequest.TryParse(HandshakeMessage.BodyOf(message), out var request))
        {
            FailDecode(HandshakeType.HelloVerifyRequest);
        }
        else if (++_cookies > MaxCookies)
        {
            Fail(
                AlertDescription.HandshakeFailure,
                DtlsCloseReason.UnexpectedMessage,
                "the server asks for cookies without end"
            );
        }
        else
        {
            SendHello(request.Cookie);
        }
    }

    private void OnServerHello(byte[] message)
    {
        if (!ServerHello.TryParse(HandshakeMessage.BodyOf(message), out var hello))
        {
            FailDecode(HandshakeType.ServerHello);
            return;
        }

        var extensions = hello.Extensions;
        if (hello.Version != DtlsVersion.Dtls12)
        {
            Fail(
                AlertDescription.ProtocolVersion,
                DtlsCloseReason.NegotiationFailed,
                $"the server chose version {hello.Version:X4}"
            );
        }
        else if (CipherSuite.FindOffered(hello.CipherSuite) is not { } suite || hello.CompressionMethod != 0)
        {
            Fail(
                AlertDescription.IllegalParameter,
                DtlsCloseReason.IllegalMessage,
                "the server chose a suite or compression that was not offered"
            );
        }
        else if (extensions.HasUnknown)
        {
            Fail(
                AlertDescription.UnsupportedExtension,
                DtlsCloseReason.IllegalMessage,
                "the server answered an extension that was not offered"
            );
        }
        else if (!extensions.ExtendedMasterSecret)
        {
            Fail(
                AlertDescription.InsufficientSecurity,
                DtlsCloseReason.NegotiationFailed,
                "the server has no extended master secret"
            );
        }
        else if (!AreAnswersLegal(extensions))
        {
            Fail(
                AlertDescription.IllegalParameter,
                DtlsCloseReason.IllegalMessage,
                "an answer of the server does not fit the offer"
            );
        }
        else
        {
            Suite = suite;
            RemoteRandom = hello.Random;
            Transcript.Append(message);
            State = HandshakeState.AwaitsCertificate;
        }
    }

    private static bool AreAnswersLegal(HelloExtensions extensions) =>
        extensions.RenegotiatedConnection is null or []
        && extensions.PointFormats?.Contains(HelloExtensions.UncompressedPoint) != false
        && extensions.UseSrtp
            is null
                or { Profiles: [SrtpProfile.AeadAes128Gcm or SrtpProfile.Aes128CmHmacSha1], Mki: [] };

    private void OnCertificate(byte[] message)
    {
        if (!TryTakeCertificate(message))
        {
            return;
        }

        if (PeerCertificate!.IsEcdsa != Suite!.ServerKeyIsEcdsa)
        {
            Fail(
                AlertDescription.IllegalParameter,
                DtlsCloseReason.IllegalMessage,
                "the certificate's key does not fit the suite"
            );
            return;
        }

        State = HandshakeState.AwaitsServerKeyExchange;
    }

    private void OnServerKeyExchange(byte[] message)
    {
        if (!ServerKeyExchange.TryParse(HandshakeMessage.BodyOf(message), out var exchange))
        {
            FailDecode(HandshakeType.ServerKeyExchange);
        }
        else if (!EphemeralKey.Groups.Contains(exchange.Group))
        {
            Fail(
                AlertDescription.IllegalParameter,
                DtlsCloseReason.IllegalMessage,
                "the server chose a group that was not offered"
            );
        }
        else if (
            !PeerCertificate!.Verifies(
                exchange.Scheme,
                exchange.SignedBytes(LocalRandom, RemoteRandom),
                exchange.Signature
            )
        )
        {
            Fail(
                AlertDescription.DecryptError,
                DtlsCloseReason.BadSignature,
                "the signature of ServerKeyExchange does not verify"
            );
        }
        else
        {
            _serverPoint = exchange.Point;
            EphemeralKey = new EphemeralKey(exchange.Group);
            Transcript.Append(message);
            State = HandshakeState.AwaitsCertificateRequest;
        }
    }

    private void OnCertificateRequest(byte[] message)
    {
        if (!CertificateRequest.TryParse(HandshakeMessage.BodyOf(message), out var request))
        {
            FailDecode(HandshakeType.CertificateRequest);
        }
        else if (
            !request.CertificateTypes.Contains(CertificateRequest.EcdsaSign)
            || !request.Schemes.Contains(SignatureScheme.EcdsaSha256)
        )
        {
            Fail(
                AlertDescription.HandshakeFailure,
                DtlsCloseReason.NegotiationFailed,
                "the server does not accept ECDSA certificates"
            );
        }
        else
        {
            Transcript.Append(message);
            State = HandshakeState.AwaitsServerHelloDone;
        }
    }

    private void OnServerHelloDone(byte[] message)
    {
        if (!ServerHelloDone.TryParse(HandshakeMessage.BodyOf(message), out _))
        {
            FailDecode(HandshakeType.ServerHelloDone);
            return;
        }

        Transcript.Append(message);
        var flight = new Flight();
        Append(flight, new CertificateMessage(Certificate.Der));
        Append(flight, new ClientKeyExchange(EphemeralKey!.PublicPoint));
        if (!TryDeriveKeys(_serverPoint))
        {
            return;
        }

        Append(
            flight,
            new CertificateVerify(SignatureScheme.EcdsaSha256, Certificate.Sign(Transcript.ToArray()))
        );
        AppendFinished(flight);
        LastFlight = flight;
        State = HandshakeState.AwaitsFinished;
    }
}
