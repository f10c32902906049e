using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>Everything at once, killed half-way, in the wrong place, and worse: real processes on loopback.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ClumsyTests : IDisposable
{
    private const int Rounds = 20;

    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Of_two_that_start_at_once_exactly_one_owns_and_both_work()
    {
        var home = _homes.Of("alice");
        Run("alice", "id", "--user", _homes.Name("alice"));
        for (var round = 0; round < Rounds; round++)
        {
            var racers = new[] { PeerChatProgram.Start(home, "rpc"), PeerChatProgram.Start(home, "rpc") };
            try
            {
                racers[0].WriteLine(Script($"round {round} a"));
                racers[1].WriteLine(Script($"round {round} b"));
                var owners = racers.Select(OwnerOf).Distinct().ToList();
                var owner = owners.ShouldHaveSingleItem();
                racers.Count(racer => racer.Id == owner).ShouldBe(1);
                racers.ShouldAllBe(racer => racer.Output.Contains("\"reply\":\"accepted\""));
                // The one that is attached leaves first: with its owner it would be told that it is gone
                foreach (var racer in racers.OrderBy(racer => racer.Id == owner))
                {
                    racer.EndInput();
                    racer.WaitForExit().ShouldBe(0, racer.Errors);
                    racer.Errors.ShouldBeEmpty();
                }
            }
            finally
            {
                Array.ForEach(racers, racer => racer.Dispose());
            }
        }

        var texts = Lines(Run("alice", "history", "--room", "race", "--limit", "1000", "--json"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString())
            .ToList();
        texts.Count.ShouldBe(2 * Rounds);
        texts.ShouldBeUnique();
    }

    [Fact]
    public void A_sender_killed_at_any_moment_leaves_nothing_that_hurts()
    {
        var home = _homes.Of("alice");
        Run("alice", "id", "--user", _homes.Name("alice"));
        foreach (var leftover in new string?[] { null, "lock", "control.sock", "history.db-wal" })
        {
            using var sender = PeerChatProgram.Start(
                home,
                "send",
                "--to",
                _homes.Name("nobody"),
                "never seen",
                "--wait",
                "delivered"
            );
            if (leftover is not null)
            {
                var path = Path.Combine(ProfileFolder(home), leftover);
                SpinWait.SpinUntil(() => File.Exists(path), PeerChatProgram.Patience).ShouldBeTrue(path);
            }

            sender.Kill();
        }

        File.Exists(Path.Combine(ProfileFolder(home), "control.sock")).ShouldBeTrue("It is stale now.");
        PeerChatProgram.Run(home, "status").Code.ShouldBe(3);
        using (var daemon = PeerChatProgram.Start(home, "daemon"))
        {
            daemon.WaitForErrors("is online");
            Run("alice", "send", "--room", "notes", "one", "--wait", "queued");
            Run("alice", "send", "--room", "notes", "two", "--wait", "queued");
            PeerChatProgram.WaitUntil(
                () => Lines(PeerChatProgram.Run(home, "history", "--room", "notes").Output).Count == 2,
                "Both in the history"
            );
        }

        Lines(Run("alice", "history", "--room", "notes")).Count.ShouldBe(2);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_socket_costs_the_socket_alone()
    {
        var home = _homes.Of("alice");
        Run("alice", "id", "--user", _homes.Name("alice"));
        Directory.CreateDirectory(Path.Combine(ProfileFolder(home), "control.sock"));

        using var screen = TerminalSession.Start(home, 100, 24, "--room", "notes");
        screen.WaitFor("#notes");
        screen.Enter("it works all the same");
        screen.WaitFor("it works all the same");
        screen.Type("\u001b0");
        screen.WaitFor("is a folder, where PeerChat's control socket belongs");
        screen.Enter("/quit");
        screen.WaitForExit().ShouldBe(0);

        var (code, _, errors) = PeerChatProgram.Run(home, "daemon");
        code.ShouldBe(5);
        errors.ShouldContain("is a folder");
    }

    [Fact]
    public void A_home_with_a_long_path_works_from_end_to_end()
    {
        var home = _homes.Of(new string('a', 60) + "/" + new string('b', 60));
        using (var daemon = PeerChatProgram.Start(home, "daemon", "--user", _homes.Name("alice")))
        {
            daemon.WaitForErrors("is online");
            var sent = PeerChatProgram.Run(home, "send", "--room", "notes", "from afar", "--wait", "queued");
            sent.Code.ShouldBe(0, sent.Errors);
            PeerChatProgram.Run(home, "status").Output.ShouldContain($"{daemon.Id}");
            var word = Path.Combine(ProfileFolder(home), "control.path");
            var socket = File.ReadAllText(word).TrimEnd();
            File.Exists(socket).ShouldBeTrue(socket);
            PeerChatProgram.Run(home, "daemon", "--stop").Code.ShouldBe(0);
            daemon.WaitForExit().ShouldBe(0);
            File.Exists(socket).ShouldBeFalse(socket);
        }
    }

    [Fact]
    public void A_reader_that_has_seen_enough_ends_the_writer_quietly()
    {
        var alice = _homes.Of("alice");
        using var listening = Piped(alice, $"listen --user {_homes.Name("alice")} --accept-any | head -n 1");
        Run(
            "bob",
            "send",
            "--user",
            _homes.Name("bob"),
            "--to",
            _homes.Name("alice"),
            "enough",
            "--wait",
            "delivered"
        );
        listening.WaitForExit().ShouldBe(0);
        listening.Output.ShouldContain("enough");
        listening.Output.ShouldEndWith("\nended with 0\n");
        listening.Errors.ShouldBeEmpty();

        using var listing = Piped(alice, "rooms | head -n 0");
        listing.WaitForExit().ShouldBe(0);
        listing.Output.ShouldBe("ended with 0\n");
        listing.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Two_hundred_rude_clients_do_not_disturb_a_screen()
    {
        var home = _homes.Of("alice");
        using var daemon = PeerChatProgram.Start(home, "daemon", "--user", _homes.Name("alice"));
        daemon.WaitForErrors("is online");
        using var screen = TerminalSession.Start(home, 80, 24, "attach");
        screen.WaitFor("attached");
        screen.Enter("/room notes");
        screen.WaitFor("#notes");

        var clients = new List<Socket>();
        try
        {
            var refusals = 0;
            for (var i = 0; i < 200; i++)
            {
                var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                clients.Add(client);
                client.Connect(
                    new UnixDomainSocketEndPoint(Path.Combine(ProfileFolder(home), "control.sock"))
                );
                client.ReceiveTimeout = (int)PeerChatProgram.Patience.TotalMilliseconds;
                refusals += i < 127 ? Offend(client, i % 4) : Refused(client);
            }

            refusals.ShouldBe(200 - 127, "128 are let in, and the screen is one of them.");
            for (var i = 0; i < 5; i++)
            {
                screen.Enter($"still here {i}");
                screen.WaitFor($"still here {i}");
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        // The node hears that they are gone one after the other, and until then may let nobody else in
        var until = DateTime.UtcNow + PeerChatProgram.Patience;
        while (PeerChatProgram.Run(home, "status").Code != 0)
        {
            DateTime.UtcNow.ShouldBeLessThan(until);
        }

        Run("alice", "status").ShouldContain("Attached: screen");
    }

    [Fact]
    public void Those_who_wait_for_a_message_get_it_although_their_node_is_killed()
    {
        var home = _homes.Of("alice");
        using var daemon = PeerChatProgram.Start(
            home,
            "daemon",
            "--user",
            _homes.Name("alice"),
            "--accept-any"
        );
        daemon.WaitForErrors("is online");
        using var listening = PeerChatProgram.Start(
            home,
            "listen",
            "--accept-any",
            "--count",
            "2",
            "--timeout",
            "50s"
        );
        using var waiting = PeerChatProgram.Start(
            home,
            "wait-for",
            "--message",
            "^after",
            "--timeout",
            "50s"
        );
        WaitForFaces(home, "listen", "wait-for");
        SendFromBob("before the crash");
        listening.WaitForOutput("before the crash");

        daemon.Kill();
        SendFromBob("after the crash");

        listening.WaitForExit().ShouldBe(0, listening.Errors);
        waiting.WaitForExit().ShouldBe(0, waiting.Errors);
        Lines(listening.Output).Count.ShouldBe(2, listening.Output);
        Lines(waiting.Output).ShouldHaveSingleItem().ShouldContain("after the crash");
    }

    private static string Script(string text) =>
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":1,\"kind\":\"racer\"}}\n"
        + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"join-room\",\"params\":{\"room\":\"race\"}}\n"
        + "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"send-text\",\"params\":{\"chat\":\"#race\",\"text\":\""
        + text
        + "\"}}";

    private static int OwnerOf(PeerChatProgram racer)
    {
        racer.WaitForOutput("\"id\":3");
        return Lines(racer.Output)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Single(answer => answer.GetProperty("id").GetInt32() == 1)
            .GetProperty("result")
            .GetProperty("processId")
            .GetInt32();
    }

    /// <summary>Says nothing, something senseless, half a line, or asks for everything and reads nothing.</summary>
    private static int Offend(Socket client, int how)
    {
        byte[] words = how switch
        {
            0 => [],
            1 => [0xFF, 0x00, (byte)'{', (byte)'\n'],
            2 => "{\"jsonrpc\":\"2.0\",\"id\":1,\"meth"u8.ToArray(),
            _ => "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n"u8.ToArray(),
        };
        client.Send(words);
        return 0;
    }

    private static int Refused(Socket client)
    {
        var bytes = new byte[4096];
        var read = client.Receive(bytes);
        return Encoding.UTF8.GetString(bytes, 0, read).Contains("end one of them", StringComparison.Ordinal)
            ? 1
            : 0;
    }

    private static string ProfileFolder(string home) =>
        Path.GetDirectoryName(
            Directory.EnumerateFiles(home, "history.db", SearchOption.AllDirectories).Single()
        )!;

    private static PeerChatProgram Piped(string home, string arguments) =>
        PeerChatProgram.StartOther(
            home,
            "",
            "bash",
            "-c",
            $"{PeerChatProgram.ShellCommand} {arguments}; echo \"ended with ${{PIPESTATUS[0]}}\""
        );

    private static List<string> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static void WaitForFaces(string home, params string[] kinds)
    {
        PeerChatProgram.WaitUntil(
            () =>
            {
                var status = PeerChatProgram.Run(home, "status").Output;
                return kinds.All(kind => status.Contains("Attached: " + kind, StringComparison.Ordinal));
            },
            string.Join(", ", kinds)
        );
    }

    private void SendFromBob(string text) =>
        Run(
            "bob",
            "send",
            "--user",
            _homes.Name("bob"),
            "--to",
            _homes.Name("alice"),
            text,
            "--wait",
            "delivered"
        );

    private string Run(string user, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(user), arguments);
        code.ShouldBe(0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }
}
