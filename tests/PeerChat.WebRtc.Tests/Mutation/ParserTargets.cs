using System.Text;
using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Messages;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sdp;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>Every parser of the stack, as a function of bytes.</summary>
internal static class ParserTargets
{
    /// <summary>One target per layer.</summary>
    public static IEnumerable<IMutationTarget> Of(Captures captures) =>
        [
            new Target("STUN parsers", 150, captures.Stun, ParseStun),
            new Target("DTLS parsers", 200, captures.Dtls, ParseDtls),
            new Target("SCTP and DCEP parsers", 250, captures.Sctp, ParseSctp),
            new Target("SDP parsers", 100, captures.Sdp, ParseSdp),
        ];

    private static int ParseStun(byte[] bytes)
    {
        var understood = 0;
        understood += Read(StunMessage.TryParse(bytes, out _));
        understood += Read(PeerConnection.TryReadStunUfrag(bytes, out _));
        understood += Read(XorMappedAddress.TryParse(bytes, default, out _));
        return understood;
    }

    private static int ParseDtls(byte[] bytes)
    {
        var understood = 0;
        ReadOnlySpan<byte> rest = bytes;
        while (RecordHeader.TryParse(rest, out var record))
        {
            var body = rest.Slice(RecordHeader.Size, record.Length);
            rest = rest[(RecordHeader.Size + record.Length)..];
            understood += Read(Alert.TryParse(body, out _));
            while (HandshakeHeader.TryParse(body, out var header))
            {
                understood += ParseMessages(body.Slice(HandshakeHeader.Size, header.FragmentLength));
                body = body[(HandshakeHeader.Size + header.FragmentLength)..];
            }
        }

        understood += ParseMessages(bytes);
        return understood;
    }

    private static int ParseMessages(ReadOnlySpan<byte> body)
    {
        var understood = 0;
        understood += Read(ClientHello.TryParse(body, out _));
        understood += Read(ServerHello.TryParse(body, out _));
        understood += Read(HelloVerifyRequest.TryParse(body, out _));
        understood += Read(CertificateMessage.TryParse(body, out _));
        understood += Read(ServerKeyExchange.TryParse(body, out _));
        understood += Read(CertificateRequest.TryParse(body, out _));
        understood += Read(ServerHelloDone.TryParse(body, out _));
        understood += Read(ClientKeyExchange.TryParse(body, out _));
        understood += Read(CertificateVerify.TryParse(body, out _));
        understood += Read(Finished.TryParse(body, out _));
        return understood;
    }

    private static int ParseSctp(byte[] bytes)
    {
        var understood = 0;
        understood += Read(CommonHeader.TryParse(bytes, out _));
        if (bytes.Length < CommonHeader.Size)
        {
            return understood;
        }

        var reader = new ChunkReader(bytes.AsSpan(CommonHeader.Size));
        while (reader.TryRead(out _, out var chunk))
        {
            if (DataChunk.TryParse(chunk, out var data))
            {
                understood += Read(DcepOpen.TryParse(data.Payload, out _));
            }

            if (InitChunk.TryParse(chunk, out _, out var parameters))
            {
                WebRtc.Sctp.InitParameters.Read(parameters);
            }

            understood += Read(SackChunk.TryParse(chunk, out _));
            understood += Read(ForwardTsnChunk.TryParse(chunk, out _));
            understood += Read(ShutdownChunk.TryParse(chunk, out _));
            understood += Read(ErrorChunk.TryParseFirst(chunk, out _));
            if (ReconfigurationChunk.TryParse(chunk, out _))
            {
                understood += Read(OutgoingResetRequest.TryParse(chunk[ChunkHeader.Size..], out _));
                understood += Read(ReconfigurationResponse.TryParse(chunk[ChunkHeader.Size..], out _));
            }
        }
        return understood;
    }

    private static int ParseSdp(byte[] bytes)
    {
        var understood = 0;
        var text = Encoding.Latin1.GetString(bytes);
        understood += Read(SdpDocument.TryParse(text, out _, out _));
        foreach (var line in text.Split('\n'))
        {
            understood += Read(SdpCandidate.TryParse(line, out _, out _));
        }
        return understood;
    }

    private static int Read(bool isUnderstood) => isUnderstood ? 1 : 0;

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
