using System.Text.RegularExpressions;
using PeerChat.Pictures;
using PeerChat.Tui.Output;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Output;

public sealed class PictureTextTests
{
    [Fact]
    public void Half_blocks_name_a_colour_only_where_it_changes() =>
        PictureText
            .HalfBlocks(new Picture(2, 3, [.. Red, .. Red, .. Blue, .. Blue, .. Red, .. Clear]))
            .ShouldBe("\e[38;2;255;0;0m\e[48;2;0;0;255m▀▀\e[0m\n" + "\e[38;2;255;0;0m\e[49m▀\e[39m \e[0m\n");

    [Fact]
    public void A_lower_half_alone_leaves_the_upper_to_the_terminal() =>
        PictureText
            .HalfBlocks(new Picture(1, 2, [.. Clear, .. Blue]))
            .ShouldBe("\e[38;2;0;0;255m\e[49m▄\e[0m\n");

    [Fact]
    public void Kitty_gets_the_pixels_in_pieces_of_4096_characters()
    {
        var picture = new Picture(40, 40, [.. Enumerable.Range(0, 40 * 40 * 4).Select(at => (byte)at)]);
        var text = PictureText.Kitty(picture);
        text.ShouldStartWith("\e_Ga=T,f=32,s=40,v=40,q=2,m=1;");
        var pieces = Regex.Matches(
            text,
            "m=(?<more>[01]);(?<data>[^\e]*)\e\\\\",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(10)
        );
        pieces.Select(piece => piece.Groups["more"].Value).ShouldBe(["1", "1", "0"]);
        pieces.ShouldAllBe(piece => piece.Groups["data"].Length <= 4096);
        Convert
            .FromBase64String(string.Concat(pieces.Select(piece => piece.Groups["data"].Value)))
            .ShouldBe(picture.Pixels.ToArray());
    }

    [Fact]
    public void Sixels_have_a_bit_for_each_of_six_rows()
    {
        // Red, blue, red above each other: bits 1 and 4 of red, 2 of blue; five columns of it
        var pixels = new List<byte>();
        foreach (var row in (byte[][])[Red, Blue, Red])
        {
            for (var x = 0; x < 5; x++)
            {
                pixels.AddRange(row);
            }
        }

        var text = PictureText.Sixel(new Picture(5, 3, [.. pixels]));
        text.ShouldStartWith("\eP0;1;0q\"1;1;5;3#0;2;0;0;0");
        text.ShouldEndWith("#5!5A$#180!5D$-\e\\\n");
    }

    private static byte[] Red => [255, 0, 0, 255];

    private static byte[] Blue => [0, 0, 255, 255];

    private static byte[] Clear => [0, 0, 0, 0];
}
