using PeerChat.Tui.Commands;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class FilePreviewTests : IDisposable
{
    // One red pixel
    private static readonly byte[] Gif =
    [
        .. "GIF89a"u8,
        1,
        0,
        1,
        0,
        0x80,
        0,
        0,
        255,
        0,
        0,
        0,
        0,
        0,
        0x2C,
        0,
        0,
        0,
        0,
        1,
        0,
        1,
        0,
        0,
        2,
        2,
        0x44,
        1,
        0,
        0x3B,
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-preview-");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("TERM", "xterm-256color", "half")]
    [InlineData("TERM", "xterm-kitty", "kitty")]
    [InlineData("TERM_PROGRAM", "WezTerm", "kitty")]
    [InlineData("TERM", "foot-extra", "sixel")]
    [InlineData("TERM", "screen-256color", "half")]
    public void The_environment_says_how_the_terminal_can_draw(string name, string value, string way) =>
        FilePreview.WayOf(variable => variable == name ? value : null).ShouldBe(way);

    [Fact]
    public void Within_tmux_half_blocks_are_drawn_whatever_the_terminal_is() =>
        FilePreview.WayOf(variable => variable is "TMUX" or "KITTY_WINDOW_ID" ? "1" : null).ShouldBe("half");

    [Fact]
    public void A_picture_is_drawn_in_its_colours() =>
        FilePreview.Draw(Write(Gif), "auto", _ => null, 80, 24).ShouldBe("\e[38;2;255;0;0m\e[49m▀\e[0m\n");

    [Fact]
    public void What_is_no_picture_is_said_in_a_sentence()
    {
        var path = Write("hello"u8.ToArray());
        Should
            .Throw<CommandFailedException>(() => FilePreview.Draw(path, "half", _ => null, 80, 24))
            .Message.ShouldBe(
                $"{path} is no PNG, JPEG or GIF, so it cannot be shown here; open it with another program."
            );
    }

    private string Write(byte[] content)
    {
        var path = Path.Combine(_folder.FullName, "picture");
        File.WriteAllBytes(path, content);
        return path;
    }
}
