using System.IO.Compression;
using Shouldly;
using Xunit;

namespace PeerChat.Pictures.Tests;

/// <summary>Samples made by libjpeg-turbo's cjpeg and by netpbm; beside each what djpeg -nosmooth -dct float, pngtopam or giftopnm make of it.</summary>
public sealed class PictureDecoderTests
{
    private const int Width = 61;
    private const int Height = 43;

    public static TheoryData<string, int> Samples() =>
        new()
        {
            { "base.png", 0 },
            { "adam7.png", 0 },
            { "pal4.png", 0 },
            { "pal8adam7.png", 0 },
            { "gray2.png", 0 },
            { "pal.gif", 0 },
            { "inter.gif", 0 },
            { "pal200.gif", 0 },
            { "base420.jpg", 3 },
            { "rst422.jpg", 3 },
            { "gray.jpg", 2 },
            { "rgb.jpg", 2 },
            { "prog444.jpg", 3 },
            { "prog420.jpg", 3 },
        };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_pixel_is_what_others_make_of_it(string name, int tolerance)
    {
        var expected = Expected(name);
        PictureDecoder.TryDecode(Sample(name), Width, Height, out var picture, out _).ShouldBeTrue();
        (picture.Width, picture.Height).ShouldBe((Width, Height));
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var pixel = picture[x, y];
                var other = expected.AsSpan(((y * Width) + x) * 3, 3);
                pixel[3].ShouldBe(byte.MaxValue);
                for (var part = 0; part < 3; part++)
                {
                    Math.Abs(pixel[part] - other[part])
                        .ShouldBeLessThanOrEqualTo(tolerance, $"{name} at {x}, {y}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_small_picture_is_the_mean_of_the_large_one(string name, int tolerance)
    {
        _ = tolerance;
        PictureDecoder.TryDecode(Sample(name), 7, 7, out var picture, out _).ShouldBeTrue();
        (picture.Width, picture.Height).ShouldBe((7, 5));
        var expected = Expected(name);
        for (var part = 0; part < 3; part++)
        {
            var mean = 0;
            for (var at = part; at < expected.Length; at += 3)
            {
                mean += expected[at];
            }

            var ours = 0;
            for (var pixel = 0; pixel < 35; pixel++)
            {
                ours += picture[pixel % 7, pixel / 7][part];
            }

            Math.Abs((ours / 35) - (mean / (Width * Height))).ShouldBeLessThan(8, name);
        }
    }

    [Theory]
    [InlineData("base420.jpg", 15)]
    [InlineData("base420.jpg", 7)]
    [InlineData("base420.jpg", 3)]
    [InlineData("rst422.jpg", 15)]
    [InlineData("gray.jpg", 7)]
    [InlineData("rgb.jpg", 15)]
    [InlineData("prog444.jpg", 15)]
    [InlineData("prog444.jpg", 7)]
    [InlineData("prog420.jpg", 3)]
    public void At_a_half_a_quarter_and_an_eighth_each_pixel_is_near_the_mean_of_those_it_stands_for(
        string name,
        int side
    )
    {
        PictureDecoder.TryDecode(Sample(name), side, side, out var picture, out _).ShouldBeTrue();
        var expected = Expected(name);
        var apart = 0;
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                for (var part = 0; part < 3; part++)
                {
                    var (sum, count) = (0, 0);
                    for (
                        var row = y * Height / picture.Height;
                        row < (y + 1) * Height / picture.Height;
                        row++
                    )
                    {
                        for (
                            var column = x * Width / picture.Width;
                            column < (x + 1) * Width / picture.Width;
                            column++
                        )
                        {
                            sum += expected[(((row * Width) + column) * 3) + part];
                            count++;
                        }
                    }

                    apart += Math.Abs(picture[x, y][part] - (sum / count));
                }
            }
        }

        (apart / (picture.Width * picture.Height * 3)).ShouldBeLessThan(10, $"{name} at {side}");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_is_cut_off_or_damaged_never_ends_in_an_exception(string name, int seed)
    {
        var whole = Sample(name);
        var random = new Random(seed);
        for (var length = 0; length < whole.Length; length += 1 + (whole.Length / 400))
        {
            PictureDecoder.TryDecode(whole.AsMemory(0, length), 20, 20, out _, out _);
            PictureDecoder.TryDecode(whole.AsMemory(0, length), 5, 5, out _, out _);
        }

        for (var round = 0; round < 600; round++)
        {
            var mutant = whole.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            var side = round % 2 == 0 ? 20 : 5;
            if (PictureDecoder.TryDecode(mutant, side, side, out var picture, out _))
            {
                picture.Width.ShouldBeInRange(1, side);
                picture.Height.ShouldBeInRange(1, side);
            }
        }
    }

    [Theory]
    [InlineData("arith.jpg", PictureProblem.Unsupported)]
    [InlineData("base.png", PictureProblem.TooLarge)]
    [InlineData("adam7.png", PictureProblem.TooLarge)]
    [InlineData("base420.jpg", PictureProblem.TooLarge)]
    [InlineData("pal.gif", PictureProblem.TooLarge)]
    public void Says_why_there_is_nothing_to_show(string name, PictureProblem expected)
    {
        var file = Sample(name);
        if (expected == PictureProblem.TooLarge)
        {
            Enlarge(file, name);
        }

        PictureDecoder.TryDecode(file, 20, 20, out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(expected);
    }

    [Fact]
    public void What_is_no_picture_is_named_so()
    {
        PictureDecoder.TryDecode("%PDF-1.7"u8.ToArray(), 20, 20, out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(PictureProblem.UnknownFormat);
        PictureDecoder.TryDecode(default, 20, 20, out _, out problem).ShouldBeFalse();
        problem.ShouldBe(PictureProblem.UnknownFormat);
    }

    [Fact]
    public void A_bomb_of_scans_ends_at_the_limit()
    {
        var file = Sample("prog420.jpg");
        var scan = file.AsSpan().IndexOf<byte>([0xFF, 0xDA]);
        byte[] bomb =
        [
            .. file[..scan],
            .. Enumerable.Repeat(file[scan..^2], PictureLimits.MaxScans).SelectMany(one => one),
        ];
        PictureDecoder.TryDecode(bomb, 20, 20, out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(PictureProblem.TooLarge);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 60, 0)]
    [InlineData(3, 60, 42)]
    [InlineData(4, 0, 42)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 42, 0)]
    [InlineData(7, 42, 60)]
    [InlineData(8, 0, 60)]
    public void A_camera_that_was_turned_shows_the_picture_upright(int orientation, int x, int y)
    {
        var file = Sample("base420.jpg");
        byte[] exif =
        [
            0xFF,
            0xE1,
            0,
            34,
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
            (byte)orientation,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        PictureDecoder.TryDecode(file, 100, 100, out var upright, out _).ShouldBeTrue();
        byte[] turned = [.. file[..2], .. exif, .. file[2..]];
        PictureDecoder.TryDecode(turned, 100, 100, out var picture, out _).ShouldBeTrue();
        (picture.Width, picture.Height).ShouldBe(orientation >= 5 ? (Height, Width) : (Width, Height));
        picture[x, y].ToArray().ShouldBe(upright[0, 0].ToArray());
    }

    private static void Enlarge(byte[] file, string name)
    {
        // The place of width and height in each format
        var (at, count) = name switch
        {
            "pal.gif" => (file.AsSpan().LastIndexOf<byte>([0x2C, 0, 0, 0, 0]) + 5, 4),
            "base420.jpg" => (file.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 5, 4),
            _ => (17, 7),
        };
        file.AsSpan(at, count).Fill(0xFF);
    }

    private static byte[] Sample(string name) => File.ReadAllBytes(PathOf(name));

    private static byte[] Expected(string name)
    {
        using var packed = new GZipStream(
            File.OpenRead(PathOf(name + ".ppm.gz")),
            CompressionMode.Decompress
        );
        using var whole = new MemoryStream();
        packed.CopyTo(whole);
        return whole.ToArray()[^(Width * Height * 3)..];
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);
}
