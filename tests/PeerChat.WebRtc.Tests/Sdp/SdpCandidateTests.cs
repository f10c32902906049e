using PeerChat.WebRtc.Sdp;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sdp;

public sealed class SdpCandidateTests
{
    private static IceCandidate? Read(string text) =>
        SdpCandidate.TryParse(text, out var candidate, out _) ? candidate : null;

    [Theory]
    [InlineData(
        "candidate:1 1 udp 2113937151 192.0.2.2 51865 typ host generation 0 ufrag abcd network-cost 999"
    )]
    [InlineData("a=candidate:1 1 UDP 2113937151 192.0.2.2 51865 typ host")]
    [InlineData("candidate:1  1 udp 2113937151  192.0.2.2 51865 typ host ")]
    public void Reads_what_browsers_write(string text) =>
        Read(text)
            .ShouldBe(
                new IceCandidate(IceCandidateType.Host, Addresses.Of("192.0.2.2:51865"), 2_113_937_151, "1")
            );

    [Theory]
    [InlineData("")] // Firefox: no more candidates
    [InlineData("candidate:")]
    [InlineData("candidate:1 2 udp 1 192.0.2.2 1 typ host")]
    [InlineData("candidate:1 1 tcp 1 192.0.2.2 9 typ host tcptype active")]
    [InlineData("candidate:1 1 udp 0 192.0.2.2 1 typ host")]
    [InlineData("candidate:1 1 udp 2147483648 192.0.2.2 1 typ host")]
    [InlineData("candidate:1 1 udp +1 192.0.2.2 1 typ host")]
    [InlineData("candidate:1 1 udp 1 192.0.2.2 0 typ host")]
    [InlineData("candidate:1 1 udp 1 192.0.2.2 65536 typ host")]
    [InlineData("candidate:1 1 udp 1 192.0.2.2 1 typ other")]
    [InlineData("candidate:1 1 udp 1 192.0.2.2 1 host")]
    [InlineData("candidate:1 1 udp 1 192.0.2 1 typ host")]
    [InlineData("candidate:1 1 udp 1 1 1 typ host")]
    [InlineData("candidate:1 1 udp 1 192.0.02.2 1 typ host")]
    [InlineData("candidate:1 1 udp 1 0x7f.0.0.1 1 typ host")]
    [InlineData("candidate:1 1 udp 1 fe80::1%eth0 1 typ host")]
    [InlineData("candidate:1 1 udp 1 [fd00::1] 1 typ host")]
    [InlineData("candidate:1 1 udp 1 fd00::1/64 1 typ host")]
    [InlineData("candidate:1 1 udp 1 example.org 1 typ host")]
    [InlineData("candidate:1 1 udp 1 a.b.local 1 typ host")]
    [InlineData("candidate:1 1 udp 1 .local 1 typ host")]
    [InlineData("candidate:1-1 1 udp 1 192.0.2.2 1 typ host")]
    [InlineData("candidate:1-1 1 udp 1 a.local 1 typ host")]
    [InlineData("candidate:123456789012345678901234567890123 1 udp 1 192.0.2.2 1 typ host")]
    public void Leaves_out_what_is_no_use(string text)
    {
        SdpCandidate.TryParse(text, out var candidate, out var hostName).ShouldBeFalse();
        candidate.ShouldBeNull();
        hostName.ShouldBeNull();
    }

    [Fact]
    public void Keeps_a_name_of_multicast_DNS_aside()
    {
        var name = new string('a', 63) + ".local";
        SdpCandidate
            .TryParse($"candidate:7 1 udp 5 {name} 9 typ host", out var candidate, out var hostName)
            .ShouldBeTrue();
        candidate.ShouldBeNull();
        hostName.ShouldBe(new SdpHostNameCandidate(name, 9, IceCandidateType.Host, 5, "7"));
        SdpCandidate.TryParse($"candidate:7 1 udp 5 a{name} 9 typ host", out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(IceCandidateType.Host, "192.0.2.2:5", "candidate:f 1 udp 7 192.0.2.2 5 typ host")]
    [InlineData(
        IceCandidateType.ServerReflexive,
        "192.0.2.2:5",
        "candidate:f 1 udp 7 192.0.2.2 5 typ srflx raddr 0.0.0.0 rport 9"
    )]
    [InlineData(
        IceCandidateType.PeerReflexive,
        "192.0.2.2:5",
        "candidate:f 1 udp 7 192.0.2.2 5 typ prflx raddr 0.0.0.0 rport 9"
    )]
    [InlineData(
        IceCandidateType.Relayed,
        "[fd00::1]:5",
        "candidate:f 1 udp 7 fd00::1 5 typ relay raddr :: rport 9"
    )]
    public void What_is_written_is_read(IceCandidateType type, string address, string text)
    {
        var candidate = new IceCandidate(type, Addresses.Of(address), 7, "f");
        SdpCandidate.Write(candidate).ShouldBe(text);
        Read(text).ShouldBe(candidate);
    }

    [Fact]
    public void A_zone_stays_at_home() =>
        SdpCandidate
            .Write(new IceCandidate(IceCandidateType.Host, Addresses.Of("[fe80::1%3]:5"), 7, "f"))
            .ShouldBe("candidate:f 1 udp 7 fe80::1 5 typ host");
}
