using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Host;

public sealed class PtyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Gives_the_program_a_controlling_terminal_of_the_size_asked()
    {
        Assert.SkipUnless(Pty.IsSupported, "no pseudo-terminals here");
        using var pty = Pty.Start(
            "sh",
            ["-c", "stty size </dev/tty; tty; read line; echo got:$line; exit 7"],
            91,
            17
        );

        pty.ReadUntilText("17 91", Patience).ShouldBeTrue(pty.OutputText);
        pty.ReadUntilText("/dev/pts/", Patience).ShouldBeTrue(pty.OutputText);
        pty.Write("hello\n");
        pty.ReadUntilText("got:hello", Patience).ShouldBeTrue(pty.OutputText);
        pty.WaitForExit(Patience).ShouldBeTrue();
        pty.ExitCode.ShouldBe(7);
    }

    [Fact]
    public void Tells_the_program_of_another_size()
    {
        Assert.SkipUnless(Pty.IsSupported, "no pseudo-terminals here");
        using var pty = Pty.Start(
            "sh",
            ["-c", "trap 'stty size' WINCH; echo ready; while :; do read x; done"]
        );

        pty.ReadUntilText("ready", Patience).ShouldBeTrue();
        pty.Resize(40, 10);
        pty.Write("\n");
        pty.ReadUntilText("10 40", Patience).ShouldBeTrue(pty.OutputText);
    }

    [Fact]
    public void Hanging_up_ends_the_program()
    {
        Assert.SkipUnless(Pty.IsSupported, "no pseudo-terminals here");
        using var pty = Pty.Start("sh", ["-c", "echo ready; exec cat"]);

        pty.ReadUntilText("ready", Patience).ShouldBeTrue();
        pty.HangUp();
        pty.WaitForExit(Patience).ShouldBeTrue();
        pty.ExitCode.ShouldBe(129);
    }
}
