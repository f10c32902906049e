using PeerChat.Node.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

public sealed class SpoolFileTests : IDisposable
{
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("peerchat-spool-");

    /// <inheritdoc/>
    public void Dispose() => _profile.Delete(recursive: true);

    [Fact]
    public void What_a_killed_command_left_goes_at_the_next_start()
    {
        var left = Path.Combine(Directory.CreateDirectory(InProfile("spool")).FullName, "left");
        File.WriteAllText(left, "half of a pi");
        SpoolFile.Clean(_profile.FullName, new HashSet<string>());
        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public void What_a_command_still_holds_or_a_file_waits_for_stays()
    {
        using var held = Spool("held");
        using var waiting = Spool("waiting");
        waiting.HandOver();
        waiting.Dispose();
        SpoolFile.Clean(_profile.FullName, new HashSet<string> { waiting.Path });
        File.ReadAllText(held.Path).ShouldBe("held");
        File.ReadAllText(waiting.Path).ShouldBe("waiting");
        SpoolFile.Clean(_profile.FullName, new HashSet<string>());
        File.Exists(waiting.Path).ShouldBeFalse();
        File.Exists(held.Path).ShouldBeTrue();
    }

    [Fact]
    public void What_was_not_handed_over_goes_with_the_command()
    {
        var spool = Spool("never sent");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(spool.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        spool.Dispose();
        File.Exists(spool.Path).ShouldBeFalse();
    }

    private SpoolFile Spool(string text) =>
        SpoolFile.Create(
            _profile.FullName,
            new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
            CancellationToken.None
        );

    private string InProfile(string name) => Path.Combine(_profile.FullName, name);
}
