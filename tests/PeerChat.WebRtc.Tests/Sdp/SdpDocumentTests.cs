using PeerChat.WebRtc.Sdp;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sdp;

public sealed class SdpDocumentTests
{
    private static readonly byte[] Fingerprint = Convert.FromHexString(
        SdpSamples.ChromiumFingerprint.Replace(":", "", StringComparison.Ordinal)
    );

    private static SdpDocument Read(string text)
    {
        SdpDocument.TryParse(text, out var document, out var reason).ShouldBeTrue(reason);
        return document!;
    }

    private static string Refuse(string text)
    {
        SdpDocument.TryParse(text, out var document, out var reason).ShouldBeFalse();
        document.ShouldBeNull();
        return reason.ShouldNotBeNull();
    }

    private static string Change(string what, string into)
    {
        SdpSamples.Chromium.ShouldContain(what);
        return SdpSamples.Chromium.Replace(what, into, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_an_offer_of_Chromium()
    {
        var document = Read(SdpSamples.Chromium);
        var description = document.Description;
        description.Ufrag.ShouldBe("QQDb");
        description.Password.ShouldBe("GyZcpF42UYRornypxOxaaoGN");
        description.FingerprintSha256.ShouldBe(Fingerprint);
        description.Setup.ShouldBe(DtlsSetup.ActPass);
        description.MaxMessageSize.ShouldBe(262_144);
        description.SctpPort.ShouldBe((ushort)5000);
        description.Candidates.ShouldBe([
            new IceCandidate(
                IceCandidateType.Host,
                Addresses.Of("192.0.2.2:51865"),
                2_113_937_151,
                "1131481579"
            ),
            new IceCandidate(
                IceCandidateType.Host,
                Addresses.Of("[fd00::2]:51562"),
                2_113_942_271,
                "2283259915"
            ),
        ]);
        document.Sections.ShouldHaveSingleItem().Mid.ShouldBe("0");
        document.IgnoredCandidates.ShouldBe(0);
        document.IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void Reads_what_Firefox_says_for_the_whole_session()
    {
        var document = Read(SdpSamples.Firefox);
        document.Description.FingerprintSha256.ShouldBe(Fingerprint);
        document.Description.Setup.ShouldBe(DtlsSetup.Active);
        document.Description.MaxMessageSize.ShouldBe(1_073_741_823);
        var candidate = document.Description.Candidates.ShouldHaveSingleItem();
        candidate.Type.ShouldBe(IceCandidateType.ServerReflexive);
        candidate.Address.ShouldBe(Addresses.Of("198.51.100.7:55150"));
        document.HostNameCandidates.ShouldHaveSingleItem().Port.ShouldBe((ushort)55150);
        document.IgnoredCandidates.ShouldBe(1); // TCP
        document.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Takes_the_section_of_the_data_channels_and_rejects_the_others_in_their_place()
    {
        var offer = Read(SdpSamples.WithAudio);
        offer.Description.Ufrag.ShouldBe("WXYZ");
        offer.Description.Candidates.ShouldBeEmpty();
        offer.Description.FingerprintSha256.ShouldBe(Fingerprint);
        offer.Description.SctpPort.ShouldBe((ushort)5001);
        offer.Description.MaxMessageSize.ShouldBe(65_536); // RFC 8841: when nothing is said
        var answer = SdpDocument.WriteAnswer(Read(SdpSamples.Firefox).Description, offer);
        answer.ShouldContain("a=group:BUNDLE data\r\n");
        answer.ShouldContain("m=audio 0 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:sound\r\nm=app");
        answer.ShouldContain("\r\na=mid:data\r\na=ice-ufrag:b3a19c0d\r\n");
        Read(answer).Sections.Count.ShouldBe(2);
    }

    [Fact]
    public void Answers_the_form_before_RFC_8841_in_that_form()
    {
        var offer = Read(SdpSamples.Old);
        var answer = SdpDocument.WriteAnswer(offer.Description with { SctpPort = 5003 }, offer);
        answer.ShouldContain("m=application 9 DTLS/SCTP 5003\r\n");
        answer.ShouldContain("a=sctpmap:5003 webrtc-datachannel 65535\r\n");
        answer.ShouldNotContain("BUNDLE"); // it was not offered
        Read(answer).Description.SctpPort.ShouldBe((ushort)5003);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        foreach (var sample in new[] { SdpSamples.Chromium, SdpSamples.Firefox, SdpSamples.WithAudio })
        {
            var document = Read(sample);
            Read(SdpDocument.WriteOffer(document.Description)).Description.ShouldBe(document.Description);
            Read(SdpDocument.WriteAnswer(document.Description, document))
                .Description.ShouldBe(document.Description);
        }
    }

    [Fact]
    public void Writes_an_offer_as_the_standards_want_it()
    {
        var written = SdpDocument.WriteOffer(Read(SdpSamples.Chromium).Description);
        written
            .Split("\r\n")
            .ShouldBe([
                "v=0",
                "o=- 5998193794875704846 1 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0",
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                "c=IN IP4 0.0.0.0",
                "a=mid:0",
                "a=ice-ufrag:QQDb",
                "a=ice-pwd:GyZcpF42UYRornypxOxaaoGN",
                "a=ice-options:trickle",
                $"a=fingerprint:sha-256 {SdpSamples.ChromiumFingerprint}",
                "a=setup:actpass",
                "a=sctp-port:5000",
                "a=max-message-size:262144",
                "a=candidate:1131481579 1 udp 2113937151 192.0.2.2 51865 typ host",
                "a=candidate:2283259915 1 udp 2113942271 fd00::2 51562 typ host",
                "",
            ]);
    }

    [Fact]
    public void Does_without_carriage_returns_a_last_line_end_and_spaces()
    {
        var plain = SdpSamples.Chromium.Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n');
        Read(plain).Description.ShouldBe(Read(SdpSamples.Chromium).Description);
        Read(Change("a=sctp-port:5000", "a=sctp-port: 5000 ")).Description.SctpPort.ShouldBe((ushort)5000);
        Read(Change("a=mid:0\r\n", "a=mid:0\r\n\r\n")).Sections.ShouldHaveSingleItem();
    }

    [Fact]
    public void Says_what_is_wrong()
    {
        Refuse("").ShouldContain("empty");
        Refuse("{\"type\":\"offer\"}").ShouldContain("version");
        Refuse(Change("v=0", "v=1")).ShouldContain("version");
        Refuse(Change("s=-", "subject")).ShouldContain("letter");
        Refuse(Change("m=application 51865", "m=application 0")).ShouldContain("no section");
        Refuse(Change("m=application 51865", "m=application 65536")).ShouldContain("begin");
        Refuse(Change("webrtc-datachannel", "")).ShouldContain("begin");
        Refuse(Change("webrtc-datachannel", "other")).ShouldContain("no section");
        Refuse(Change("a=setup:actpass", "a=setup:holdconn")).ShouldContain("who starts DTLS");
        Refuse(Change("a=setup:actpass", "a=x")).ShouldContain("who starts DTLS");
        Refuse(Change("sha-256 53", "sha-1 53")).ShouldContain("fingerprint");
        Refuse(Change("53:3D", "533D:")).ShouldContain("fingerprint");
        Refuse(Change("53:3D:", "")).ShouldContain("fingerprint");
        Refuse(Change("ufrag:QQDb", "ufrag:QQD")).ShouldContain("user name");
        Refuse(Change("a=ice-pwd:Gy", "a=x:")).ShouldContain("password");
        Refuse(Change("sctp-port:5000", "sctp-port:0")).ShouldContain("SCTP port");
        Refuse(Change("sctp-port:5000", "sctp-port:65536")).ShouldContain("SCTP port");
        Refuse(Change("size:262144", "size:-1")).ShouldContain("message size");
        Refuse(Change("a=mid:0", "a=ice-lite")).ShouldContain("lite");
    }

    [Fact]
    public void Never_joins_the_fragment_of_a_section_with_the_password_of_the_session()
    {
        var text = Change("a=ice-pwd:GyZcpF42UYRornypxOxaaoGN\r\n", "")
            .Replace(
                "t=0 0\r\n",
                "t=0 0\r\na=ice-pwd:GyZcpF42UYRornypxOxaaoGN\r\n",
                StringComparison.Ordinal
            );
        Refuse(text).ShouldContain("password");
    }

    [Fact]
    public void A_message_size_beyond_ours_is_the_largest_number_and_zero_stays_any()
    {
        Read(Change("size:262144", "size:18446744073709551615"))
            .Description.MaxMessageSize.ShouldBe(int.MaxValue);
        Read(Change("size:262144", "size:0")).Description.MaxMessageSize.ShouldBe(0);
        Refuse(Change("size:262144", "size:18446744073709551616")).ShouldContain("message size");
    }

    [Fact]
    public void A_tag_that_is_none_is_not_repeated()
    {
        var offer = Read(Change("a=mid:0", "a=mid:0\ra=setup:x"));
        offer.Sections.ShouldHaveSingleItem().Mid.ShouldBeNull();
        SdpDocument.WriteAnswer(offer.Description, offer).ShouldNotContain("a=mid");
        Read(Change("a=mid:0", $"a=mid:{new string('m', SdpLimits.MaxMidLength)}"))
            .Sections[0]
            .Mid.ShouldNotBeNull();
        Read(Change("a=mid:0", $"a=mid:{new string('m', SdpLimits.MaxMidLength + 1)}"))
            .Sections[0]
            .Mid.ShouldBeNull();
    }

    [Fact]
    public void Keeps_to_its_limits()
    {
        var at = SdpSamples.Chromium.Split("\r\n").Length - 1;
        string With(int count, string line) =>
            SdpSamples.Chromium + string.Concat(Enumerable.Repeat(line + "\r\n", count));

        Read(With(SdpLimits.MaxLines - at, "a=x"));
        Refuse(With(SdpLimits.MaxLines - at + 1, "a=x")).ShouldContain("too many lines");
        Read(With(1, "a=" + new string('x', SdpLimits.MaxLineLength - 2)));
        Refuse(With(1, "a=" + new string('x', SdpLimits.MaxLineLength - 1)))
            .ShouldContain("line of the SDP is too long");
        Refuse(new string('v', SdpLimits.MaxLength + 1)).ShouldContain("SDP is too long");
        Refuse(new string('v', SdpLimits.MaxLength)).ShouldNotContain("too long, ");
        Read(With(SdpLimits.MaxSections - 1, "m=audio 9 UDP/TLS/RTP/SAVPF 0"));
        Refuse(With(SdpLimits.MaxSections, "m=audio 9 UDP/TLS/RTP/SAVPF 0"))
            .ShouldContain("too many sections");

        var host = Read(With(SessionDescription.MaxCandidates, "a=candidate:1 1 udp 1 192.0.2.1 1 typ host"));
        host.Description.Candidates.Count.ShouldBe(SessionDescription.MaxCandidates);
        host.IgnoredCandidates.ShouldBe(2);
        var names = Read(With(SdpLimits.MaxHostNames + 1, "a=candidate:1 1 udp 1 a.local 1 typ host"));
        names.HostNameCandidates.Count.ShouldBe(SdpLimits.MaxHostNames);
        names.IgnoredCandidates.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_changed_text_throws_and_what_is_taken_can_be_answered(int seed)
    {
        var random = new Random(seed);
        string[] samples = [SdpSamples.Chromium, SdpSamples.Firefox, SdpSamples.WithAudio, SdpSamples.Old];
        string[] pieces =
        [
            "\r\n",
            "\n",
            "\r",
            ":",
            "=",
            " ",
            "a=",
            "m=",
            "0",
            "99999999999999999999",
            "\0",
            "é",
            "/",
            "\u2028",
        ];
        var taken = 0;
        for (var i = 0; i < 5000; i++)
        {
            var text = samples[random.Next(samples.Length)];
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var from = random.Next(text.Length);
                var length = random.Next(Math.Min(40, text.Length - from));
                text = random.Next(3) switch
                {
                    0 => text.Remove(from, length),
                    1 => text.Insert(from, pieces[random.Next(pieces.Length)]),
                    _ => text.Insert(random.Next(text.Length), text.Substring(from, length)),
                };
            }

            if (SdpDocument.TryParse(text, out var document, out _))
            {
                taken++;
                var answer = SdpDocument.WriteAnswer(document.Description, document);
                Read(answer).Description.ShouldBe(document.Description);
                Read(answer).Sections.Count.ShouldBe(document.Sections.Count);
            }
        }

        taken.ShouldBeGreaterThan(500); // most changes hit what does not matter
    }
}
