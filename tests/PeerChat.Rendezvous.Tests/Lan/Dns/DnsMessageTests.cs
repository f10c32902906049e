using System.Net;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Lan.Dns;

public sealed class DnsMessageTests
{
    private static readonly DnsName Service = DnsName.FromLabels("_peerchat", "_udp", "local");
    private static readonly DnsName Instance = DnsName.FromLabels("abc", "_peerchat", "_udp", "local");
    private static readonly DnsName Host = DnsName.FromLabels("host", "local");

    [Fact]
    public void Writes_a_query_byte_for_byte()
    {
        var writer = new DnsMessageWriter();
        writer.TryAdd(new DnsQuestion(Host, DnsType.A, UnicastResponse: true)).ShouldBeTrue();

        Convert
            .ToHexString(writer.Finish(flags: 0))
            .ShouldBe("000000000001000000000000" + "04686F7374056C6F63616C00" + "00018001");
    }

    [Fact]
    public void Compresses_every_name_that_stands_there_already()
    {
        var writer = new DnsMessageWriter();
        writer.TryAdd(DnsSection.Answer, DnsRecord.Pointer(Service, Instance, 4500)).ShouldBeTrue();
        writer.TryAdd(DnsSection.Additional, DnsRecord.Service(Instance, Host, 5000, 120)).ShouldBeTrue();

        var hex = Convert.ToHexString(writer.Finish(DnsMessage.ResponseFlag));

        // "abc" and a pointer to the service at 12; a pointer to the instance at 44; "host" and one to "local" at 27.
        hex.ShouldEndWith(
            "000C000100001194"
                + "0006"
                + "03616263C00C"
                + "C02C"
                + "0021800100000078"
                + "000D"
                + "000000001388"
                + "04686F7374C01B"
        );
    }

    [Fact]
    public void Leaves_hosts_of_SRV_records_whole_for_legacy_resolvers()
    {
        var writer = new DnsMessageWriter(compressService: false);
        writer.TryAdd(DnsSection.Answer, DnsRecord.Service(Instance, Host, 1, 10));

        Convert.ToHexString(writer.Finish(0)).ShouldEndWith("04686F7374056C6F63616C00");
    }

    [Fact]
    public void Reads_back_every_kind_of_record()
    {
        DnsRecord[] records =
        [
            DnsRecord.Pointer(Service, Instance, 4500),
            DnsRecord.Service(Instance, Host, 65535, 120),
            DnsRecord.Text(Instance, new byte[] { 3, (byte)'a', (byte)'=', 0xFF }, 4500),
            DnsRecord.Address(Host, new TransportAddress(IPAddress.Parse("192.0.2.1"), 0), 120),
            DnsRecord.Address(Host, new TransportAddress(IPAddress.Parse("2001:db8::1"), 0), 120),
            DnsRecord.OnlyTypes(Host, [DnsType.A, DnsType.Aaaa], 120),
        ];
        var writer = new DnsMessageWriter();
        foreach (var record in records)
        {
            writer.TryAdd(DnsSection.Answer, record).ShouldBeTrue();
        }

        DnsMessage.TryParse(writer.Finish(DnsMessage.ResponseFlag), out var message).ShouldBeTrue();

        message.IsResponse.ShouldBeTrue();
        message.Answers.Count.ShouldBe(records.Length);
        for (var i = 0; i < records.Length; i++)
        {
            message.Answers[i].SaysTheSameAs(records[i]).ShouldBeTrue($"record {i}");
            message.Answers[i].Ttl.ShouldBe(records[i].Ttl);
            message.Answers[i].CacheFlush.ShouldBe(records[i].Type != DnsType.Ptr);
        }
    }

    [Fact]
    public void Writes_the_bitmap_of_types_as_in_RFC_4034_section_4_1_2()
    {
        var record = DnsRecord.OnlyTypes(Host, [DnsType.A, DnsType.Aaaa], 120);

        // A is bit 1 of byte 0, AAAA (28) bit 4 of byte 3.
        record.Data.ToArray().ShouldBe([.. Host.Wire.Span, 0, 4, 0x40, 0, 0, 0x08]);
    }

    [Fact]
    public void A_record_that_does_not_fit_leaves_no_trace()
    {
        var writer = new DnsMessageWriter(maxSize: 60);
        writer.TryAdd(DnsSection.Answer, DnsRecord.Pointer(Service, Instance, 4500)).ShouldBeTrue();
        var before = writer.Finish(0);

        writer.TryAdd(DnsSection.Answer, DnsRecord.Service(Instance, Host, 1, 120)).ShouldBeFalse();

        writer.Finish(0).ShouldBe(before);
    }

