using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Profiles;

public sealed class ProfileLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProfileLockTests() => _folder.Profile.Create();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_at_a_time()
    {
        using (ProfileLock.Acquire(_folder.Profile))
        {
            Should
                .Throw<ProfileInUseException>(() => ProfileLock.Acquire(_folder.Profile))
                .OwnerProcessId.ShouldBe(Environment.ProcessId);
        }

        ProfileLock.Acquire(_folder.Profile).Dispose();
        File.Exists(_folder.Profile.OwnerPath).ShouldBeFalse();
    }

    [Fact]
    public void What_a_dead_owner_left_stops_nobody()
    {
        File.WriteAllText(_folder.Profile.LockPath, "");
        File.WriteAllText(_folder.Profile.OwnerPath, "4711\n");

        using var taken = ProfileLock.Acquire(_folder.Profile);
        File.ReadAllText(_folder.Profile.OwnerPath).Trim().ShouldBe($"{Environment.ProcessId}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("no number")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void An_owner_that_cannot_be_read_is_not_named(string owner)
    {
        using (ProfileLock.Acquire(_folder.Profile))
        {
            File.WriteAllText(_folder.Profile.OwnerPath, owner);
            var refusal = Should.Throw<ProfileInUseException>(() => ProfileLock.Acquire(_folder.Profile));
            refusal.OwnerProcessId.ShouldBeNull();
            refusal.Message.ShouldStartWith("Another PeerChat is already running");
        }
    }

    [Fact]
    public void The_lock_of_a_killed_process_is_free()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/flock"))
        {
            return;
        }

        File.WriteAllText(_folder.Profile.LockPath, "");
        using var owner = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/usr/bin/flock")
            {
                ArgumentList = { "--no-fork", _folder.Profile.LockPath, "sh", "-c", "echo locked; exec cat" },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        owner.StandardOutput.ReadLine().ShouldBe("locked");
        Should.Throw<ProfileInUseException>(() => ProfileLock.Acquire(_folder.Profile));

        owner.Kill();
        owner.WaitForExit();
        ProfileLock.Acquire(_folder.Profile).Dispose();
    }
}
