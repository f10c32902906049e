using PeerChat.Tui.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Terminals;

/// <summary>
/// The full screen where only a machine of its own can take it: within two tmux, and without any network. Needs root, iproute2 and tmux.
/// </summary>
[Collection(nameof(ScreenCollection))]
public sealed class ScreenTests : IDisposable
{
    private const int Columns = 80;
    private const int Rows = 24;

    private readonly TestHosts _hosts = TestHosts.Create();
    private readonly string _name = "sam-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..6];

    /// <inheritdoc/>
    public void Dispose() => _hosts.Dispose();

    [Fact]
    public void Within_two_tmux_it_is_drawn_resized_and_taken_away_as_on_a_terminal()
    {
        // Two status lines, one of each tmux
        using var nest = new TmuxNest(_hosts.Home("sam"), Columns, Rows + 2, _name);
        nest.WaitFor("You are " + _name);
        nest.Type("draft 日本語 ");
        nest.WaitFor("> draft 日本語");
        nest.Type("\u001b0"); // Alt-0: one key to both tmux, not Escape and a digit
        nest.Type("and more");
        nest.WaitFor("> draft 日本語 and more");
        nest.Inner("#{alternate_on}").ShouldBe("1");
        nest.Inner("#{pane_title}").ShouldContain("PeerChat");

        nest.Resize(53, 20);
        nest.WaitUntil(
            () => nest.Inner("#{pane_width}x#{pane_height}") == "53x18",
            "the size of the inner pane"
        );
        nest.WaitFor("> draft 日本語 and more");
        nest.Resize(Columns, Rows + 2);
        nest.WaitUntil(
            () => nest.Inner("#{pane_width}x#{pane_height}") == $"{Columns}x{Rows}",
            "the old size"
        );
        nest.WaitFor("│");
        nest.WaitFor("> draft 日本語 and more");

        nest.Type("\u001b[200~pasted\nin two lines\u001b[201~");
        nest.WaitFor("in two lines");
        nest.Type("\u0003");
        nest.Type("/quit\r");
        nest.WaitFor("ended 0");
        nest.Inner("#{alternate_on}#{mouse_any_flag}#{cursor_flag}").ShouldBe("001");
    }

    [Fact]
    public void Without_any_network_it_opens_says_so_and_goes_on_by_itself_when_there_is_one()
    {
        var host = _hosts.AddHost("alone");
        TestHosts.Run("ip", "-n", host, "link", "set", "lo", "down"); // which keeps its address
        using var screen = TerminalSession.StartIn(
            _hosts.Home("sam"),
            Columns,
            Rows,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PEERCHAT_INTERFACES"] = null },
            "ip",
            ["netns", "exec", host, .. PeerChatProgram.Command, "--user", _name]
        );
        screen.WaitFor("No network is up that PeerChat may use");
        screen.IsFullScreen.ShouldBeTrue();
        screen.WaitFor("no network");
        screen.Enter("/room tunnel");
        screen.WaitFor("#tunnel:");
        screen.Enter("written without a network");
        screen.WaitFor("1 queued");

        TestHosts.Run("ip", "-n", host, "link", "set", "lo", "up");

        screen.WaitFor(words => !words.Contains("no network", StringComparison.Ordinal), "a network");
        screen.Type("\u001b0");
        screen.WaitFor("The network is up: lo.");
        screen.Enter("/quit");
        screen.WaitForExit().ShouldBe(0);
        screen.IsFullScreen.ShouldBeFalse();
    }
}
