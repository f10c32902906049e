using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>
/// A disk that fills up while somebody writes. Needs a small file system: set PEERCHAT_TEST_SMALL_DISK to a folder on one, such as
/// <c>mount -t tmpfs -o size=2m tmpfs /mnt/small</c>; <c>.ci/run</c> does.
/// </summary>
[Collection(EndToEndCollection.Name)]
public sealed class FullDiskTests
{
    private const string Variable = "PEERCHAT_TEST_SMALL_DISK";

    [Fact]
    public void On_a_full_disk_the_screen_ends_with_the_reason_and_gives_back_what_was_written()
    {
        var small = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(small is null, $"Needs a small file system in {Variable}.");
        var home = Directory.CreateDirectory(Path.Combine(small!, "screen"));
        try
        {
            using var alice = TerminalSession.Start(
                home.FullName,
                80,
                24,
                "--user",
                "alice",
                "--room",
                "notes"
            );
            alice.WaitFor("nobody here yet");
            Fill(Path.Combine(small!, "ballast"));
            alice.Type("a long thought 日本語 that nobody has read yet");

            alice.WaitForExit().ShouldBe(5);

            alice.IsFullScreen.ShouldBeFalse();
            alice.Words.ShouldContain("the disk is full");
            alice.Words.ShouldContain("This was being written to notes and is not sent:");
            alice.Words.ShouldContain("a long thought 日本語 that nobody has read yet");
        }
        finally
        {
            File.Delete(Path.Combine(small!, "ballast"));
            home.Delete(recursive: true);
        }
    }

    // To the last byte: SQLite would go on in what is left of a block
    private static void Fill(string path)
    {
        using var file = new FileStream(
            path,
            FileMode.Create,
            FileAccess.Write,
            FileShare.None,
            bufferSize: 0
        );
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException full)
        {
            full.HResult.ShouldBe(28); // ENOSPC
        }
    }
}
