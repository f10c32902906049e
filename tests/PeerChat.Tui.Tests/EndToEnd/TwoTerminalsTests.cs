using System.Text;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>The main job as people do it: two terminals, a conversation, a crash in the middle of it.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class TwoTerminalsTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Two_terminals_chat_and_one_killed_in_mid_conversation_comes_back_to_a_whole_history()
    {
        using var alice = TerminalSession.Start(
            _homes.Of("alice"),
            100,
            30,
            "--user",
            _homes.Name("alice"),
            "--join",
            _homes.Name("bob")
        );
        var bob = TerminalSession.Start(
            _homes.Of("bob"),
            80,
            24,
            "--user",
            _homes.Name("bob"),
            "--join",
            _homes.Name("alice")
        );
        try
        {
            alice.WaitFor("connected");
            bob.WaitFor("connected");
            alice.Enter("first from alice");
            bob.WaitFor("first from alice");
            bob.Enter("first from bob");
            alice.WaitFor("first from bob");
            alice.Enter("zweite Nachricht, 日本語");
            bob.WaitFor("日本語");

            bob.Kill();
            alice.Enter("while bob is dead");
            alice.WaitFor("while bob is dead");
            bob.Dispose();
            bob = TerminalSession.Start(
                _homes.Of("bob"),
                80,
                24,
                "--user",
                _homes.Name("bob"),
                "--join",
                _homes.Name("alice")
            );

            bob.WaitFor("while bob is dead");
            bob.WaitFor("connected");
            bob.Enter("back again");
            alice.WaitFor("back again");
            foreach (var session in new[] { alice, bob })
            {
                foreach (
                    var text in new[]
                    {
                        "first from alice",
                        "first from bob",
                        "日本語",
                        "while bob is dead",
                        "back again",
                    }
                )
                {
                    session.WaitFor(text);
                    session.Count(text).ShouldBe(1, $"{text}\n{session.Screen}");
                }

                session.UnknownSequences.ShouldBeEmpty();
            }

            alice.Enter("/quit");
            alice.WaitForExit().ShouldBe(0);
            alice.IsFullScreen.ShouldBeFalse();
            bob.Enter("/quit");
            bob.WaitForExit().ShouldBe(0);
        }
        finally
        {
            bob.Dispose();
        }

        var histories = new[] { ("alice", "bob"), ("bob", "alice") }
            .Select(pair =>
                PeerChatProgram
                    .Run(
                        _homes.Of(pair.Item1),
                        "history",
                        "--user",
                        _homes.Name(pair.Item1),
                        "--with",
                        _homes.Name(pair.Item2)
                    )
                    .Output
            )
            .ToList();
        histories[0].ShouldBe(histories[1]);
        histories[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(5);
        foreach (var bytes in _homes.DatabaseBytes("alice").Concat(_homes.DatabaseBytes("bob")))
        {
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("while bob is dead")).ShouldBe(-1);
        }
    }

    [Fact]
    public void A_request_waits_for_one_key_and_nothing_of_the_stranger_is_shown_before()
    {
        using var bob = TerminalSession.Start(_homes.Of("bob"), 80, 24, "--user", _homes.Name("bob"));
        using var alice = TerminalSession.Start(
            _homes.Of("alice"),
            80,
            24,
            "--user",
            _homes.Name("alice"),
            "--join",
            _homes.Name("bob")
        );
        alice.WaitFor("waiting");
        bob.WaitFor("asks to chat");
        alice.Enter("let me in");
        alice.WaitFor(_homes.Name("alice") + " let me in"); // it waits, and is more than what is being typed
        bob.Screen.ShouldNotContain("let me in");

        bob.Type("y");
        alice.WaitFor("connected");
        alice.WaitFor(
            screen => screen.Contains("[y]", StringComparison.Ordinal),
            "the question whether the text goes out"
        );
        alice.Type("y");
        bob.WaitFor("let me in");
    }

    [Fact]
    public void Three_in_a_room_read_each_other_and_the_killed_one_comes_back_whole()
    {
        using var one = TerminalSession.Start(
            _homes.Of("one"),
            80,
            24,
            "--user",
            _homes.Name("one"),
            "--room",
            _homes.Name("dev")
        );
        using var two = TerminalSession.Start(
            _homes.Of("two"),
            80,
            24,
            "--user",
            _homes.Name("two"),
            "--room",
            _homes.Name("dev")
        );
        var three = TerminalSession.Start(
            _homes.Of("three"),
            80,
            24,
            "--user",
            _homes.Name("three"),
            "--room",
            _homes.Name("dev")
        );
        try
        {
            foreach (var session in new[] { one, two, three })
            {
                session.WaitFor("connected");
            }

            one.Enter("hello from one");
            two.WaitFor("hello from one");
            three.WaitFor("hello from one");
            two.Enter("hello from two");
            one.WaitFor("hello from two");
            three.WaitFor("hello from two");
            three.Enter("hello from three");
            one.WaitFor("hello from three");
            two.WaitFor("hello from three");

            three.Kill();
            one.Enter("three is gone");
            two.WaitFor("three is gone");
            three.Dispose();
            three = TerminalSession.Start(
                _homes.Of("three"),
                80,
                24,
                "--user",
                _homes.Name("three"),
                "--room",
                _homes.Name("dev")
            );
            three.WaitFor("three is gone");
            foreach (var session in new[] { one, two, three })
            {
                foreach (
                    var text in new[]
                    {
                        "hello from one",
                        "hello from two",
                        "hello from three",
                        "three is gone",
                    }
                )
                {
                    session.WaitFor(text);
                    session.Count(text).ShouldBe(1, $"{text}\n{session.Screen}");
                }
            }
        }
        finally
        {
            three.Dispose();
        }
    }

    [Fact]
    public void The_demo_shows_alice_connected_to_a_bob_in_another_process()
    {
        using var demo = TerminalSession.Start(_homes.Of("nobody"), 80, 24, "demo");
        demo.WaitFor("I am bob");
        demo.Enter("nice to meet you");
        demo.WaitFor("counts as delivered");
        demo.Enter("/quit");
        demo.WaitForExit().ShouldBe(0);
        demo.IsFullScreen.ShouldBeFalse();
    }

    [Theory]
    [InlineData(15, 143)]
    [InlineData(1, 129)]
    public void A_signal_ends_the_screen_and_restores_the_terminal(int signal, int expected)
    {
        using var alice = TerminalSession.Start(_homes.Of("alice"), 80, 24, "--user", _homes.Name("alice"));
        alice.WaitFor(_homes.Name("alice") + "~");
        alice.IsFullScreen.ShouldBeTrue();
        alice.Signal(signal);
        alice.WaitForExit().ShouldBe(expected);
        alice.IsFullScreen.ShouldBeFalse();
    }

    [Fact]
    public void A_small_screen_and_a_dumb_terminal_work_too()
    {
        using var alice = TerminalSession.Start(
            _homes.Of("alice"),
            40,
            10,
            "--user",
            _homes.Name("alice"),
            "--join",
            _homes.Name("bob")
        );
        using var bob = TerminalSession.Start(
            _homes.Of("bob"),
            80,
            24,
            "--user",
            _homes.Name("bob"),
            "--join",
            _homes.Name("alice"),
            "--plain"
        );
        alice.WaitFor("connected");
        bob.WaitFor("direct");
        bob.Enter("from the line mode");
        alice.WaitFor("from the line mode");
        bob.IsFullScreen.ShouldBeFalse();
        bob.Enter(new string('x', 5_000)); // more than the kernel keeps of a line
        bob.WaitFor("its end is missing");
        bob.Enter("and goes on");
        alice.WaitFor("and goes on");
        alice.Screen.ShouldNotContain("xxxx");
        bob.Written.ShouldNotContain("\e", Case.Sensitive);
    }
}
