using System.Buffers.Binary;
using System.Text;
using Shouldly;
using Xunit;

namespace PeerChat.Pictures.Tests;

public sealed class PictureMetadataTests
{
    private const string Secret = "GPS 48.2082 N 16.3738 E";

    [Theory]
    [InlineData("base420.jpg")]
    [InlineData("prog444.jpg")]
    [InlineData("rst422.jpg")]
    public void A_jpeg_loses_what_cameras_write_and_looks_the_same(string name)
    {
        var file = Sample(name);
        byte[] tagged =
        [
            .. file[..2],
            .. Segment(0xE1, [.. "Exif\0\0MM\0*"u8, .. Encoding.ASCII.GetBytes(Secret)]),
            .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.ASCII.GetBytes(Secret)]),
            .. Segment(0xED, Encoding.ASCII.GetBytes(Secret)),
            .. Segment(0xFE, Encoding.ASCII.GetBytes(Secret)),
            .. Segment(0xE2, [.. "MPF\0"u8, .. Encoding.ASCII.GetBytes(Secret)]),
            .. file[2..],
            .. Encoding.ASCII.GetBytes(Secret),
        ];
        var clean = PictureMetadata.Strip(tagged).ShouldNotBeNull();
        Encoding.Latin1.GetString(clean).ShouldNotContain("GPS");
        Pixels(clean).ShouldBe(Pixels(file));
    }

    [Fact]
    public void A_colour_profile_stays()
    {
        var file = Sample("base420.jpg");
        byte[] tagged =
        [
            .. file[..2],
            .. Segment(0xE2, "ICC_PROFILE\0\u0001\u0001abc"u8.ToArray()),
            .. file[2..],
        ];
        Encoding.Latin1.GetString(PictureMetadata.Strip(tagged)!).ShouldContain("ICC_PROFILE");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void Which_side_is_up_is_all_that_stays_of_exif(byte orientation)
    {
        var file = Sample("base420.jpg");
        byte[] exif =
        [
            .. "Exif\0\0MM\0*"u8,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            orientation,
            0,
            0,
            0,
            0,
            0,
            0,
            .. Encoding.ASCII.GetBytes(Secret),
        ];
        byte[] tagged = [.. file[..2], .. Segment(0xE1, exif), .. file[2..]];
        var clean = PictureMetadata.Strip(tagged).ShouldNotBeNull();
        Encoding.Latin1.GetString(clean).ShouldNotContain("GPS");
        Pixels(clean).ShouldBe(Pixels(tagged));
        PictureMetadata.Strip(clean).ShouldBe(clean);
    }

    [Theory]
    [InlineData("base.png")]
    [InlineData("pal4.png")]
    public void A_png_loses_its_texts_and_times(string name)
    {
        var file = Sample(name);
        var head = 8 + 25; // signature and header
        byte[] tagged =
        [
            .. file[..head],
            .. Chunk("tEXt", Secret),
            .. Chunk("eXIf", Secret),
            .. Chunk("iTXt", Secret),
            .. Chunk("zzZz", Secret),
            .. file[head..],
            .. Encoding.ASCII.GetBytes(Secret),
        ];
        var clean = PictureMetadata.Strip(tagged).ShouldNotBeNull();
        Encoding.Latin1.GetString(clean).ShouldNotContain("GPS");
        Pixels(clean).ShouldBe(Pixels(file));
    }

    [Theory]
    [InlineData("pal.gif")]
    [InlineData("inter.gif")]
    public void A_gif_loses_comments_and_what_programs_write(string name)
    {
        var file = Sample(name);
        var head = 13 + (3 << ((file[10] & 7) + 1));
        byte[] secret = [(byte)Secret.Length, .. Encoding.ASCII.GetBytes(Secret), 0];
        byte[] tagged =
        [
            .. file[..head],
            0x21,
            0xFE,
            .. secret,
            0x21,
            0xFF,
            11,
            .. "XMP DataXMP"u8,
            .. secret,
            .. file[head..],
            .. Encoding.ASCII.GetBytes(Secret),
        ];
        var clean = PictureMetadata.Strip(tagged).ShouldNotBeNull();
        Encoding.Latin1.GetString(clean).ShouldNotContain("GPS");
        Pixels(clean).ShouldBe(Pixels(file));
    }

    [Fact]
    public void What_has_nothing_to_lose_stays_as_it_is()
    {
        var clean = PictureMetadata.Strip(Sample("prog420.jpg"))!;
        PictureMetadata.Strip(clean).ShouldBe(clean);
    }

    [Theory]
    [InlineData("base420.jpg", 1)]
    [InlineData("base.png", 2)]
    [InlineData("pal.gif", 3)]
    public void Whatever_comes_is_cleaned_or_refused_and_never_throws(string name, int seed)
    {
        var random = new Random(seed);
        var whole = Sample(name);
        for (var round = 0; round < 3000; round++)
        {
            var mutant = whole[..random.Next(8, whole.Length + 1)];
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            if (PictureMetadata.Strip(mutant) is { } clean)
            {
                clean.Length.ShouldBeLessThanOrEqualTo(mutant.Length + 64);
            }
        }
    }

    private static byte[] Segment(byte marker, byte[] body)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(body.Length + 2));
        return [0xFF, marker, .. length, .. body];
    }

    private static byte[] Chunk(string type, string text)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(type), .. Encoding.ASCII.GetBytes(text), 0, 0, 0, 0];
    }

    private static byte[] Pixels(byte[] file)
    {
        PictureDecoder.TryDecode(file, 100, 100, out var picture, out _).ShouldBeTrue();
        return picture.Pixels.ToArray();
    }

    private static byte[] Sample(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Samples", name));
}