    [Fact]
    public void Passes_over_records_of_other_types_classes_and_broken_content()
    {
        var name = Host.Wire.ToArray();
        byte[] datagram =
        [
            .. new byte[] { 0, 0, 0x84, 0, 0, 0, 0, 4, 0, 0, 0, 0 },
            .. name,
            .. new byte[] { 0, 99, 0, 1, 0, 0, 0, 9, 0, 1, 7 }, // unknown type
            .. name,
            .. new byte[] { 0, 1, 0, 3, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4 }, // class CHAOS
            .. name,
            .. new byte[] { 0, 1, 0, 1, 0, 0, 0, 9, 0, 3, 1, 2, 3 }, // three bytes of IPv4
            .. name,
            .. new byte[] { 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1 },
        ];

        DnsMessage.TryParse(datagram, out var message).ShouldBeTrue();

        message.Answers.ShouldHaveSingleItem().Data.ToArray().ShouldBe([192, 0, 2, 1]);
    }

    [Fact]
    public void A_pointer_in_the_content_may_not_reach_past_the_record()
    {
        // PTR whose content is a label that runs into the next record.
        byte[] datagram =
        [
            .. new byte[] { 0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0 },
            .. Service.Wire.Span,
            .. new byte[] { 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 5, (byte)'a' },
            .. "bcde\0"u8,
        ];

        DnsMessage.TryParse(datagram, out var message).ShouldBeTrue();
        message.Answers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0000780000000000000000")] // header cut short
    [InlineData("000078000000000000000000")] // another operation
    [InlineData("000084030000000000000000")] // error code
    [InlineData("000000000041000000000000")] // 65 questions
    [InlineData("000084000000010100000000")] // 257 records
    [InlineData("000000000001000000000000")] // announced and missing
    public void Refuses_what_is_no_plain_message(string hex) =>
        DnsMessage.TryParse(Convert.FromHexString(hex), out _).ShouldBeFalse();

    [Fact]
    public void Refuses_more_than_9000_bytes() =>
        DnsMessage.TryParse(new byte[DnsMessage.MaxSize + 1], out _).ShouldBeFalse();

    [Fact]
    public void A_TTL_with_the_highest_bit_counts_as_zero()
    {
        byte[] datagram =
        [
            .. new byte[] { 0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0 },
            .. Host.Wire.Span,
            .. new byte[] { 0, 1, 0, 1, 0x80, 0, 0, 9, 0, 4, 192, 0, 2, 1 },
        ];

        DnsMessage.TryParse(datagram, out var message).ShouldBeTrue();
        message.Answers[0].Ttl.ShouldBe(0u);
    }

    [Fact]
    public void A_bomb_of_pointers_costs_no_more_than_its_records()
    {
        // One name of 255 bytes, then 255 records that all point to it: the most that a message can blow up.
        byte[] label = [63, .. Enumerable.Repeat((byte)'a', 63)];
        byte[] name = [.. label, .. label, .. label, 61, .. label[1..62], 0];
        byte[] first = [.. name, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4];
        byte[] next = [0xC0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xC0, 12];
        byte[] datagram =
        [
            .. new byte[] { 0, 0, 0x84, 0, 0, 0, 1, 0, 0, 0, 0, 0 },
            .. first,
            .. Enumerable.Repeat(next, 255).SelectMany(b => b),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();

        DnsMessage.TryParse(datagram, out var message).ShouldBeTrue();

        message.Answers.Count.ShouldBe(256);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(512 * 1024);
    }

    [Fact]
    public void No_input_makes_the_parser_throw() =>
        Prop.ForAll<byte[]>(bytes =>
                !DnsMessage.TryParse(bytes, out var m) || m.Answers.Count <= DnsMessage.MaxRecords
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_damage_to_a_real_message_makes_the_parser_throw()
    {
        var writer = new DnsMessageWriter();
        writer.TryAdd(new DnsQuestion(Service, DnsType.Ptr));
        writer.TryAdd(DnsSection.Answer, DnsRecord.Pointer(Service, Instance, 4500));
        writer.TryAdd(DnsSection.Additional, DnsRecord.Service(Instance, Host, 1, 120));
        writer.TryAdd(DnsSection.Additional, DnsRecord.Text(Instance, new byte[40], 4500));
        var whole = writer.Finish(DnsMessage.ResponseFlag);
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = whole[..random.Next(whole.Length + 1)];
            for (var i = 0; i < 3 && damaged.Length > 0; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            if (DnsMessage.TryParse(damaged, out var message))
            {
                message.Questions.Count.ShouldBeLessThanOrEqualTo(DnsMessage.MaxQuestions);
            }
        }
    }
}
