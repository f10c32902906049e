using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>The bots of the documents, as real processes against real nodes on loopback.</summary>
public sealed class BotTests : ProcessTests
{
    [Fact]
    public void Echo_bot_answers_every_message_once_although_everything_is_killed_in_between()
    {
        SkipUnlessAsked();
        const int Messages = 60;
        var (alice, echo) = (NameOf("alice"), NameOf("echo"));
        PeerChat("alice", null, "daemon", "--user", alice);
        var daemon = PeerChat("echo", null, "daemon", "--user", echo);
        daemon.WaitFor(echo);
        var bot = StartBot(echo);
        bot.WaitFor("runs in process");
        var listener = PeerChat("alice", null, "listen", "--user", alice, "--json");
        Send(alice, echo, "0");
        WaitForAnswers(1);

        var lines = string.Concat(Enumerable.Range(1, Messages - 1).Select(number => $"{number}\n"));
        var sender = PeerChat(
            "alice",
            lines,
            "send",
            "--user",
            alice,
            "--to",
            echo,
            "--lines",
            "--timeout",
            "2m"
        );
        WaitForAnswers(5);
        daemon.Kill(); // whoever is attached takes the profile over, in mid-work
        WaitForAnswers(15);
        bot.Kill(); // and now the bot, between a message and its answer
        bot = StartBot(echo);
        WaitForAnswers(25);
        PeerChat("echo", null, "daemon", "--user", echo); // takes the profile back from the bot's own process
        sender.WaitForExit().ShouldBe(0, sender.Errors);
        WaitForAnswers(Messages, () => "daemon: " + Newest.Errors + "\nbot: " + bot.Errors);

        Send(alice, echo, "last");
        WaitForAnswers(Messages + 1);
        bot.Terminate().ShouldBe(0, bot.Errors);
        var history = PeerChat("alice", "", "history", "--user", alice, "--with", echo, "--limit", "1000");
        history.WaitForExit().ShouldBe(0, history.Errors);
        string[] expected =
        [
            .. Enumerable.Range(0, Messages).Select(number => $"You said: {number}"),
            "You said: last",
        ];
        history
            .Output.Split('\n')
            .Where(line => line.Contains("You said: ", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf("You said: ", StringComparison.Ordinal)..])
            .Order(StringComparer.Ordinal)
            .ShouldBe(expected.Order(StringComparer.Ordinal));

        void WaitForAnswers(int count, Func<string>? state = null)
        {
            try
            {
                listener.WaitUntil(
                    output => output.Split("You said: ").Length > count,
                    $"Answer number {count}"
                );
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{state?.Invoke()}\nbot: {bot.Errors}", late);
            }
        }
    }

    [Fact]
    public void Echo_bot_speaks_to_the_control_socket_too()
    {
        SkipUnlessAsked();
        var (alice, echo) = (NameOf("alice"), NameOf("echo"));
        var daemon = PeerChat("echo", null, "daemon", "--user", echo);
        daemon.WaitFor(echo);
        var status = PeerChat("echo", "", "status", "--user", echo, "--json");
        status.WaitForExit().ShouldBe(0, status.Errors);
        var profile = System
            .Text.Json.JsonDocument.Parse(status.Output)
            .RootElement.GetProperty("profile")
            .GetString()!;
        var bot = StartBot(echo, "--socket", Path.Combine(profile, "control.sock"));
        bot.WaitFor("runs in process");

        var listener = PeerChat("alice", null, "listen", "--user", alice, "--json");
        Send(alice, echo, "by socket");
        listener.WaitFor("You said: by socket");
        bot.Terminate().ShouldBe(0, bot.Errors);
    }

    [Fact]
    public void Notify_script_tells_how_a_command_ended_and_runs_it_again_on_a_word()
    {
        SkipUnlessAsked();
        var (alice, bob) = (NameOf("alice"), NameOf("bob"));
        var daemon = PeerChat("alice", null, "daemon", "--user", alice);
        daemon.WaitFor(alice);
        var listener = PeerChat("bob", null, "listen", "--user", bob, "--accept-any");
        var runs = Path.Combine(Folder, "runs");
        var bot = Start(
            "alice",
            null,
            "sh",
            Example("notify.sh"),
            "--user",
            alice,
            bob,
            "sh",
            "-c",
            "echo run >>\"$1\"; wc -l <\"$1\"; echo 'a \"quoted\" $(word)'; exit 3",
            "build",
            runs
        );
        listener.WaitFor("failed with code 3: sh -c");
        listener.WaitFor("a \"quoted\" $(word)");

        daemon.Kill(); // the script's own listen takes over, or the next command of anybody
        Send(bob, alice, "not \"text\":\"again\" yet", "bob");
        Send(bob, alice, "again", "bob");
        listener.WaitUntil(
            output => output.Split("failed with code 3").Length > 2,
            "The second notification"
        );
        File.ReadAllLines(runs).Length.ShouldBe(2, bot.Errors);
    }
}
