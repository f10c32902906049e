using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Extensions;
using PeerChat.WebRtc.Dtls.Messages;
using Shouldly;

namespace PeerChat.WebRtc.Tests.Dtls;

/// <summary>
/// A peer that plays a given list of messages and always computes over the transcript that it really sent: the
/// strongest liar, who holds all keys but the one of the certificate it shows where that proof is left out.
/// </summary>
internal sealed class Handcraft : IDisposable
{
    private readonly SeededEntropy _entropy = new(99);
    private readonly bool _isClient;
    private readonly DtlsCertificate _announced;
    private readonly EphemeralKey _key = new(NamedGroup.Secp256r1);
    private readonly byte[] _random;
    private readonly RecordLayer _records = new();
    private readonly HandshakeTranscript _transcript = new();
    private readonly HandshakeReassembler _reassembler = new();
    private byte[] _peerRandom = [];
    private byte[] _peerPoint = [];
    private KeySchedule? _keys;
    private ushort _sequence;

    public Handcraft(bool isClient, DtlsCertificate announced)
    {
        _isClient = isClient;
        _announced = announced;
        _random = _entropy.Bytes(32);
    }

    /// <summary>The client's messages in their right order.</summary>
    public static readonly Step[] ClientScript =
    [
        Step.ClientHello,
        Step.Certificate,
        Step.ClientKeyExchange,
        Step.CertificateVerify,
        Step.ChangeCipherSpec,
        Step.Finished,
    ];

    /// <summary>The server's messages in their right order.</summary>
    public static readonly Step[] ServerScript =
    [
        Step.ServerHello,
        Step.Certificate,
        Step.ServerKeyExchange,
        Step.CertificateRequest,
        Step.ServerHelloDone,
        Step.ChangeCipherSpec,
        Step.Finished,
    ];

    internal enum Step
    {
        ClientHello,
        ServerHello,
        Certificate,
        EmptyCertificate,
        ServerKeyExchange,
        ForeignServerKeyExchange,
        CertificateRequest,
        ServerHelloDone,
        ClientKeyExchange,
        CertificateVerify,
        ForeignCertificateVerify,
        ChangeCipherSpec,
        Finished,
        WrongFinished,
        PlainFinished,
        Data,
        PlainData,
    }

    /// <summary>All scripts that differ from the right one by one omission, one exchange or one repetition.</summary>
    public static IEnumerable<Step[]> Neighbours(Step[] script)
    {
        for (var i = 0; i < script.Length; i++)
        {
            yield return [.. script[..i], .. script[(i + 1)..]];
            yield return [.. script[..i], script[i], .. script[i..]];
            for (var j = i + 1; j < script.Length; j++)
            {
                var swapped = script.ToArray();
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                yield return swapped;
                yield return [.. script[..i], .. script[j..]]; // several in a row left out
                yield return [.. script[..j], script[i], .. script[j..]]; // an earlier one again
            }
        }
    }

