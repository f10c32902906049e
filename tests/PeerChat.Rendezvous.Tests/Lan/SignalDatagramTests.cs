using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Rendezvous.Lan;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Lan;

public sealed class SignalDatagramTests
{
    private static readonly byte[] Tag =
    [
        .. Enumerable.Range(1, SignalDatagram.TagSize).Select(i => (byte)i),
    ];

    [Theory]
    [InlineData(SignalKind.Offer, "ボブ", 2200)]
    [InlineData(SignalKind.Offer, null, 1)]
    [InlineData(SignalKind.Answer, null, 1088)]
    [InlineData(SignalKind.Open, null, 0)]
    public void Comes_back_as_it_went(SignalKind kind, string? name, int blobSize)
    {
        var blob = Enumerable.Range(0, blobSize).Select(i => (byte)(i & 0xFF)).ToArray();

        var bytes = new SignalDatagram(kind, Tag, name, blob).ToArray();

        SignalDatagram.TryParse(bytes, out var read).ShouldBeTrue();
        read.Kind.ShouldBe(kind);
        read.Tag.ToArray().ShouldBe(Tag);
        read.DiallerName.ShouldBe(name);
        read.Blob.ToArray().ShouldBe(blob);
    }

    [Fact]
    public void Stands_byte_for_byte_as_drawn()
    {
        var bytes = new SignalDatagram(SignalKind.Offer, Tag, "al", new byte[] { 0xAA }).ToArray();

        Convert
            .ToHexString(bytes)
            .ShouldBe("D7504353" + "01" + "01" + Convert.ToHexString(Tag) + "02616C" + "0001AA");
    }

    [Fact]
    public void Its_first_byte_is_none_that_RFC_7983_gives_away() =>
        new SignalDatagram(SignalKind.Open, Tag, null, default)
            .ToArray()[0]
            .ShouldBeInRange((byte)192, (byte)255);

    [Fact]
    public void The_largest_stays_within_its_limit()
    {
        var name = new string('n', SignalDatagram.MaxNameSize);
        var blob = new byte[SignalDatagram.MaxBlobSize];

        var bytes = new SignalDatagram(SignalKind.Offer, Tag, name, blob).ToArray();

        bytes.Length.ShouldBeLessThanOrEqualTo(SignalDatagram.MaxSize);
        SignalDatagram.TryParse(bytes, out _).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_to_write_what_nobody_would_read()
    {
        Invalid(new SignalDatagram(SignalKind.Offer, Tag, null, default));
        Invalid(new SignalDatagram(SignalKind.Answer, Tag, "x", new byte[1]));
        Invalid(new SignalDatagram(SignalKind.Open, Tag, null, new byte[1]));
        Invalid(new SignalDatagram(SignalKind.Offer, Tag.AsMemory(1), null, new byte[1]));
        Invalid(new SignalDatagram(SignalKind.Offer, Tag, new string('n', 129), new byte[1]));
        Invalid(new SignalDatagram(SignalKind.Offer, Tag, "\e[2J", new byte[1]));
        Invalid(new SignalDatagram(SignalKind.Offer, Tag, null, new byte[SignalDatagram.MaxBlobSize + 1]));
        Invalid(new SignalDatagram((SignalKind)9, Tag, null, new byte[1]));

        static void Invalid(SignalDatagram datagram) =>
            Should.Throw<InvalidOperationException>(() => datagram.ToArray());
    }

    [Fact]
    public void Refuses_every_cut_and_every_addition()
    {
        var bytes = new SignalDatagram(SignalKind.Offer, Tag, "al", new byte[40]).ToArray();

        for (var length = 0; length < bytes.Length; length++)
        {
            SignalDatagram.TryParse(bytes.AsSpan(0, length), out _).ShouldBeFalse($"cut to {length}");
        }

        SignalDatagram.TryParse([.. bytes, 0], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 0xD8)] // magic
    [InlineData(4, 2)] // version
    [InlineData(5, 0)] // kind
    [InlineData(5, 2)] // an answer with a name
    [InlineData(27, 0x07)] // a control character in the name
    [InlineData(27, 0xFF)] // no UTF-8
    public void Refuses_a_wrong_byte(int at, byte value)
    {
        var bytes = new SignalDatagram(SignalKind.Offer, Tag, "al", new byte[40]).ToArray();
        bytes[at] = value;

        SignalDatagram.TryParse(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void No_input_makes_the_parser_throw() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                byte[] likely = [.. "\u00d7PCS"u8[1..], .. bytes];
                likely[0] = SignalDatagram.FirstByte;
                var parsed =
                    SignalDatagram.TryParse(likely, out var d) || SignalDatagram.TryParse(bytes, out d);
                return !parsed || Encoding.UTF8.GetByteCount(d.DiallerName ?? "") <= 128;
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_read_of_a_mutated_datagram_comes_back_as_it_was(int seed)
    {
        List<byte[]> samples =
        [
            new SignalDatagram(SignalKind.Offer, Tag, "ボブ", new byte[300]).ToArray(),
            new SignalDatagram(SignalKind.Answer, Tag, null, new byte[50]).ToArray(),
            new SignalDatagram(SignalKind.Open, Tag, null, default).ToArray(),
        ];
        var mutator = new Mutator(seed);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = mutator.Mutate(samples);
            if (SignalDatagram.TryParse(bytes, out var d))
            {
                read++;
                new SignalDatagram(d.Kind, d.Tag.ToArray(), d.DiallerName, d.Blob).ToArray().ShouldBe(bytes);
            }
        }

        read.ShouldBeGreaterThan(100);
    }
}
