using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>What is kept and carried, with real processes: backups, bundles, retention.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KeepingTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Two_who_have_met_once_chat_by_files_and_one_of_them_comes_back_from_a_backup()
    {
        Meet();
        Run("bob", 0, "send", "--to", Name("alice"), "written in the dark", "--wait", "queued");
        var stick = Path.Combine(_homes.Of("stick"), "for-alice");
        Run("bob", 0, "bundle", "export", "--with", Name("alice"), stick);
        Run("bob", 2, "bundle", "export", "--with", Name("alice"), stick).ShouldContain("--force");
        Run("alice", 0, "bundle", "import", stick).ShouldContain("is new here");
        Run("alice", 0, "bundle", "import", stick).ShouldContain("here already");
        Run("alice", 0, "history", "--with", Name("bob")).ShouldContain("written in the dark");
        var back = Path.Combine(_homes.Of("stick"), "for-bob");
        Run("alice", 0, "bundle", "export", "--with", Name("bob"), back);
        Run("bob", 0, "bundle", "import", back, "--json");
        Run("bob", 0, "history", "--with", Name("alice"), "--json")
            .ShouldContain("\"text\":\"written in the dark\"");
        Run("bob", 0, "history", "--with", Name("alice"), "--json").ShouldContain("\"state\":\"delivered\"");

        var backup = Path.Combine(_homes.Of("stick"), "alice.peerchat");
        var id = Run("alice", 0, "id");
        Run("alice", 0, "backup", backup).ShouldContain("restore");
        Run("again", 0, "restore", backup).ShouldContain("new author keys");
        Run("again", 0, "id").ShouldBe(id);
        Run("again", 0, "history", "--with", Name("bob")).ShouldContain("written in the dark");
        Run("again", 2, "restore", backup).ShouldContain("never replaces");
        Run("carol", 0, "id", "--user", Name("carol"));
        Run("carol", 2, "bundle", "import", stick).ShouldContain("none of the chats");
    }

    [Fact]
    public void Retention_deletes_nothing_without_a_yes()
    {
        Meet();
        Run("alice", 0, "retention", "--with", Name("bob")).ShouldContain("until you say otherwise");
        Run("alice", 2, "retention", "--with", Name("bob"), "soon").ShouldContain("90d");
        Run("alice", 2, "retention", "--with", Name("bob"), "5s").ShouldContain("10 seconds");
        Run("alice", 0, "retention", "--with", Name("bob"), "30d", "--json").ShouldContain("2592000");
        // What has been met in this test is younger than a day, so nothing goes
        Run("alice", 0, "history", "--with", Name("bob")).ShouldContain("hello");
        Run("alice", 0, "retention", "--with", Name("bob"), "off").ShouldContain("until you say otherwise");
    }

    [Fact]
    public void A_chat_is_exported_with_and_without_a_node_and_imported_on_another_machine()
    {
        Meet();
        var file = Path.Combine(_homes.Of("stick"), "chat.jsonl");
        Run("alice", 0, "export", "--with", Name("bob")).ShouldContain("hello");
        Run("alice", 0, "export", "--with", Name("bob"), "--format", "json", "--out", file)
            .ShouldContain("readable for everybody");
        var alone = File.ReadAllText(file);
        alone.ShouldContain("\"type\":\"export\"");
        alone.ShouldContain("\"text\":\"hello\"");
        Run("alice", 2, "export", "--with", Name("bob"), "--out", file).ShouldContain("--force");
        Run("alice", 2, "export", "--with", "nobody-of-that-name").ShouldContain("none of your contacts");
        Run("alice", 2, "export").ShouldContain("--with PEER or --room ROOM");
        using (var daemon = PeerChatProgram.Start(_homes.Of("alice"), "daemon"))
        {
            daemon.WaitForErrors("runs the node");
            Run(
                    "alice",
                    0,
                    "export",
                    "--with",
                    Name("bob"),
                    "--format",
                    "json",
                    "--out",
                    file,
                    "--force",
                    "--json"
                )
                .ShouldContain("\"type\":\"exported\"");
            File.ReadAllText(file).ShouldBe(alone);
            Run("alice", 0, "import", file).ShouldContain("0 messages were imported; 1 were here already");
            Run("alice", 2, "export", "--with", "nobody-of-that-name").ShouldContain("no chat");
            Run("alice", 0, "daemon", "--stop");
            daemon.WaitForExit().ShouldBe(0, daemon.Errors);
        }

        Run("carol", 0, "id", "--user", Name("carol"));
        Run("carol", 3, "send", "--room", "archive", "mine", "--wait", "delivered", "--timeout", "4s"); // the room is made meanwhile
        Run("carol", 2, "import", file).ShouldContain("no chat");
        Run("carol", 0, "import", file, "--room", "archive", "--json")
            .ShouldContain("\"type\":\"imported\",\"chat\":\"#archive\",\"added\":1,\"known\":0");
        Run("carol", 0, "import", file, "--room", "archive").ShouldContain("0 messages were imported");
        var history = Run("carol", 0, "history", "--room", "archive");
        history.ShouldContain("hello (imported)");
        history.ShouldContain("mine");
        Run("carol", 0, "search", "hello").ShouldContain("hello (imported)");
        Run("carol", 2, "import", _homes.Of("stick")).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_damaged_history_is_repaired_and_comes_again_from_the_other_with_the_contact_itself()
    {
        Meet();
        var text = new string('x', 2_000);
        const int Texts = 120;
        using (var bob = PeerChatProgram.Start(_homes.Of("bob"), "daemon"))
        {
            bob.WaitForErrors("runs the node");
            using var alice = PeerChatProgram.Start(
                _homes.Of("alice"),
                string.Concat(Enumerable.Range(0, Texts).Select(i => $"{i} {text}\n")),
                ["send", "--to", Name("bob"), "--lines", "--wait", "delivered", "--timeout", "60s"]
            );
            alice.EndInput();
            alice.WaitForExit().ShouldBe(0, alice.Errors);
            Run("bob", 0, "daemon", "--stop");
            bob.WaitForExit().ShouldBe(0, bob.Errors);
        }

        var before = History();
        Damage(Directory.GetFiles(_homes.Of("alice"), "history.db", SearchOption.AllDirectories).Single());
        Run("alice", 5, "history", "--with", Name("bob")).ShouldContain("peerchat repair");

        var said = Run("alice", 0, "repair");
        said.ShouldContain("The list of contacts was damaged. 1 came back");
        said.ShouldContain("comes again from the members");
        Run("alice", 0, "contacts").ShouldContain(Name("bob"));
        History().Length.ShouldBeLessThan(before.Length);

        using var there = PeerChatProgram.Start(_homes.Of("bob"), "daemon");
        there.WaitForErrors("runs the node");
        using var here = PeerChatProgram.Start(_homes.Of("alice"), "daemon");
        here.WaitForErrors("runs the node");
        // Each look is a process of its own, so that this does not turn idly.
        var clock = Stopwatch.StartNew();
        while (History().Length < before.Length)
        {
            clock.Elapsed.ShouldBeLessThan(PeerChatProgram.Patience, "the history came again");
        }

        Run("alice", 0, "daemon", "--stop");
        Run("bob", 0, "daemon", "--stop");
        here.WaitForExit().ShouldBe(0, here.Errors);
        there.WaitForExit().ShouldBe(0, there.Errors);
        Run("alice", 0, "repair").ShouldContain("sound");

        string History() => Run("alice", 0, "history", "--with", Name("bob"), "--limit", "1000");
    }

    // The page of the contacts, and some in the middle of the messages.
    private static void Damage(string database)
    {
        const int PageSize = 4096;
        long contacts;
        using (
            var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString()
            )
        )
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
            command.CommandText = "SELECT rootpage FROM sqlite_schema WHERE name = 'contacts'";
            contacts = (long)command.ExecuteScalar()!;
        }

        using var file = new FileStream(database, FileMode.Open);
        var middle = file.Length / PageSize * 6 / 10;
        foreach (var page in new[] { contacts - 1, middle, middle + 1, middle + 2, middle + 3 })
        {
            file.Position = page * PageSize;
            file.Write(Enumerable.Repeat((byte)0x5A, PageSize).ToArray());
        }
    }

    private string Name(string user) => _homes.Name(user);

    private void Meet()
    {
        Run("alice", 0, "id", "--user", Name("alice"));
        Run("bob", 0, "id", "--user", Name("bob"));
        using var listening = PeerChatProgram.Start(
            _homes.Of("bob"),
            "listen",
            "--accept-any",
            "--count",
            "1"
        );
        Run("alice", 0, "send", "--to", Name("bob"), "hello", "--wait", "delivered", "--timeout", "60s");
        listening.WaitForExit().ShouldBe(0, listening.Errors);
    }

    private string Run(string user, int expected, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(user), arguments);
        code.ShouldBe(expected, $"{user}: {string.Join(' ', arguments)}\n{output}{errors}");
        return output + errors;
    }
}