    /// <summary>Plays the script, message by message, against a connection; each message is one datagram.</summary>
    public void Play(Step[] script, DtlsPair.Side victim, Instant now)
    {
        Read(victim);
        foreach (var step in script)
        {
            victim.Connection.HandleDatagram(now, Datagram(step));
            Read(victim);
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _records.Dispose();
        _keys?.Dispose();
    }

    private byte[] Datagram(Step step)
    {
        switch (step)
        {
            case Step.ChangeCipherSpec:
                return Record(ContentType.ChangeCipherSpec, 0, [1]);
            case Step.PlainData:
                return Record(ContentType.ApplicationData, 0, "plain"u8.ToArray());
            case Step.Data:
                EnsureKeys();
                return Record(ContentType.ApplicationData, 1, "data"u8.ToArray());
            default:
                var message = HandshakeMessage.Encode(Message(step), _sequence++);
                _transcript.Append(message);
                if (step == Step.ClientKeyExchange)
                {
                    EnsureKeys();
                }

                return Record(
                    ContentType.Handshake,
                    (ushort)(step is Step.Finished or Step.WrongFinished ? 1 : 0),
                    message
                );
        }
    }

    private IHandshakeMessage Message(Step step)
    {
        switch (step)
        {
            case Step.ClientHello:
                return new ClientHello(
                    DtlsVersion.Dtls12,
                    _random,
                    [],
                    [],
                    [CipherSuite.EcdheEcdsaAes128Gcm.Id],
                    new HelloExtensions
                    {
                        Groups = [23],
                        SignatureSchemes = [0x0403],
                        ExtendedMasterSecret = true,
                    }
                );
            case Step.ServerHello:
                return new ServerHello(
                    DtlsVersion.Dtls12,
                    _random,
                    [],
                    CipherSuite.EcdheEcdsaAes128Gcm.Id,
                    0,
                    new HelloExtensions { ExtendedMasterSecret = true }
                );
            case Step.Certificate:
                return new CertificateMessage(_announced.Der);
            case Step.EmptyCertificate:
                return new CertificateMessage([]);
            case Step.ServerKeyExchange:
            case Step.ForeignServerKeyExchange:
                var unsigned = new ServerKeyExchange(
                    NamedGroup.Secp256r1,
                    _key.PublicPoint,
                    SignatureScheme.EcdsaSha256,
                    []
                );
                var signed = unsigned.SignedBytes(_peerRandom, _random);
                using (var other = DtlsCertificate.Create(_entropy))
                {
                    var signer = step == Step.ServerKeyExchange ? _announced : other;
                    return unsigned with { Signature = signer.Sign(signed) };
                }

            case Step.CertificateRequest:
                return new CertificateRequest([64], [SignatureScheme.EcdsaSha256]);
            case Step.ServerHelloDone:
                return default(ServerHelloDone);
            case Step.ClientKeyExchange:
                return new ClientKeyExchange(_key.PublicPoint);
            case Step.CertificateVerify:
                return new CertificateVerify(
                    SignatureScheme.EcdsaSha256,
                    _announced.Sign(_transcript.ToArray())
                );
            case Step.ForeignCertificateVerify:
                using (var other = DtlsCertificate.Create(_entropy))
                {
                    return new CertificateVerify(
                        SignatureScheme.EcdsaSha256,
                        other.Sign(_transcript.ToArray())
                    );
                }

            case Step.WrongFinished:
                return new Finished(new byte[Finished.VerifyDataSize]);

            default:
                EnsureKeys();
                var hash = _transcript.Hash(CipherSuite.EcdheEcdsaAes128Gcm.Hash);
                return new Finished(_keys!.VerifyData(_isClient, hash));
        }
    }

    // Without the victim's share there is nothing to agree on; then the liar uses its own and hopes.
    private void EnsureKeys()
    {
        if (_keys is not null)
        {
            return;
        }

        var suite = CipherSuite.EcdheEcdsaAes128Gcm;
        var secret = _key.Agree(_peerPoint.Length == 65 ? _peerPoint : _key.PublicPoint)!;
        var hash = _transcript.Hash(suite.Hash);
        var (client, server) = _isClient ? (_random, _peerRandom) : (_peerRandom, _random);
        _keys = new KeySchedule(suite, secret, hash, client, server);
        var (clientProtection, serverProtection) = _keys.DeriveProtections();
        _records.InstallKeys(
            _isClient ? clientProtection : serverProtection,
            _isClient ? serverProtection : clientProtection
        );
    }

    private byte[] Record(ContentType type, ushort epoch, byte[] plaintext)
    {
        var buffer = new byte[RecordLayer.OverheadOf(epoch) + plaintext.Length];
        return buffer[.._records.Write(type, epoch, plaintext, buffer)];
    }

    private void Read(DtlsPair.Side victim)
    {
        foreach (var datagram in victim.Drain())
        {
            ReadOnlySpan<byte> rest = datagram;
            while (RecordHeader.TryParse(rest, out var header))
            {
                var body = rest.Slice(RecordHeader.Size, header.Length);
                rest = rest[(RecordHeader.Size + header.Length)..];
                if (header.Type == ContentType.Handshake)
                {
                    ReadHandshake(header, body);
                }
            }
        }
    }

    private void ReadHandshake(in RecordHeader record, ReadOnlySpan<byte> body)
    {
        if (record.Epoch == 1)
        {
            var plaintext = new byte[body.Length];
            if (
                _keys is null
                || _records.Open(record, body, plaintext, out var length) != RecordVerdict.Authentic
            )
            {
                return;
            }

            body = plaintext.AsSpan(0, length);
        }

        HandshakeHeader.TryParse(body, out var header).ShouldBeTrue();
        _reassembler.TryAdd(header, body[HandshakeHeader.Size..]);
        while (_reassembler.TryTakeNext(out var type, out var message))
        {
            Learn(type, message);
        }
    }

    private void Learn(HandshakeType type, byte[] message)
    {
        _transcript.Append(message);
        var body = HandshakeMessage.BodyOf(message);
        switch (type)
        {
            case HandshakeType.ClientHello when ClientHello.TryParse(body, out var hello):
                _peerRandom = hello.Random;
                break;
            case HandshakeType.ServerHello when ServerHello.TryParse(body, out var hello):
                _peerRandom = hello.Random;
                break;
            case HandshakeType.ServerKeyExchange when ServerKeyExchange.TryParse(body, out var exchange):
                _peerPoint = exchange.Point;
                break;
            case HandshakeType.ClientKeyExchange when ClientKeyExchange.TryParse(body, out var exchange):
                _peerPoint = exchange.Point;
                EnsureKeys();
                break;
        }
    }
}
