using PeerChat.Tui.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>One profile, a process that runs its node, and five faces at once; then that process is killed.</summary>
public sealed class ManyFacesTests : ProcessTests
{
    private const int Questions = 30;

    [Fact]
    public void Two_screens_two_bots_and_scripts_share_a_profile_and_survive_the_death_of_its_owner()
    {
        SkipUnlessAsked();
        var (alice, bob) = (NameOf("echo"), NameOf("bob"));
        PeerChat("bob", null, "daemon", "--user", bob, "--accept-any").WaitFor(bob);
        var bobHears = PeerChat("bob", null, "listen", "--user", bob, "--json");
        var daemon = PeerChat("echo", null, "daemon", "--user", alice);
        daemon.WaitFor(alice);
        using var first = Screen("attach", "--user", alice);
        using var second = Screen("--user", alice);
        var echo = StartBot(alice);
        echo.WaitFor("runs in process");

        // Scripts beside open screens
        Send(alice, bob, "by a script", home: "echo");
        bobHears.WaitFor("by a script");
        first.WaitFor("by a script");
        second.WaitFor("by a script");
        var notify = Start(
            "echo",
            null,
            "sh",
            Example("notify.sh"),
            "--user",
            alice,
            bob,
            "echo",
            "built",
            "well"
        );
        bobHears.WaitFor("ok: echo built well");

        // Both screens in step, whoever writes
        first.Enter("typed on the first screen");
        second.WaitFor("typed on the first screen");
        second.Enter("typed on the second screen");
        first.WaitFor("typed on the second screen");
        bobHears.WaitFor("typed on the second screen");

        // In mid-work the owner dies
        var questions = string.Concat(
            Enumerable.Range(1, Questions).Select(number => $"question {number:00}\n")
        );
        var asking = PeerChat(
            "bob",
            questions,
            "send",
            "--user",
            bob,
            "--to",
            alice,
            "--lines",
            "--wait",
            "delivered",
            "--timeout",
            "2m"
        );
        bobHears.WaitFor("You said: question 05");
        daemon.Kill();
        asking.WaitForExit().ShouldBe(0, asking.Errors);
        for (var number = 1; number <= Questions; number++)
        {
            bobHears.WaitFor($"You said: question {number:00}");
        }

        // A daemon comes back and everybody is at it, without anybody having been told
        var again = PeerChat("echo", null, "daemon", "--user", alice);
        again.WaitFor(alice);
        var status = PeerChat("echo", "", "status", "--user", alice, "--json");
        status.WaitForExit().ShouldBe(0, status.Errors);
        first.Enter("typed after the crash");
        second.WaitFor("typed after the crash");
        bobHears.WaitFor("typed after the crash");
        Send(bob, alice, "again", home: "bob");
        bobHears.WaitUntil(output => output.Split("ok: echo built well").Length == 3, "The second build");
        Send(alice, bob, "the very last", home: "echo");
        first.WaitFor("the very last");
        second.WaitFor("the very last");
        bobHears.WaitFor("the very last");

        first.Count("You said: again").ShouldBe(1, first.Screen);
        second.Count("typed after the crash").ShouldBe(1, second.Screen);
        second.Enter("/quit");
        second.WaitForExit().ShouldBe(0);
        first.Type("\u001d"); // Ctrl-]
        first.WaitForExit().ShouldBe(0);
        echo.Terminate().ShouldBe(0, echo.Errors);
        notify.Output.ShouldBeEmpty();

        string[] expected =
        [
            "by a script",
            "typed on the first screen",
            "typed on the second screen",
            .. Enumerable.Range(1, Questions).Select(number => $"question {number:00}"),
            .. Enumerable.Range(1, Questions).Select(number => $"You said: question {number:00}"),
            "typed after the crash",
            "again",
            "You said: again",
            "the very last",
        ];
        foreach (var (home, user, other) in new[] { ("echo", alice, bob), ("bob", bob, alice) })
        {
            var history = PeerChat(
                home,
                "",
                "history",
                "--user",
                user,
                "--with",
                other,
                "--limit",
                "1000",
                "--json"
            );
            history.WaitForExit().ShouldBe(0, history.Errors);
            TextsOf(history.Output)
                .Where(text => !text.StartsWith("ok: ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .ShouldBe(expected.Order(StringComparer.Ordinal), $"The history of {home}");
        }
    }

    private static IEnumerable<string> TextsOf(string lines) =>
        lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
                System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!
            );

    private TerminalSession Screen(params string[] arguments) =>
        TerminalSession.Start(HomeOf("echo"), 110, 40, arguments);
}
