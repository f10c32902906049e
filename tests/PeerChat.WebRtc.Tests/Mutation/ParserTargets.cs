using System.Buffers.Binary;
using System.Text;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Extensions;
using PeerChat.WebRtc.Dtls.Messages;
using PeerChat.WebRtc.PortMapping;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sdp;
using PeerChat.WebRtc.Stun;
using PeerChat.WebRtc.Tests.PortMapping;
using PeerChat.WebRtc.Turn;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>Every parser of the stack, as a function of bytes.</summary>
internal sealed class ParserTargets
{
    private readonly Dictionary<Type, long> _understood = [];

    /// <summary>How often each parser made sense of what it got, by the type that has the parser.</summary>
    public IReadOnlyDictionary<Type, long> UnderstoodBy => _understood;

    /// <summary>One target per layer.</summary>
    public IEnumerable<IMutationTarget> Of(Captures captures) =>
        [
            new Target("STUN and TURN parsers", 150, captures.Stun, ParseStun),
            new Target("DTLS parsers", 180, captures.Dtls, ParseDtls),
            new Target("X.509 parser", 20, captures.Certificates, ParseCertificate),
            new Target("SCTP and DCEP parsers", 250, captures.Sctp, ParseSctp),
            new Target("SDP parsers", 100, captures.Sdp, ParseSdp),
            new Target("parsers of what gateways say", 60, GatewaySamples.All, ParseGateway),
        ];

