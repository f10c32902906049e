using PeerChat.Node.Profiles;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Profiles;

public sealed class NetworkFileSystemTests
{
    private static readonly string[] Table =
    [
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
        "30 22 0:30 / /home rw - nfs4 server:/home rw,vers=4.2",
        "31 30 8:2 / /home/al/local\\040disk rw shared:9 master:2 - btrfs /dev/sdb rw",
        "32 22 0:31 / /mnt/remote rw - fuse.sshfs al@host: rw",
        "33 22 0:32 / /mnt/crypt rw - fuse.gocryptfs /x rw",
        "34 22 0:33 / /over rw - cifs //server/share rw",
        "35 22 8:3 / /over rw - xfs /dev/sdc rw",
        "nonsense",
        "",
    ];

    [Theory]
    [InlineData("/var/lib", null)]
    [InlineData("/home", "nfs4")]
    [InlineData("/home/al/.local/share/peerchat", "nfs4")]
    [InlineData("/homework", null)]
    [InlineData("/home/al/local disk/peerchat", null)]
    [InlineData("/mnt/remote/x", "sshfs")]
    [InlineData("/mnt/crypt/x", null)]
    [InlineData("/over/x", null)]
    public void Finds_the_mount_that_a_folder_lies_on(string folder, string? type) =>
        NetworkFileSystem.TypeOf(Table, folder).ShouldBe(type);

    [Fact]
    public void The_folder_for_temporary_files_is_local() =>
        NetworkFileSystem.TypeOf(Path.GetTempPath()).ShouldBeNull();
}
