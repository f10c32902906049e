using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>Screens that come and go while the node goes on: real processes on pseudo-terminals.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DetachTests : IDisposable
{
    private const string CtrlBracket = "\u001d";

    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        // A node in the background outlives its test otherwise
        PeerChatProgram.Run(_homes.Of("alice"), "daemon", "--stop");
        _homes.Dispose();
    }

    [Fact]
    public void A_screen_that_runs_the_node_detaches_and_comes_back_to_everything()
    {
        using var bob = Screen("bob", "--join", _homes.Name("alice"));
        using (var alice = Screen("alice", "--join", _homes.Name("bob")))
        {
            alice.WaitFor("connected");
            alice.Enter("before it");
            bob.WaitFor("before it");
            alice.Type("half a thought");
            alice.WaitFor("half a thought");

            alice.Type(CtrlBracket);

            alice.WaitForExit().ShouldBe(0, alice.Screen);
            alice.IsFullScreen.ShouldBeFalse();
            alice.Words.ShouldContain("You are still online: process");
            alice.Words.ShouldContain("'peerchat attach' brings the screen back");
        }

        bob.WaitFor("connected");
        bob.Enter("nobody looks at this");
        bob.WaitFor("+ ");
        using (var again = Screen("alice"))
        {
            foreach (var text in new[] { "before it", "nobody looks at this", "half a thought", "attached" })
            {
                again.WaitFor(text);
                again.Count(text).ShouldBe(1, again.Screen);
            }

            again.Type("\u0015"); // the rest of the line
            again.Enter("/detach");
            again.WaitForExit().ShouldBe(0);
            again.Words.ShouldContain("You are still online");
        }

        Run("alice", "status").ShouldContain(_homes.Name("alice"));
        Run("alice", "daemon", "--stop");
        PeerChatProgram.Run(_homes.Of("alice"), "status").Code.ShouldBe(3);
        bob.Count("before it").ShouldBe(1, bob.Screen);
        bob.Enter("/quit");
        bob.WaitForExit().ShouldBe(0);
        bob.Words.ShouldContain("You are offline now");
    }

    [Fact]
    public void Two_screens_on_one_node_stay_in_step_and_quitting_one_leaves_the_node()
    {
        using var daemon = Daemon();
        using var first = Screen("alice");
        using var second = TerminalSession.Start(_homes.Of("alice"), 40, 10, "attach");
        first.WaitFor("attached");
        second.WaitFor("attached");
        using var bob = Screen("bob", "--join", _homes.Name("alice"));
        first.WaitFor("[y] accept");
        second.WaitFor("asks to chat. [y]");

        first.Type("y");

        second.WaitFor(words => !words.Contains("asks to chat. [y]"), "the answer of the other");
        second.Enter("/join " + _homes.Name("bob")); // opens the new chat, whether this screen has been told of it by now or not
        second.WaitFor("connected");
        first.Enter("from the first");
        second.WaitFor("from the first");
        second.Enter("from the second");
        first.WaitFor("from the second");
        bob.WaitFor("from the second");
        second.Enter("/quit");
        second.WaitForExit().ShouldBe(0);
        second.Words.ShouldContain($"You are still online: process {daemon.Id} runs the node.");
        first.Enter("/undo");
        first.WaitFor("is no contact any more");
        first.Enter("/requests");
        first.WaitFor("Nobody asks to chat.");
        Run("alice", "status").ShouldContain("Attached: screen");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dropped_line_leaves_the_daemon_running_and_the_draft_comes_back(bool isClosed)
    {
        using var daemon = Daemon();
        Run("alice", "send", "--room", "notes", "a first note", "--wait", "queued");
        using (var screen = Screen("alice"))
        {
            screen.WaitFor("a first note");
            screen.Type("not sent yet");
            screen.WaitFor("not sent yet");
            if (isClosed)
            {
                screen.HangUp();
            }
            else
            {
                screen.Signal(1);
                screen.WaitForExit();
            }

            screen.ExitCode.ShouldBe(129);
        }

        using var again = Screen("alice");
        again.WaitFor("not sent yet");
        again.WaitFor("a first note");
        Run("alice", "status").ShouldContain($"{daemon.Id}");
    }

    [Fact]
    public void A_screen_whose_node_is_killed_runs_it_itself_and_says_so()
    {
        using var daemon = Daemon();
        Run("alice", "send", "--room", "notes", "a first note", "--wait", "queued");
        using var screen = Screen("alice");
        screen.WaitFor("a first note");
        screen.WaitFor("attached");

        daemon.Kill();

        screen.WaitFor(words => !words.Contains("attached"), "its own node");
        screen.Enter("after the crash");
        screen.WaitFor("after the crash");
        screen.Type("\u001b0"); // its own pane
        screen.WaitFor("This process runs the node now: your presence ends with it");
        screen.Enter("/quit");
        screen.WaitForExit().ShouldBe(0);
        screen.Words.ShouldContain("You are offline now");
        Run("alice", "history", "--room", "notes")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Length.ShouldBe(2);
    }

    private TerminalSession Screen(string user, params string[] more) =>
        TerminalSession.Start(_homes.Of(user), 110, 30, ["--user", _homes.Name(user), .. more]);

    private PeerChatProgram Daemon()
    {
        var daemon = PeerChatProgram.Start(_homes.Of("alice"), "daemon", "--user", _homes.Name("alice"));
        daemon.WaitForErrors("is online");
        return daemon;
    }

    private string Run(string user, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(user), arguments);
        code.ShouldBe(0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }
}