    private int ParseStun(byte[] bytes)
    {
        var understood = 0;
        understood += Read(typeof(StunHeader), StunHeader.TryParse(bytes, out _));
        if (StunMessage.TryParse(bytes, out var message))
        {
            understood += Read(typeof(StunMessage), isUnderstood: true);
            _ = message.VerifyIntegrity(bytes);
        }

        understood += Read(typeof(PeerConnection), PeerConnection.TryReadStunUfrag(bytes, out _));
        for (var at = StunHeader.Size; at + 4 <= bytes.Length; )
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2));
            var value = bytes.AsSpan(at + 4, Math.Min(length, bytes.Length - at - 4));
            understood += Read(typeof(XorMappedAddress), XorMappedAddress.TryParse(value, default, out _));
            at += 4 + ((value.Length + 3) & ~3);
        }

        if (StunServerMessage.TryParse(bytes, out var answer))
        {
            understood += Read(typeof(StunServerMessage), isUnderstood: true);
            _ = answer.VerifyIntegrity(bytes) | answer.VerifySha256(bytes);
            var credentials = new LongTermCredentials("name", "password");
            understood += Read(typeof(LongTermCredentials), credentials.TryTake(answer));
        }

        var stream = new TurnStreamReader();
        for (var at = 0; at < bytes.Length && !stream.IsBroken; at += 7)
        {
            stream.Append(bytes.AsSpan(at, Math.Min(7, bytes.Length - at)));
            while (stream.TryTake(out _))
            {
                understood += Read(typeof(TurnStreamReader), isUnderstood: true);
            }
        }

        return understood;
    }

    private int ParseDtls(byte[] bytes)
    {
        var understood = 0;
        ReadOnlySpan<byte> rest = bytes;
        while (RecordHeader.TryParse(rest, out var record))
        {
            understood += Read(typeof(RecordHeader), isUnderstood: true);
            var body = rest.Slice(RecordHeader.Size, record.Length);
            rest = rest[(RecordHeader.Size + record.Length)..];
            understood += Read(typeof(Alert), Alert.TryParse(body, out _));
            while (HandshakeHeader.TryParse(body, out var header))
            {
                understood += Read(typeof(HandshakeHeader), isUnderstood: true);
                understood += ParseMessages(body.Slice(HandshakeHeader.Size, header.FragmentLength));
                body = body[(HandshakeHeader.Size + header.FragmentLength)..];
            }
        }

        understood += ParseMessages(bytes);
        understood += Read(typeof(UseSrtp), UseSrtp.TryParse(bytes, out _));
        var extensions = new SpanReader(bytes);
        understood += Read(
            typeof(HelloExtensions),
            HelloExtensions.TryParse(ref extensions, isServerHello: false, out _)
        );
        return understood;
    }

    private int ParseMessages(ReadOnlySpan<byte> body)
    {
        var understood = 0;
        understood += Read(typeof(ClientHello), ClientHello.TryParse(body, out _));
        understood += Read(typeof(ServerHello), ServerHello.TryParse(body, out _));
        understood += Read(typeof(HelloVerifyRequest), HelloVerifyRequest.TryParse(body, out _));
        understood += Read(typeof(CertificateMessage), CertificateMessage.TryParse(body, out _));
        understood += Read(typeof(ServerKeyExchange), ServerKeyExchange.TryParse(body, out _));
        understood += Read(typeof(CertificateRequest), CertificateRequest.TryParse(body, out _));
        understood += Read(typeof(ServerHelloDone), ServerHelloDone.TryParse(body, out _));
        understood += Read(typeof(ClientKeyExchange), ClientKeyExchange.TryParse(body, out _));
        understood += Read(typeof(CertificateVerify), CertificateVerify.TryParse(body, out _));
        understood += Read(typeof(Finished), Finished.TryParse(body, out _));
        return understood;
    }

    private int ParseCertificate(byte[] bytes)
    {
        if (!PeerCertificate.TryLoad(bytes, out var certificate))
        {
            return 0;
        }

        using (certificate)
        {
            foreach (var scheme in PeerCertificate.Schemes)
            {
                certificate.Verifies(scheme, "message"u8, bytes.AsSpan(bytes.Length / 2));
            }
        }

        return Read(typeof(PeerCertificate), isUnderstood: true);
    }

    private int ParseSctp(byte[] bytes)
    {
        var understood = 0;
        understood += Read(typeof(CommonHeader), CommonHeader.TryParse(bytes, out _));
        if (bytes.Length < CommonHeader.Size)
        {
            return understood;
        }

        var reader = new ChunkReader(bytes.AsSpan(CommonHeader.Size));
        while (reader.TryRead(out _, out var chunk))
        {
            understood += Read(typeof(ChunkHeader), isUnderstood: true);
            if (DataChunk.TryParse(chunk, out var data))
            {
                understood += Read(typeof(DataChunk), isUnderstood: true);
                understood += Read(typeof(DcepOpen), DcepOpen.TryParse(data.Payload, out _));
            }

            if (InitChunk.TryParse(chunk, out _, out var parameters))
            {
                understood += Read(typeof(InitChunk), isUnderstood: true);
                understood += Read(
                    typeof(InitParameters),
                    InitParameters.Read(parameters).Cookie is not null
                );
            }

            understood += Read(typeof(SackChunk), SackChunk.TryParse(chunk, out _));
            understood += Read(typeof(ForwardTsnChunk), ForwardTsnChunk.TryParse(chunk, out _));
            understood += Read(typeof(ShutdownChunk), ShutdownChunk.TryParse(chunk, out _));
            understood += Read(typeof(ErrorChunk), ErrorChunk.TryParseFirst(chunk, out _));
            if (ReconfigurationChunk.TryParse(chunk, out var reconfiguration))
            {
                understood += Read(typeof(ReconfigurationChunk), isUnderstood: true);
                understood += ParseReset(reconfiguration.First);
                understood += ParseReset(reconfiguration.Second);
            }
        }
        return understood;
    }

    private int ParseReset(ReadOnlySpan<byte> parameter) =>
        Read(typeof(OutgoingResetRequest), OutgoingResetRequest.TryParse(parameter, out _))
        + Read(typeof(ReconfigurationResponse), ReconfigurationResponse.TryParse(parameter, out _));

    private int ParseSdp(byte[] bytes)
    {
        var understood = 0;
        var text = Encoding.Latin1.GetString(bytes);
        understood += Read(typeof(SdpDocument), SdpDocument.TryParse(text, out _, out _));
        foreach (var line in text.Split('\n'))
        {
            understood += Read(typeof(SdpCandidate), SdpCandidate.TryParse(line, out _, out _));
            foreach (var word in line.Split(' ', ':'))
            {
                understood += Read(typeof(SdpNumber), SdpNumber.TryParse(word, out _));
            }
        }

        return understood;
    }

    private int ParseGateway(byte[] bytes)
    {
        var gateway = FakeGateway.Gateway;
        var understood = 0;
        understood += Read(typeof(PcpMap), PcpMap.TryParse(bytes, GatewaySamples.Nonce, out _));
        understood += Read(typeof(NatPmpAnswer), NatPmpAnswer.TryParse(bytes, out _));
        understood += Read(typeof(PcpAnnouncement), PcpAnnouncement.TryParse(bytes, out _));
        understood += Read(typeof(SsdpAnswer), SsdpAnswer.TryParse(bytes, gateway, out _));
        understood += Read(typeof(IgdAnswer), IgdAnswer.TryParse(500, bytes, out _));
        understood += Read(
            typeof(IgdDescription),
            IgdDescription.TryParse(bytes, GatewaySamples.Location, gateway, out _)
        );
        return understood;
    }

    private int Read(Type type, bool isUnderstood)
    {
        _understood[type] = _understood.GetValueOrDefault(type) + (isUnderstood ? 1 : 0);
        return isUnderstood ? 1 : 0;
    }

    private sealed class Target(
        string name,
        int share,
        IReadOnlyList<byte[]> samples,
        Func<byte[], int> parse
    ) : IMutationTarget
    {
        public string Name => name;

        public int Share => share;

        public long Understood { get; private set; }

        public void Prepare(Mutator mutator) { } // a parser has no state

        public int Take(Mutator mutator)
        {
            Understood += parse(mutator.Mutate(samples));
            return 0;
        }
    }
}
