using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>Keys under a passphrase, as a user meets them: real processes, files and a terminal.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PassphraseTests : IDisposable
{
    private const string Secret = "correct horse";
    private const string Other = "battery staple";
    private readonly TemporaryHomes _homes = new();

    private string Home => _homes.Of("alice");

    private string KeysPath =>
        Directory.EnumerateFiles(Home, "identity.keys", SearchOption.AllDirectories).Single();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void A_passphrase_is_set_changed_and_removed_from_scripts()
    {
        var (_, id, _) = Run(0, "id", "--user", _homes.Name("alice"));
        Run(4, "passphrase", "change").Errors.ShouldContain("No passphrase protects");
        Run(2, "passphrase", "set", "--new-passphrase-file", FileWith("short"))
            .Errors.ShouldContain("at least 8");

        Run(0, "passphrase", "set", "--new-passphrase-file", FileWith(Secret))
            .Output.ShouldContain("Nobody can recover it");
        Run(8, "id").Errors.ShouldContain("--passphrase-file");
        Run(8, "id", "--passphrase-file", FileWith(Other)).Errors.ShouldContain("not the passphrase");
        Run(8, "id", "--passphrase-file", Path.Combine(Home, "none"))
            .Errors.ShouldContain("could not be read");
        Run(0, "id", "--passphrase-file", FileWith(Secret)).Output.ShouldBe(id);
        Run(0, "passphrase").Output.ShouldContain("A passphrase protects");
        Run(0, "passphrase", "--json").Output.ShouldContain("\"protected\":true");
        Run(4, "passphrase", "set").Errors.ShouldContain("already");

        string[] change =
        [
            "passphrase",
            "change",
            "--new-passphrase-file",
            FileWith(Other),
            "--passphrase-file",
        ];
        Run(8, [.. change, FileWith(Other)]);
        Run(0, [.. change, FileWith(Secret)]);
        Run(8, "passphrase", "remove", "--passphrase-file", FileWith(Secret));
        Run(0, "rooms", "--passphrase-file", FileWith(Other));
        Run(0, "passphrase", "remove", "--passphrase-file", FileWith(Other));
        Run(0, "id").Output.ShouldBe(id);
    }

    [Fact]
    public void A_daemon_opens_protected_keys_and_others_attach_without_asking()
    {
        Run(0, "id", "--user", _homes.Name("alice"));
        Run(0, "passphrase", "set", "--new-passphrase-file", FileWith(Secret));
        Run(8, "daemon", "--detach").Errors.ShouldContain("--passphrase-file");
        Run(0, "daemon", "--detach", "--passphrase-file", FileWith(Secret));
        try
        {
            Run(0, "rooms");
            Run(0, "passphrase", "remove", "--passphrase-file", FileWith(Secret));
            Run(0, "rooms");
        }
        finally
        {
            Run(0, "daemon", "--stop");
        }
    }

    [Fact]
    public void The_terminal_asks_without_echo_and_the_screen_opens()
    {
        Run(0, "id", "--user", _homes.Name("alice"));
        using (var set = TerminalSession.Start(Home, 80, 24, "passphrase", "set"))
        {
            set.WaitFor("New passphrase:");
            set.Enter(Secret);
            set.WaitFor("The same again:");
            set.Enter(Secret);
            set.WaitFor("Nobody can recover");
            set.WaitForExit().ShouldBe(0);
            ShouldNotShow(set, Secret);
        }

        using var screen = TerminalSession.Start(Home, 80, 24);
        screen.WaitFor("Passphrase:");
        screen.Enter(Other);
        screen.WaitFor("Wrong. Passphrase:");
        ShouldNotShow(screen, Other);
        screen.Enter(Secret + "x\u007f");
        screen.WaitFor("/room NAME");
        screen.IsFullScreen.ShouldBeTrue();
        screen.Enter("/quit");
        screen.WaitForExit().ShouldBe(0);
        ShouldNotShow(screen, Secret);
    }

    [Fact]
    public void A_question_is_seen_wherever_output_goes_and_a_signal_gives_the_terminal_back()
    {
        Run(0, "id", "--user", _homes.Name("alice"));
        using var shell = TerminalSession.StartOther(
            Home,
            80,
            24,
            "/bin/sh",
            "-c",
            $"{PeerChatProgram.ShellCommand} passphrase set >/dev/null 2>&1 & echo pid $!; wait $!; echo code $?; stty -a"
        );
        shell.WaitFor("New passphrase:");
        shell.Type("half of");
        var id = int.Parse(
            shell.Words.Split("pid ")[1].Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
        Pty.Signal(id, 15);
        shell.WaitFor("code 143");
        shell.WaitForExit().ShouldBe(0);
        shell.Written.ShouldContain(" echo ");
        shell.Written.ShouldContain(" icanon ");
        ShouldNotShow(shell, "half of");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_kill_in_the_middle_of_a_change_leaves_the_old_or_the_new_passphrase(int seed)
    {
        Run(0, "id", "--user", _homes.Name("alice"));
        Run(0, "passphrase", "set", "--new-passphrase-file", FileWith(Secret));
        var random = new Random(seed);
        for (var turn = 0; turn < 3; turn++)
        {
            using (
                var change = PeerChatProgram.Start(
                    Home,
                    "",
                    [
                        "passphrase",
                        "change",
                        "--passphrase-file",
                        FileWith(Secret),
                        "--new-passphrase-file",
                        FileWith(Other),
                    ]
                )
            )
            {
                // Some time after the question of keys was begun: anywhere in reading, deriving, writing, renaming
                change.WaitForExit(TimeSpan.FromMilliseconds(random.Next(100, 1500)));
            }

            var (asBefore, _, _) = PeerChatProgram.Run(Home, "id", "--passphrase-file", FileWith(Secret));
            var (asAfter, _, _) = PeerChatProgram.Run(Home, "id", "--passphrase-file", FileWith(Other));
            (asBefore == 0 ^ asAfter == 0).ShouldBeTrue($"before {asBefore}, after {asAfter}");
            if (asAfter == 0)
            {
                Run(
                    0,
                    "passphrase",
                    "change",
                    "--passphrase-file",
                    FileWith(Other),
                    "--new-passphrase-file",
                    FileWith(Secret)
                );
            }
        }
    }

    [Fact]
    public void A_daemon_gets_what_was_typed_through_a_pipe()
    {
        Run(0, "id", "--user", _homes.Name("alice"));
        Run(0, "passphrase", "set", "--new-passphrase-file", FileWith(Secret));
        using (var daemon = TerminalSession.Start(Home, 80, 24, "daemon", "--detach"))
        {
            daemon.WaitFor("Passphrase:");
            daemon.Enter(Secret);
            daemon.WaitForExit().ShouldBe(0, daemon.Screen);
        }

        try
        {
            Run(0, "rooms");
            foreach (
                var file in Directory
                    .EnumerateFiles(Path.GetDirectoryName(KeysPath)!)
                    .Where(file => Path.GetFileName(file) is not ("lock" or "control.sock")) // the daemon's, and empty
            )
            {
                ReadShared(file).AsSpan().IndexOf("correct horse"u8).ShouldBe(-1, file);
            }
        }
        finally
        {
            Run(0, "daemon", "--stop");
        }
    }

    [Fact]
    public void Control_C_at_the_question_ends_and_leaves_the_keys()
    {
        Run(0, "id", "--user", _homes.Name("alice"));
        var before = File.ReadAllBytes(KeysPath);
        using var set = TerminalSession.Start(Home, 80, 24, "passphrase", "set");
        set.WaitFor("New passphrase:");
        set.Type("\u0003");
        set.WaitForExit().ShouldBe(130);
        File.ReadAllBytes(KeysPath).ShouldBe(before);
    }

    private static void ShouldNotShow(TerminalSession session, string secret)
    {
        session.Written.ShouldNotContain(secret);
        session.Written.ShouldNotContain(secret[..4]); // nor a part of it
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private string FileWith(string passphrase)
    {
        var path = Path.Combine(_homes.Of("files"), passphrase.Replace(' ', '-'));
        File.WriteAllText(path, passphrase + "\nsecond line\n");
        return path;
    }

    private (int Code, string Output, string Errors) Run(int expected, params string[] arguments)
    {
        var result = PeerChatProgram.Run(Home, arguments);
        result.Code.ShouldBe(expected, $"{string.Join(' ', arguments)}\n{result.Output}{result.Errors}");
        return result;
    }
}
