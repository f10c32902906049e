using PeerChat.Rendezvous.Lan.Dns;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Lan.Dns;

public sealed class DnsNameTests
{
    // RFC 1035 section 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64 and the root at 92.
    private static readonly byte[] Rfc1035Example = MakeRfc1035Example();

    [Theory]
    [InlineData(20, "F.ISI.ARPA.", 32)]
    [InlineData(40, "FOO.F.ISI.ARPA.", 46)]
    [InlineData(64, "ARPA.", 66)]
    [InlineData(92, "", 93)]
    public void Reads_the_compressed_names_of_RFC_1035_section_4_1_4(int at, string text, int end)
    {
        DnsName.TryRead(Rfc1035Example, ref at, out var name).ShouldBeTrue();

        name.ToString().ShouldBe(text);
        at.ShouldBe(end);
    }

    [Fact]
    public void Compares_without_regard_to_ascii_case_only()
    {
        DnsName.FromLabels("Ä", "Local").ShouldBe(DnsName.FromLabels("Ä", "LOCAL"));
        DnsName.FromLabels("Ä").ShouldNotBe(DnsName.FromLabels("ä"));
        DnsName.FromLabels("LOCAL").GetHashCode().ShouldBe(DnsName.FromLabels("local").GetHashCode());
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x00 })] // to itself
    [InlineData(new byte[] { 0xC0, 0x02, 0xC0, 0x00 })] // forward
    [InlineData(new byte[] { 0x01, 0x61, 0xC0, 0x00 })] // back into its own run: a loop with growth
    [InlineData(new byte[] { 0xC0 })]
    [InlineData(new byte[] { 0x03, 0x61, 0x62 })]
    [InlineData(new byte[] { 0x01, 0x61 })]
    [InlineData(new byte[] { 0x40, 0x61, 0x00 })] // reserved label kind
    [InlineData(new byte[] { 0x80, 0x61, 0x00 })]
    [InlineData(new byte[] { })]
    public void Refuses_loops_and_broken_names(byte[] bytes)
    {
        var position = 0;

        DnsName.TryRead(bytes, ref position, out _).ShouldBeFalse();
    }

    [Fact]
    public void Follows_sixteen_pointers_and_no_more()
    {
        // "a." at 0, then a chain in which each pointer leads to the one before.
        byte[] bytes = [1, (byte)'a', 0, .. Enumerable.Range(0, 20).SelectMany(Hop)];

        var sixteenth = 3 + (2 * 15);
        var seventeenth = 3 + (2 * 16);
        DnsName.TryRead(bytes, ref sixteenth, out _).ShouldBeTrue();
        DnsName.TryRead(bytes, ref seventeenth, out _).ShouldBeFalse();

        static byte[] Hop(int i) => [0xC0, (byte)(i == 0 ? 0 : 3 + (2 * (i - 1)))];
    }

    [Fact]
    public void Refuses_a_name_of_more_than_255_bytes()
    {
        byte[] label = [63, .. Enumerable.Repeat((byte)'a', 63)];
        byte[] fits = [.. label, .. label, .. label, 61, .. label[1..62], 0];
        byte[] tooLong = [.. label, .. label, .. label, 62, .. label[1..63], 0];
        var first = 0;
        var second = 0;

        fits.Length.ShouldBe(255);
        DnsName.TryRead(fits, ref first, out _).ShouldBeTrue();
        DnsName.TryRead(tooLong, ref second, out _).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_labels_that_do_not_fit()
    {
        Should.Throw<ArgumentException>(() => DnsName.FromLabels(new string('a', 64)));
        Should.Throw<ArgumentException>(() => DnsName.FromLabels(""));
        Should.Throw<ArgumentException>(() => DnsName.FromLabels([.. Enumerable.Repeat("abcdefg", 40)]));
    }

    [Fact]
    public void Knows_its_parent()
    {
        var parent = DnsName.FromLabels("_peerchat", "_udp", "local");

        DnsName.FromLabels("x", "_PEERCHAT", "_udp", "local").IsChildOf(parent).ShouldBeTrue();
        DnsName.FromLabels("x", "y", "_peerchat", "_udp", "local").IsChildOf(parent).ShouldBeFalse();
        parent.IsChildOf(parent).ShouldBeFalse();
    }

    private static byte[] MakeRfc1035Example()
    {
        var message = new byte[93];
        "\u0001F\u0003ISI\u0004ARPA\0"u8.CopyTo(message.AsSpan(20));
        "\u0003FOO"u8.CopyTo(message.AsSpan(40));
        message[44] = 0xC0;
        message[45] = 20;
        message[64] = 0xC0;
        message[65] = 26;
        return message;
    }
}
