using PeerChat.Tui.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Terminals;

/// <summary>The full screen over OpenSSH, and a line that drops. Needs root, iproute2 and openssh-server.</summary>
[Collection(nameof(ScreenCollection))]
public sealed class SshTests : IDisposable
{
    /// <summary>An SSH packet that carries one key or what it draws: 36 to 44 bytes, and the window's adjustments now and then.</summary>
    private const int MaxBytesAKey = 100;

    private const int HangUp = 1;

    private readonly TestHosts _hosts = TestHosts.Create();
    private readonly string _name = "sam-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..6];

    /// <inheritdoc/>
    public void Dispose() => _hosts.Dispose();

    [Fact]
    public void Over_ssh_a_key_costs_a_packet_and_after_the_line_dropped_the_draft_is_there()
    {
        var server = SshServer.Start(_hosts, _hosts.AddHost("line"));
        using (var screen = Screen(server))
        {
            screen.WaitFor("#notes:");
            screen.IsFullScreen.ShouldBeTrue();
            screen.Enter("before the line dropped");
            screen.WaitFor("1 queued");
            MeasureKeys(screen, server, "written on a train ");
            screen.Type("日本語");
            screen.WaitFor("written on a train 日本語");

            screen.Kill(); // the client is gone as with a machine that sleeps; the server sees the connection end

            SshServer.WaitUntilGone(_name);
        }

        using var again = Screen(server);
        again.WaitFor("written on a train 日本語");
        again.WaitFor("before the line dropped");
        again.Resize(53, 20);
        again.WaitUntil(
            () => again.Screen.Split('\n')[^1].Contains("written on a train", StringComparison.Ordinal),
            "the input line in the last row of the new size"
        );
        again.Type("\u0003");
        again.Enter("/quit");
        again.WaitForExit().ShouldBe(0, again.Screen);
        again.IsFullScreen.ShouldBeFalse();
        again.UnknownSequences.ShouldBeEmpty();
    }

    [Fact]
    public void A_client_that_hangs_up_takes_the_program_behind_the_line_with_it()
    {
        var server = SshServer.Start(_hosts, _hosts.AddHost("line"));
        using var screen = Screen(server);
        screen.WaitFor("#notes:");
        screen.Type("half a thought");
        screen.WaitFor("half a thought");

        screen.Type("\u001a"); // no shell is there to come back to
        screen.WaitFor("half a thought");
        screen.Signal(HangUp);
        screen.WaitForExit().ShouldNotBe(0);
        SshServer.WaitUntilGone(_name);
    }

    private static void MeasureKeys(TerminalSession screen, SshServer server, string text)
    {
        var (sent, received) = server.Transferred();
        var before = screen.Written.Length;
        for (var i = 1; i <= text.Length; i++)
        {
            screen.Type(text[(i - 1)..i]);
            screen.WaitFor(words => words.EndsWith(text[..i].TrimEnd(), StringComparison.Ordinal), text[..i]);
        }

        var after = server.Transferred();
        (screen.Written.Length - before).ShouldBeLessThanOrEqualTo(4 * text.Length, screen.Screen);
        (after.Sent - sent).ShouldBeInRange(text.Length, MaxBytesAKey * text.Length);
        (after.Received - received).ShouldBeInRange(text.Length, MaxBytesAKey * text.Length);
    }

    private TerminalSession Screen(SshServer server) =>
        server.Open(_hosts.Home("sam"), 80, 24, "--user", _name, "--room", "notes");
}
