using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Extensions;
using PeerChat.WebRtc.Dtls.Messages;
using Shouldly;
using Xunit;
using Step = PeerChat.WebRtc.Tests.Dtls.Handcraft.Step;

namespace PeerChat.WebRtc.Tests.Dtls;

/// <summary>Servers that our client must leave.</summary>
public sealed class ServerRefusalTests
{
    private static readonly HelloExtensions Plain = new() { ExtendedMasterSecret = true };

    [Fact]
    public void A_server_that_copied_the_announced_certificate_but_lacks_its_key() =>
        ClientAfter(Replace(Step.ServerKeyExchange, Step.ForeignServerKeyExchange))
            .ShouldBe(DtlsCloseReason.BadSignature);

    [Fact]
    public void A_server_whose_Finished_does_not_match() =>
        ClientAfter(Replace(Step.Finished, Step.WrongFinished)).ShouldBe(DtlsCloseReason.BadFinished);

    [Fact]
    public void A_server_without_certificate() =>
        ClientAfter(Replace(Step.Certificate, Step.EmptyCertificate))
            .ShouldBe(DtlsCloseReason.CertificateRefused);

    [Fact]
    public void A_server_that_wants_no_client_certificate() =>
        ClientAfter([.. Handcraft.ServerScript.Where(step => step != Step.CertificateRequest)])
            .ShouldBe(DtlsCloseReason.UnexpectedMessage);

    [Fact]
    public void A_server_hello_that_does_not_fit_the_offer()
    {
        Answer(Plain).ShouldBeNull();
        Answer(new HelloExtensions()).ShouldBe(DtlsCloseReason.NegotiationFailed);
        Answer(Plain, version: DtlsVersion.Dtls10).ShouldBe(DtlsCloseReason.NegotiationFailed);
        Answer(Plain, version: 0xFEFC).ShouldBe(DtlsCloseReason.NegotiationFailed);
        Answer(Plain, suite: 0xCCA9).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain, compression: 1).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain with { Groups = [23] }).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain with { PointFormats = [1] }).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain with { RenegotiatedConnection = [1] }).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain with { UseSrtp = new UseSrtp([8], []) }).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain with { UseSrtp = new UseSrtp([7, 1], []) }).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain with { UseSrtp = new UseSrtp([7], [1]) }).ShouldBe(DtlsCloseReason.IllegalMessage);
        Answer(Plain with { UseSrtp = new UseSrtp([1], []) }).ShouldBeNull();
    }

    [Fact]
    public void Our_server_echoes_one_SRTP_profile_and_an_empty_renegotiation_info_only_when_asked()
    {
        var all = new HelloExtensions
        {
            SignatureSchemes = [0x0403],
            ExtendedMasterSecret = true,
            UseSrtp = new UseSrtp([8, 1, 7], []),
            RenegotiatedConnection = [],
            PointFormats = [0],
        };
        var answer = OurAnswer(all);
        answer.UseSrtp!.Profiles.ShouldBe([(ushort)1]);
        answer.UseSrtp.Mki.ShouldBeEmpty();
        answer.RenegotiatedConnection.ShouldBe([]);
        answer.PointFormats.ShouldBe([(byte)0]);
        answer.ExtendedMasterSecret.ShouldBeTrue();

        var bare = OurAnswer(new() { SignatureSchemes = [0x0403], ExtendedMasterSecret = true });
        bare.ShouldBe(Plain);
        OurAnswer(Plain with { SignatureSchemes = [0x0403], UseSrtp = new UseSrtp([8], []) })
            .UseSrtp.ShouldBeNull();
        OurAnswer(Plain with { SignatureSchemes = [0x0403] }, CipherSuite.EmptyRenegotiationInfoScsv)
            .RenegotiatedConnection.ShouldBe([]);
    }

    [Theory]
    [InlineData(new ushort[] { 0xC02B, 0xC02C }, 0xC02C)]
    [InlineData(new ushort[] { 0x1301, 0xCCA9, 0xC02B }, 0xC02B)]
    [InlineData(new ushort[] { 0xC02F, 0xCCA9 }, null)]
    public void Our_server_prefers_AES_256_and_uses_only_suites_for_its_own_key(
        ushort[] offer,
        int? chosen
    ) => ((int?)CipherSuite.Select(offer)?.Id).ShouldBe(chosen);

    private static Step[] Replace(Step old, Step with) =>
        [.. Handcraft.ServerScript.Select(step => step == old ? with : step)];

    private static DtlsCloseReason? ClientAfter(Step[] script)
    {
        var entropy = new SeededEntropy(1);
        using var ours = DtlsCertificate.Create(entropy);
        using var theirs = DtlsCertificate.Create(entropy);
        using var connection = new DtlsConnection(true, ours, theirs.Sha256, entropy);
        using var server = new Handcraft(isClient: false, theirs);
        var client = new DtlsPair.Side(connection);
        connection.Start(Instant.Origin, null);
        server.Play(script, client, Instant.Origin);
        client.Drain();
        client.IsConnected.ShouldBeFalse();
        return client.CloseReason;
    }

    private static DtlsCloseReason? Answer(
        HelloExtensions extensions,
        ushort version = DtlsVersion.Dtls12,
        ushort suite = 0xC02B,
        byte compression = 0
    )
    {
        using var pair = new DtlsPair();
        pair.Client.Connection.Start(Instant.Origin, null);
        var hello = new ServerHello(version, new byte[32], [], suite, compression, extensions);
        pair.Client.Connection.HandleDatagram(Instant.Origin, Record(HandshakeMessage.Encode(hello, 0)));
        pair.Client.Drain();
        return pair.Client.CloseReason;
    }

    private static HelloExtensions OurAnswer(HelloExtensions offer, ushort extraSuite = 0xC02C)
    {
        using var pair = new DtlsPair();
        pair.Server.Connection.Start(Instant.Origin, null);
        var hello = new ClientHello(DtlsVersion.Dtls12, new byte[32], [], [], [0xC02B, extraSuite], offer);
        pair.Server.Connection.HandleDatagram(Instant.Origin, Record(HandshakeMessage.Encode(hello, 0)));
        var answer = pair.Server.Drain().ShouldHaveSingleItem();
        RecordHeader.TryParse(answer, out var record).ShouldBeTrue();
        var message = answer.AsSpan(RecordHeader.Size, record.Length);
        ServerHello.TryParse(HandshakeMessage.BodyOf(message), out var parsed).ShouldBeTrue();
        return parsed.Extensions;
    }

    private static byte[] Record(byte[] body)
    {
        var record = new byte[RecordHeader.Size + body.Length];
        new RecordHeader(ContentType.Handshake, DtlsVersion.Dtls12, 0, 7, (ushort)body.Length).Write(record);
        body.CopyTo(record, RecordHeader.Size);
        return record;
    }
}
