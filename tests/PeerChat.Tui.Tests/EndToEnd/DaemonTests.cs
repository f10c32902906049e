using System.Text.Json;
using PeerChat.Tui.Commands;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>A node without a screen, and commands that go through it: real processes on loopback.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DaemonTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Commands_go_through_the_daemon_and_a_stranger_is_let_in_and_put_out_again()
    {
        using var alice = Daemon("alice");
        using var bob = Daemon("bob");
        using var listening = PeerChatProgram.Start(_homes.Of("alice"), "listen", "--json", "--count", "1");
        WaitForFace("alice", "listen");

        using var sending = PeerChatProgram.Start(
            _homes.Of("bob"),
            "send",
            "--to",
            _homes.Name("alice"),
            "hello",
            "--wait",
            "delivered",
            "--json"
        );
        alice.WaitForErrors("asks to chat");
        Lines(Run("alice", "requests", "--json"))
            .ShouldHaveSingleItem()
            .GetProperty("state")
            .GetString()
            .ShouldBe("waiting");
        Run("alice", "requests", "accept", _homes.Name("bob"));

        sending.WaitForExit().ShouldBe(0, sending.Errors);
        var sent = JsonDocument.Parse(sending.Output).RootElement;
        sent.GetProperty("state").GetString().ShouldBe("delivered");
        listening.WaitForExit().ShouldBe(0, listening.Errors);
        var heard = Lines(listening.Output);
        heard.Select(line => line.GetProperty("type").GetString()).ShouldBe(["request", "message"]);
        heard[1].GetProperty("text").GetString().ShouldBe("hello");

        Run("bob", "wait-for", "--delivered", sent.GetProperty("id").GetString()!);
        Run("bob", "wait-for", "--peer-online", _homes.Name("alice"), "--timeout", "30s");
        Run("alice", "contacts").ShouldContain(_homes.Name("bob"));
        Run("alice", "rooms", "--json").ShouldContain("\"connected\"");
        var status = Lines(Run("alice", "status", "--json")).ShouldHaveSingleItem();
        status.GetProperty("processId").GetInt32().ShouldBe(alice.Id);
        alice.Errors.ShouldContain(
            $"Process {alice.Id} runs the node, its control socket is {_homes.Of("alice")}"
        );
        Run("alice", "requests", "undo", _homes.Name("bob"));
        Run("alice", "contacts").ShouldNotContain(_homes.Name("bob"));
    }

    [Fact]
    public void Waiting_for_a_message_ends_with_the_one_that_matches()
    {
        using var alice = Daemon("alice", "--accept-any");
        using var waiting = PeerChatProgram.Start(
            _homes.Of("alice"),
            "wait-for",
            "--message",
            "^deploy [0-9]+$",
            "--timeout",
            "60s"
        );
        WaitForFace("alice", "wait-for");

        var lines = PeerChatProgram.Start(
            _homes.Of("bob"),
            "not yet\ndeploy 7\n",
            [
                "send",
                "--user",
                _homes.Name("bob"),
                "--to",
                _homes.Name("alice"),
                "--lines",
                "--wait",
                "delivered",
            ]
        );
        using (lines)
        {
            lines.WaitForExit().ShouldBe(0, lines.Errors);
        }

        waiting.WaitForExit().ShouldBe(0, waiting.Errors);
        waiting.Output.ShouldContain("deploy 7");
        waiting.Output.ShouldNotContain("not yet");
    }

    [Fact]
    public void A_detached_daemon_outlives_its_command_and_is_stopped()
    {
        Run("alice", "daemon", "--detach", "--user", _homes.Name("alice"))
            .ShouldContain(_homes.Name("alice") + " is online");
        var before = Lines(Run("alice", "status", "--json")).ShouldHaveSingleItem();
        before.GetProperty("name").GetString().ShouldBe(_homes.Name("alice"));

        Run("alice", "daemon", "--stop");

        var (code, _, errors) = PeerChatProgram.Run(_homes.Of("alice"), "status");
        code.ShouldBe(3);
        errors.ShouldStartWith("peerchat: ");
        PeerChatProgram.Run(_homes.Of("alice"), "attach", "--plain").Code.ShouldBe(7);
    }

    [Fact]
    public void A_detached_daemon_that_cannot_run_is_told_at_once_in_its_own_words()
    {
        using var taken = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork,
            System.Net.Sockets.SocketType.Dgram,
            System.Net.Sockets.ProtocolType.Udp
        );
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)taken.LocalEndPoint!).Port;
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var (code, output, errors) = PeerChatProgram.Run(
            _homes.Of("alice"),
            "daemon",
            "--detach",
            "--user",
            _homes.Name("alice"),
            "--port",
            $"{port}"
        );

        clock.Elapsed.ShouldBeLessThan(BackgroundNode.StartPatience);
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldBe(
            $"peerchat: The process in the background ended before it ran the node. It said: UDP port {port} is taken by another program; "
                + "choose another with --port, or leave it out for any free one.\n"
        );
    }

    [Fact]
    public void The_unit_runs_this_program_with_the_same_options()
    {
        var unit = Run("alice", "daemon", "--unit", "--user", "al ice%", "--port", "4711");
        unit.ShouldContain("daemon --user \"al ice%%\" --interface loopback --port 4711");
        unit.ShouldContain("NoNewPrivileges=yes");
    }

    private PeerChatProgram Daemon(string user, params string[] more)
    {
        var daemon = PeerChatProgram.Start(_homes.Of(user), ["daemon", "--user", _homes.Name(user), .. more]);
        daemon.WaitForErrors("is online");
        return daemon;
    }

    private void WaitForFace(string user, string kind)
    {
        // Each look is a process of its own: nothing spins
        for (var look = 0; look < 60; look++)
        {
            if (Run(user, "status").Contains("Attached: " + kind, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new TimeoutException($"{kind} did not attach.");
    }

    private string Run(string user, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(user), arguments);
        code.ShouldBe(0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }

    private static List<JsonElement> Lines(string output) =>
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
}
