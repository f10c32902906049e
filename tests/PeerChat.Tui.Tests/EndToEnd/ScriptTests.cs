using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>The one-shot commands, as scripts run them: real processes, real sockets on loopback, real files.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Listen_prints_what_send_sends_and_both_end_well()
    {
        using var bob = PeerChatProgram.Start(
            _homes.Of("bob"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any",
            "--json",
            "--count",
            "1"
        );
        using var alice = PeerChatProgram.Start(
            _homes.Of("alice"),
            "send",
            "--user",
            _homes.Name("alice"),
            "--to",
            _homes.Name("bob"),
            "hello",
            "--wait",
            "delivered"
        );

        alice.WaitForExit().ShouldBe(0, alice.Errors);
        bob.WaitForExit().ShouldBe(0, bob.Errors);
        var message = JsonDocument.Parse(bob.Output).RootElement;
        message.GetProperty("v").GetInt32().ShouldBe(1);
        message.GetProperty("type").GetString().ShouldBe("message");
        message.GetProperty("text").GetString().ShouldBe("hello");
        message.GetProperty("from").GetProperty("name").GetString().ShouldBe(_homes.Name("alice"));
        message.GetProperty("state").GetString().ShouldBe("received");
        var (code, id, _) = PeerChatProgram.Run(_homes.Of("alice"), "id");
        code.ShouldBe(0);
        message.GetProperty("from").GetProperty("id").GetString().ShouldBe(id.Trim());
    }

    [Fact]
    public void What_several_commands_write_into_one_file_is_all_there()
    {
        var file = Path.Combine(_homes.Of("alice"), "log");
        using var shell = PeerChatProgram.StartOther(
            _homes.Of("alice"),
            "",
            "sh",
            "-c",
            $"(for n in 1 2 3; do {PeerChatProgram.ShellCommand} --version; {PeerChatProgram.ShellCommand} --nonsense$n; done) >'{file}' 2>&1"
        );
        shell.WaitForExit();
        var lines = File.ReadAllLines(file);
        lines.Length.ShouldBe(6, string.Join('\n', lines));
        lines.Count(line => line.StartsWith("peerchat: ", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public void The_database_shows_neither_text_nor_names()
    {
        const string Secret = "the-heron-flies-at-noon";
        using (
            var bob = PeerChatProgram.Start(
                _homes.Of("bob"),
                "listen",
                "--user",
                _homes.Name("bobolink"),
                "--accept-any",
                "--count",
                "1"
            )
        )
        {
            PeerChatProgram
                .Run(
                    _homes.Of("alice"),
                    "send",
                    "--user",
                    _homes.Name("alice"),
                    "--to",
                    _homes.Name("bobolink"),
                    Secret,
                    "--wait",
                    "delivered"
                )
                .Code.ShouldBe(0);
            bob.WaitForExit().ShouldBe(0);
        }

        // One more waits for nobody: the outbox is as sealed as the entries.
        PeerChatProgram
            .Run(
                _homes.Of("alice"),
                "send",
                "--to",
                _homes.Name("nightjar"),
                Secret + "-2",
                "--timeout",
                "1s"
            )
            .Code.ShouldBe(3);
        PeerChatProgram
            .Run(_homes.Of("alice"), "history", "--with", _homes.Name("bobolink"))
            .Output.ShouldContain(Secret);
        foreach (var bytes in _homes.DatabaseBytes("alice").Concat(_homes.DatabaseBytes("bob")))
        {
            foreach (var word in new[] { Secret, _homes.Name("bobolink"), "nightjar" })
            {
                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)).ShouldBe(-1, word);
            }
        }
    }

    [Fact]
    public void A_message_to_somebody_absent_waits_and_arrives_once_when_both_run()
    {
        using (
            var bob = PeerChatProgram.Start(
                _homes.Of("bob"),
                "listen",
                "--user",
                _homes.Name("bob"),
                "--accept",
                _homes.Name("alice"),
                "--count",
                "1"
            )
        )
        {
            PeerChatProgram
                .Run(
                    _homes.Of("alice"),
                    "send",
                    "--user",
                    _homes.Name("alice"),
                    "--to",
                    _homes.Name("bob"),
                    "first",
                    "--wait",
                    "delivered"
                )
                .Code.ShouldBe(0);
            bob.WaitForExit().ShouldBe(0);
        }

        var (code, _, errors) = PeerChatProgram.Run(
            _homes.Of("alice"),
            "send",
            "--to",
            _homes.Name("bob"),
            "waiting",
            "--timeout",
            "1s"
        );
        code.ShouldBe(3);
        errors.ShouldContain("stays queued");

        using var again = PeerChatProgram.Start(_homes.Of("bob"), "listen", "--count", "2");
        PeerChatProgram
            .Run(_homes.Of("alice"), "send", "--to", _homes.Name("bob"), "later", "--wait", "delivered")
            .Code.ShouldBe(0);
        again.WaitForExit().ShouldBe(0, again.Errors);
        var history = PeerChatProgram.Run(_homes.Of("bob"), "history", "--with", _homes.Name("alice")).Output;
        Texts(history).ShouldBe(["first", "waiting", "later"]);
    }

    [Fact]
    public void Everybody_in_a_room_reads_everybody()
    {
        using var one = PeerChatProgram.Start(
            _homes.Of("one"),
            "listen",
            "--user",
            _homes.Name("one"),
            "--room",
            _homes.Name("dev")
        );
        using var two = PeerChatProgram.Start(
            _homes.Of("two"),
            "listen",
            "--user",
            _homes.Name("two"),
            "--room",
            _homes.Name("dev")
        );
        foreach (var (user, text) in new[] { ("three", "from three"), ("four", "from four") })
        {
            PeerChatProgram
                .Run(
                    _homes.Of(user),
                    "send",
                    "--user",
                    _homes.Name(user),
                    "--room",
                    _homes.Name("dev"),
                    text,
                    "--wait",
                    "delivered"
                )
                .Code.ShouldBe(0);
        }

        // "Delivered" means one device: whoever has it passes it on to the other, so both must stay until both have it.
        foreach (var listener in new[] { one, two })
        {
            listener.WaitForOutput("from three");
            listener.WaitForOutput("from four");
        }

        one.Kill();
        two.Kill();
        foreach (var user in new[] { "one", "two" })
        {
            Texts(PeerChatProgram.Run(_homes.Of(user), "history", "--room", _homes.Name("dev")).Output)
                .ShouldBe(["from three", "from four"]);
        }
    }

    [Fact]
    public void Several_claimants_of_a_name_end_a_script_with_code_4_and_a_list()
    {
        List<string> homes = ["bob1", "bob2"];
        var ids = homes
            .Select(home =>
                PeerChatProgram.Run(_homes.Of(home), "id", "--user", _homes.Name("bob")).Output.Trim()
            )
            .ToList();
        using var one = PeerChatProgram.Start(
            _homes.Of("bob1"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any"
        );
        using var two = PeerChatProgram.Start(
            _homes.Of("bob2"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any"
        );

        // Which of the two is up first is chance; the other must be too before anybody is chosen.
        WaitUntilAnnounced(ids);
        var (code, _, errors) = PeerChatProgram.Run(
            _homes.Of("alice"),
            "send",
            "--user",
            _homes.Name("alice"),
            "--to",
            _homes.Name("bob"),
            "psst"
        );

        code.ShouldBe(4, errors);
        errors.ShouldContain(ids[0]);
        errors.ShouldContain(ids[1]);
        PeerChatProgram
            .Run(_homes.Of("alice"), "send", "--to", ids[1], "psst", "--wait", "delivered")
            .Code.ShouldBe(0);
        two.WaitForOutput("psst");
        one.Output.ShouldNotContain("psst");
    }

    [Fact]
    public void A_contact_whose_name_answers_with_another_key_is_not_connected()
    {
        using (
            var bob = PeerChatProgram.Start(
                _homes.Of("bob"),
                "listen",
                "--user",
                _homes.Name("bob"),
                "--accept-any",
                "--count",
                "1"
            )
        )
        {
            PeerChatProgram
                .Run(
                    _homes.Of("alice"),
                    "send",
                    "--user",
                    _homes.Name("alice"),
                    "--to",
                    _homes.Name("bob"),
                    "hi",
                    "--wait",
                    "delivered"
                )
                .Code.ShouldBe(0);
            bob.WaitForExit().ShouldBe(0);
        }

        using var impostor = PeerChatProgram.Start(
            _homes.Of("other"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any"
        );
        var (code, _, errors) = PeerChatProgram.Run(
            _homes.Of("alice"),
            "send",
            "--to",
            _homes.Name("bob"),
            "secret"
        );

        code.ShouldBe(4, errors);
        errors.ShouldContain("another key");
        impostor.Output.ShouldBe("");
    }

    [Fact]
    public void Standard_input_is_sent_when_no_text_is_given()
    {
        using var bob = PeerChatProgram.Start(
            _homes.Of("bob"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any",
            "--json",
            "--count",
            "1"
        );
        using var alice = PeerChatProgram.Start(
            _homes.Of("alice"),
            "zwei\nZeilen 日本\n",
            ["send", "--user", _homes.Name("alice"), "--to", _homes.Name("bob"), "-", "--wait", "delivered"]
        );

        alice.WaitForExit().ShouldBe(0, alice.Errors);
        bob.WaitForExit().ShouldBe(0);
        JsonDocument
            .Parse(bob.Output)
            .RootElement.GetProperty("text")
            .GetString()
            .ShouldBe("zwei\nZeilen 日本");
    }

    [Fact]
    public void Nothing_that_a_message_holds_reaches_the_output_raw()
    {
        using var bob = PeerChatProgram.Start(
            _homes.Of("bob"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any",
            "--count",
            "1"
        );
        PeerChatProgram
            .Run(
                _homes.Of("alice"),
                "send",
                "--user",
                _homes.Name("alice"),
                "--to",
                _homes.Name("bob"),
                "a\u001b]52;c;eA==\u0007b\u202ec",
                "--wait",
                "delivered"
            )
            .Code.ShouldBe(0);
        bob.WaitForExit().ShouldBe(0);
        bob.Output.ShouldContain("a^[]52;c;eA==^Gb<U+202E>c");
        bob.Output.ShouldNotContain("\u001b");
    }

    [Fact]
    public void Each_mistake_gets_one_sentence_and_its_exit_code()
    {
        var home = _homes.Of("clumsy");
        Check(2, "--to", "send", "text");
        Check(2, "--help", "--no-such-flag");
        Check(2, "cannot be a name", "id", "--user", "-bad-");
        Check(2, "at most 32", "id", "--user", new string('x', 33));
        Check(2, "There is no network interface", "listen", "--user", "clumsy", "--interface", "nope0");
        Check(
            2,
            "must be a time",
            "send",
            "--user",
            "clumsy",
            "--to",
            _homes.Name("bob"),
            "x",
            "--timeout",
            "soon"
        );
        Check(2, "no keys to show", "keydump");
        Check(2, "none of your contacts", "verify", "--user", "clumsy", "somebody");
        Check(2, "none of your contacts", "block", "--user", "clumsy", "somebody");
        Check(2, "--peer says where", "--user", "clumsy", "--peer", "127.0.0.1", "--plain");
        Check(2, "no profile of", "history", "--user", "nobody-yet", "--with", _homes.Name("bob"));
        Check(2, "65,536", "send", "--user", "clumsy", "--to", _homes.Name("bob"), new string('x', 65_537));
        Check(3, "Nobody called", "send", "--user", "clumsy", "--to", "nobody", "x", "--timeout", "1s");
        Check(2, "none of your contacts", "history", "--user", "clumsy", "--with", _homes.Name("bob"));

        void Check(int expected, string words, params string[] arguments)
        {
            var (code, output, errors) = PeerChatProgram.Run(home, arguments);
            code.ShouldBe(expected, errors);
            errors.ShouldContain(words);
            errors.TrimEnd().Split('\n').Length.ShouldBe(1, errors);
            errors.ShouldNotContain("   at ");
            output.ShouldBe("");
        }
    }

    [Fact]
    public void One_process_runs_the_node_and_others_attach_to_it_or_read_beside_it()
    {
        using var owner = PeerChatProgram.Start(
            _homes.Of("bob"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any"
        );
        PeerChatProgram
            .Run(
                _homes.Of("alice"),
                "send",
                "--user",
                _homes.Name("alice"),
                "--to",
                _homes.Name("bob"),
                "hi",
                "--wait",
                "delivered"
            )
            .Code.ShouldBe(0);

        var (_, status, _) = PeerChatProgram.Run(_homes.Of("bob"), "status", "--json");
        JsonDocument.Parse(status).RootElement.GetProperty("processId").GetInt32().ShouldBe(owner.Id);
        var (code, output, errors) = PeerChatProgram.Run(
            _homes.Of("bob"),
            "listen",
            "--history",
            "1",
            "--follow=false"
        );
        code.ShouldBe(0, errors);
        output.ShouldContain("hi");
        PeerChatProgram.Run(_homes.Of("bob"), "id", "--user", _homes.Name("bob")).Code.ShouldBe(0);
        Texts(
                PeerChatProgram
                    .Run(
                        _homes.Of("bob"),
                        "history",
                        "--user",
                        _homes.Name("bob"),
                        "--with",
                        _homes.Name("alice")
                    )
                    .Output
            )
            .ShouldBe(["hi"]);
    }

    [Fact]
    public void A_taken_port_is_named_and_another_is_found_when_none_was_asked_for()
    {
        using var first = PeerChatProgram.Start(
            _homes.Of("bob"),
            "listen",
            "--user",
            _homes.Name("bob"),
            "--accept-any",
            "--port",
            "27999"
        );
        PeerChatProgram
            .Run(
                _homes.Of("alice"),
                "send",
                "--user",
                _homes.Name("alice"),
                "--to",
                _homes.Name("bob"),
                "hi",
                "--peer",
                "127.0.0.1:27999",
                "--wait",
                "delivered"
            )
            .Code.ShouldBe(0);

        var (code, _, errors) = PeerChatProgram.Run(
            _homes.Of("carol"),
            "listen",
            "--user",
            _homes.Name("carol"),
            "--port",
            "27999"
        );
        code.ShouldBe(2);
        errors.ShouldContain("27999 is taken");
    }

    [Fact]
    public void A_database_of_a_newer_version_or_of_garbage_is_refused_with_a_sentence()
    {
        PeerChatProgram
            .Run(
                _homes.Of("bob"),
                "send",
                "--user",
                _homes.Name("bob"),
                "--to",
                _homes.Name("x"),
                "y",
                "--timeout",
                "1s"
            )
            .Code.ShouldBe(3);
        var database = Directory
            .EnumerateFiles(_homes.Of("bob"), "history.db", SearchOption.AllDirectories)
            .Single();
        File.WriteAllText(database, "this is no database, whatever its name says; " + new string('x', 5000));

        var (code, _, errors) = PeerChatProgram.Run(_homes.Of("bob"), "listen", "--user", _homes.Name("bob"));
        code.ShouldBe(5);
        errors.ShouldNotContain("   at ");
        File.ReadAllText(database).ShouldStartWith("this is no database");
    }

    private static List<string> Texts(string history) =>
        [
            .. history
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]),
        ];

    /// <summary>Asks by full id until each answers: a join of an id that is not up yet just waits.</summary>
    private void WaitUntilAnnounced(List<string> ids)
    {
        foreach (var id in ids)
        {
            PeerChatProgram
                .Run(
                    _homes.Of("probe" + id[3..9]),
                    "send",
                    "--user",
                    _homes.Name("probe"),
                    "--to",
                    id,
                    "up?",
                    "--wait",
                    "delivered"
                )
                .Code.ShouldBe(0);
        }
    }
}
