using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rendezvous.Lan.Dns;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Lan;

public sealed class LanTxtTests
{
    private const string Id = "00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(24)]
    public void Comes_back_as_it_went(int tagCount)
    {
        var tags = Enumerable
            .Range(0, tagCount)
            .Select(i => Enumerable.Repeat((byte)i, 20).ToArray())
            .ToList();
        var bytes = new LanTxt(Id, "Łucja 花子", "peer-1", tags).ToArray();

        LanTxt.TryParse(bytes, out var read).ShouldBeTrue();

        read.InstanceId.ShouldBe(Id);
        read.Name.ShouldBe("Łucja 花子");
        read.PeerId.ShouldBe("peer-1");
        read.Tags.Select(Convert.ToHexString).ShouldBe(tags.Select(Convert.ToHexString));
    }

    [Fact]
    public void Begins_with_the_version_as_RFC_6763_section_6_7_asks() =>
        new LanTxt(Id, null, null, []).ToArray().ShouldBe(Strings("txtvers=1", "v=1", "i=" + Id));

    [Fact]
    public void The_largest_fits_the_limit()
    {
        var tags = Enumerable.Repeat(new byte[20], LanAnnouncement.MaxTags).ToList();
        var name = new string('n', LanName.MaxSize);
        var id = new string('p', LanAnnouncement.MaxPeerIdLength);

        new LanTxt(Id, name, id, tags).ToArray().Length.ShouldBeLessThan(DnsRecord.MaxTextSize);
    }

    [Fact]
    public void Of_two_strings_with_one_key_the_first_counts_and_keys_have_no_case()
    {
        LanTxt
            .TryParse(Strings("TXTVERS=1", "v=1", "I=" + Id, "n=one", "N=two"), out var read)
            .ShouldBeTrue();

        read.Name.ShouldBe("one");
    }

    [Fact]
    public void A_bad_name_or_id_counts_as_none()
    {
        LanTxt
            .TryParse(Strings("txtvers=1", "v=1", "i=" + Id, "n=\e[2J", "id=a b"), out var read)
            .ShouldBeTrue();

        read.Name.ShouldBeNull();
        read.PeerId.ShouldBeNull();
    }

    [Fact]
    public void Tags_of_the_wrong_length_are_left_out()
    {
        LanTxt.TryParse(Strings("txtvers=1", "v=1", "i=" + Id, "t=short"), out var read).ShouldBeTrue();

        read.Tags.ShouldBeEmpty();
    }

    [Fact]
    public void Refuses_other_versions_and_other_instances()
    {
        LanTxt.TryParse(Strings("txtvers=2", "v=1", "i=" + Id), out _).ShouldBeFalse();
        LanTxt.TryParse(Strings("txtvers=1", "v=2", "i=" + Id), out _).ShouldBeFalse();
        LanTxt.TryParse(Strings("txtvers=1", "v=1"), out _).ShouldBeFalse();
        LanTxt.TryParse(Strings("txtvers=1", "v=1", "i=alice"), out _).ShouldBeFalse();
        LanTxt.TryParse([9, 1], out _).ShouldBeFalse();
    }

    [Fact]
    public void No_input_makes_the_parser_throw() =>
        Prop.ForAll<byte[]>(bytes =>
                !LanTxt.TryParse([.. Strings("txtvers=1", "v=1", "i=" + Id), .. bytes], out var txt)
                || string.Equals(txt.InstanceId, Id, StringComparison.Ordinal)
            )
            .QuickCheckThrowOnFailure();

    private static byte[] Strings(params string[] strings) =>
        [.. strings.Select(Encoding.UTF8.GetBytes).SelectMany(s => (byte[])[(byte)s.Length, .. s])];
}
