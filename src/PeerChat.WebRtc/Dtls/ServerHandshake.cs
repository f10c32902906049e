using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Extensions;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The server's side of the handshake (RFC 6347 section 4.2.4, figure 1), without HelloVerifyRequest.</summary>
/// <remarks>
/// RFC 6347 section 4.2.1 says that a server SHOULD ask for a cookie; ours does not, because ICE has proven the
/// client's address before, and the cookie would cost a round trip.
/// </remarks>
internal sealed class ServerHandshake : Handshake
{
    /// <summary>Prepares a handshake that waits for a client.</summary>
    public ServerHandshake(
        DtlsCertificate certificate,
        ReadOnlyMemory<byte> remoteFingerprint,
        IEntropy entropy
    )
        : base(isClient: false, certificate, remoteFingerprint, entropy)
    {
        State = HandshakeState.AwaitsClientHello;
    }

    /// <inheritdoc/>
    protected override void Process(HandshakeType type, byte[] message)
    {
        switch (type)
        {
            case HandshakeType.ClientHello:
                OnClientHello(message);
                break;
            case HandshakeType.Certificate:
                if (TryTakeCertificate(message))
                {
                    State = HandshakeState.AwaitsClientKeyExchange;
                }

                break;
            case HandshakeType.ClientKeyExchange:
                OnClientKeyExchange(message);
                break;
            case HandshakeType.CertificateVerify:
                OnCertificateVerify(message);
                break;
            case HandshakeType.Finished:
                OnFinished(message);
                break;
        }
    }

    private void OnClientHello(byte[] message)
    {
        if (!ClientHello.TryParse(HandshakeMessage.BodyOf(message), out var hello))
        {
            FailDecode(HandshakeType.ClientHello);
            return;
        }

        // Clients of version 1.3 still write 1.2 here; a newer version has a smaller number.
        if (hello.Version > DtlsVersion.Dtls12)
        {
            Fail(
                AlertDescription.ProtocolVersion,
                DtlsCloseReason.NegotiationFailed,
                $"the client offers version {hello.Version:X4}"
            );
            return;
        }

        if (hello.Extensions.RenegotiatedConnection is { Length: > 0 })
        {
            Fail(
                AlertDescription.HandshakeFailure,
                DtlsCloseReason.IllegalMessage,
                "renegotiation_info is not empty in a first hello"
            );
            return;
        }

        if (!hello.Extensions.ExtendedMasterSecret)
        {
            Fail(
                AlertDescription.InsufficientSecurity,
                DtlsCloseReason.NegotiationFailed,
                "the client has no extended master secret"
            );
            return;
        }

        if (
            CipherSuite.Select(hello.CipherSuites) is not { } suite
            || GroupFor(hello.Extensions) is not { } group
            || !CanUseOurKeys(hello.Extensions)
        )
        {
            Fail(
                AlertDescription.HandshakeFailure,
                DtlsCloseReason.NegotiationFailed,
                "no suite, group or signature scheme in common"
            );
            return;
        }

        Suite = suite;
        EphemeralKey = new EphemeralKey(group);
        RemoteRandom = hello.Random;
        Transcript.Append(message);
        SendFlight(hello, suite, group, EphemeralKey.PublicPoint);
        State = HandshakeState.AwaitsCertificate;
    }

    // Absent groups and point formats mean "any" (RFC 8422 section 5.1); absent schemes mean SHA-1, which is refused.
    private static bool CanUseOurKeys(HelloExtensions extensions) =>
        extensions.PointFormats?.Contains(HelloExtensions.UncompressedPoint) != false
        && extensions.SignatureSchemes?.Contains((ushort)SignatureScheme.EcdsaSha256) == true;

    private static NamedGroup? GroupFor(HelloExtensions extensions)
    {
        foreach (var group in EphemeralKey.Groups)
        {
            if (extensions.Groups?.Contains((ushort)group) != false)
            {
                return group;
            }
        }

        return null;
    }

    private void SendFlight(ClientHello hello, CipherSuite suite, NamedGroup group, byte[] point)
    {
        var flight = new Flight();
        Append(
            flight,
            new ServerHello(
                DtlsVersion.Dtls12,
                LocalRandom,
                SessionId: [],
                suite.Id,
                CompressionMethod: 0,
                AnswerTo(hello)
            )
        );
        Append(flight, new CertificateMessage(Certificate.Der));
        var unsigned = new ServerKeyExchange(group, point, SignatureScheme.EcdsaSha256, Signature: []);
        Append(
            flight,
            unsigned with
            {
                Signature = Certificate.Sign(unsigned.SignedBytes(RemoteRandom, LocalRandom)),
            }
        );
        Append(
            flight,
            new CertificateRequest(
                [CertificateRequest.EcdsaSign, CertificateRequest.RsaSign],
                PeerCertificate.Schemes
            )
        );
        Append(flight, default(ServerHelloDone));
        LastFlight = flight;
    }

    private static HelloExtensions AnswerTo(ClientHello hello)
    {
        var offered = hello.Extensions;
        var knowsRenegotiationInfo =
            offered.RenegotiatedConnection is not null
            || hello.CipherSuites.Contains(CipherSuite.EmptyRenegotiationInfoScsv);
        var profile = offered.UseSrtp?.Profiles.FirstOrDefault(SrtpProfile.Offered.Contains) ?? 0;
        return new HelloExtensions
        {
            PointFormats = offered.PointFormats is null ? null : [HelloExtensions.UncompressedPoint],
            UseSrtp = profile == 0 ? null : new UseSrtp([profile], Mki: []),
            ExtendedMasterSecret = true,
            RenegotiatedConnection = knowsRenegotiationInfo ? [] : null,
        };
    }

    private void OnClientKeyExchange(byte[] message)
    {
        if (!ClientKeyExchange.TryParse(HandshakeMessage.BodyOf(message), out var exchange))
        {
            FailDecode(HandshakeType.ClientKeyExchange);
            return;
        }

        Transcript.Append(message);
        if (TryDeriveKeys(exchange.Point))
        {
            State = HandshakeState.AwaitsCertificateVerify;
        }
    }

    private void OnCertificateVerify(byte[] message)
    {
        if (!CertificateVerify.TryParse(HandshakeMessage.BodyOf(message), out var verify))
        {
            FailDecode(HandshakeType.CertificateVerify);
            return;
        }

        if (!PeerCertificate!.Verifies(verify.Scheme, Transcript.ToArray(), verify.Signature))
        {
            Fail(
                AlertDescription.DecryptError,
                DtlsCloseReason.BadSignature,
                "CertificateVerify does not verify"
            );
            return;
        }

        Transcript.Append(message);
        State = HandshakeState.AwaitsFinished;
    }

    private void OnFinished(byte[] message)
    {
        if (!TryTakeFinished(message))
        {
            return;
        }

        var flight = new Flight();
        AppendFinished(flight);
        LastFlight = flight;
        State = HandshakeState.Done;
    }
}
