using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>The full screen on a disk that fills up. Needs a small file system of its own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class FullDiskTests : IDisposable
{
    private const int Block = 4096;

    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void On_a_disk_that_fills_up_while_somebody_types_nothing_written_is_lost()
    {
        var disk = Environment.GetEnvironmentVariable("PEERCHAT_TEST_SCREEN_DISK");
        Assert.SkipWhen(disk is null, "Needs a small file system in PEERCHAT_TEST_SCREEN_DISK.");
        var home = Directory.CreateDirectory(Path.Combine(disk!, "sam")).FullName;
        var filler = Path.Combine(disk!, "filler");
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
