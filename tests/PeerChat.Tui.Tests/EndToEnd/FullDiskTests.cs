using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>The program on a disk that fills up. Needs a small file system of its own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class FullDiskTests : IDisposable
{
    private const int Block = 4096;

    private readonly TemporaryHomes _homes = new();
    private DirectoryInfo? _disk;

    /// <inheritdoc/>
    public void Dispose()
    {
        _homes.Dispose();
        foreach (var entry in _disk?.EnumerateFileSystemInfos() ?? [])
        {
            if (entry is DirectoryInfo home)
            {
                home.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    [Fact]
    public void On_a_disk_that_fills_up_while_somebody_types_nothing_written_is_lost()
    {
        var (home, filler) = OnTheDisk("sam");
        using (var screen = Screen(home))
        {
            screen.WaitFor("#notes:");
            screen.Enter("before it was full");
            screen.WaitFor("1 queued");
            Fill(filler);
            screen.Type("a sentence that somebody is still writing");

            screen.WaitForExit().ShouldBe(5, screen.Screen);
            screen.IsFullScreen.ShouldBeFalse();
            screen.Words.ShouldContain("disk is full");
            screen.Words.ShouldContain("a sentence that somebody is still writing");
        }

        File.Delete(filler);
        using var again = Screen(home);
        again.WaitFor("before it was full");
        again.Enter("there is room again");
        again.WaitFor("2 queued");
        again.Enter("/quit");
        again.WaitForExit().ShouldBe(0, again.Screen);
    }

    [Fact]
    public void A_script_hears_of_no_message_that_is_not_on_the_disk()
    {
        var (home, filler) = OnTheDisk("alice");
        using var bob = PeerChatProgram.Start(_homes.Of("bob"), "daemon", "--user", _homes.Name("bob"));
        using var alice = PeerChatProgram.Start(
            home,
            "listen",
            "--user",
            _homes.Name("alice"),
            "--room",
            _homes.Name("dev")
        );
        Send("there is room");
        alice.WaitForOutput("there is room");
        Fill(filler);

        Send("a long one " + new string('x', 30_000));

        alice.WaitForExit().ShouldBe(5, alice.Output);
        alice.Errors.ShouldContain("disk is full");
        alice.Output.ShouldNotContain("a long one");

        void Send(string text) =>
            PeerChatProgram
                .Run(
                    _homes.Of("bob"),
                    "send",
                    "--user",
                    _homes.Name("bob"),
                    "--room",
                    _homes.Name("dev"),
                    text,
                    "--wait",
                    "queued"
                )
                .Code.ShouldBe(0);
    }

    private (string Home, string Filler) OnTheDisk(string name)
    {
        var disk = Environment.GetEnvironmentVariable("PEERCHAT_TEST_SCREEN_DISK");
        Assert.SkipWhen(disk is null, "Needs a small file system in PEERCHAT_TEST_SCREEN_DISK.");
        _disk = new DirectoryInfo(disk);
        return (_disk.CreateSubdirectory(name).FullName, Path.Combine(disk, "filler"));
    }

    private TerminalSession Screen(string home) =>
        TerminalSession.Start(home, 80, 24, "--user", _homes.Name("sam"), "--room", "notes");

    // To the last byte
    private static void Fill(string path)
    {
        using var filler = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        var block = new byte[Block];
        try
        {
            while (true)
            {
                filler.Write(block);
            }
        }
        catch (IOException)
        {
            // full, which is what was wanted
        }
    }
}
