using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Profiles;

public sealed class ProfileLocationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "", "/home/al/.local/share/peerchat", "/home/al/.config/peerchat/config")]
    [InlineData(0, "XDG_DATA_HOME=/d XDG_CONFIG_HOME=/c", "/d/peerchat", "/c/peerchat/config")]
    [InlineData(
        0,
        "XDG_DATA_HOME=not/rooted XDG_CONFIG_HOME=",
        "/home/al/.local/share/peerchat",
        "/home/al/.config/peerchat/config"
    )]
    [InlineData(
        1,
        "XDG_DATA_HOME=/d",
        "/home/al/Library/Application Support/PeerChat",
        "/home/al/Library/Application Support/PeerChat/config"
    )]
    [InlineData(2, "LOCALAPPDATA=/local APPDATA=/roaming", "/local/PeerChat", "/roaming/PeerChat/config")]
    [InlineData(2, "", "/home/al/AppData/Local/PeerChat", "/home/al/AppData/Roaming/PeerChat/config")]
    [InlineData(0, "PEERCHAT_HOME=/pc XDG_DATA_HOME=/d", "/pc", "/pc/config")]
    [InlineData(1, "PEERCHAT_HOME=/pc", "/pc", "/pc/config")]
    [InlineData(2, "PEERCHAT_HOME=/pc", "/pc", "/pc/config")]
    public void Each_platform_has_its_places(int platform, string variables, string root, string config)
    {
        var location = Resolve((HostPlatform)platform, variables, "/home/al");
        location.Root.ShouldBe(root);
        location.ConfigPath.ShouldBe(config);
    }

    [Fact]
    public void Without_a_home_the_user_is_told_what_to_set()
    {
        Should
            .Throw<StorageException>(() => Resolve(HostPlatform.Xdg, "", ""))
            .Message.ShouldContain("PEERCHAT_HOME");
        Resolve(HostPlatform.Xdg, "PEERCHAT_HOME=/pc", "").Root.ShouldBe("/pc");
    }

    [Fact]
    public void A_name_gives_one_folder_that_does_not_show_it()
    {
        var location = Here();
        var name = Path.GetFileName(location.Of("alice").FullPath);

        // The value is fixed: a change would lose every profile there is.
        name.ShouldBe("b7ac45afdb0ede0dc5ddec7294046fc6");
        location.Of("alice").ShouldBe(location.Of("alice"));
        location.Of("bob").ShouldNotBe(location.Of("alice"));
        Path.GetFileName(location.Of("../../etc").FullPath).Length.ShouldBe(32);
    }

    [Fact]
    public void Profiles_are_listed_with_the_names_their_users_chose()
    {
        var location = Here();
        location.List().ShouldBeEmpty();
        foreach (var name in new[] { "Alice", "Bob ☃" })
        {
            using var store = TemporaryFolder.OpenOwner(location.Of(name.ToLowerInvariant()));
            store.Folder.WriteDisplayName(name);
        }

        Directory.CreateDirectory(Path.Combine(location.Root, "something else"));

        location
            .List()
            .Select(folder => folder.ReadDisplayName())
            .ShouldBe(["Alice", "Bob ☃"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"name\":\"  \"}")]
    [InlineData("{\"name\":7}")]
    [InlineData("not json")]
    public void A_name_file_that_makes_no_sense_is_no_name(string content)
    {
        var folder = _folder.Profile;
        folder.Create();
        folder.ReadDisplayName().ShouldBeNull();
        File.WriteAllText(folder.NamePath, content);
        folder.ReadDisplayName().ShouldBeNull();
    }

    [Fact]
    public void The_last_user_is_remembered()
    {
        var location = Here();
        location.ReadLastUser().ShouldBeNull();
        location.WriteLastUser("Alice");
        location.WriteLastUser("Bob ☃");
        Here().ReadLastUser().ShouldBe("Bob ☃");

        File.WriteAllBytes(Path.Combine(location.Root, "last-profile"), new byte[100_000]);
        location.ReadLastUser().ShouldBeNull();
    }

    [Fact]
    public void Starts_of_several_users_at_once_do_not_disturb_each_other()
    {
        Parallel.For(0, 200, number => Here().WriteLastUser($"user-{number % 20}"));

        Here().ReadLastUser()!.ShouldStartWith("user-");
        Directory.GetFiles(Here().Root, "*.new").ShouldBeEmpty();
    }

    [Fact]
    public void New_folders_are_private_and_those_of_others_stay_as_they_are()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var location = Resolve(HostPlatform.Xdg, $"PEERCHAT_HOME={_folder.In("a/b")}", "/");
        location.Of("alice").Create();
        Mode(_folder.In("a")).ShouldBe(0b111_000_000);
        Mode(location.Root).ShouldBe(0b111_000_000);
        Mode(location.Of("alice").FullPath).ShouldBe(0b111_000_000);

        var foreign = Directory.CreateDirectory(_folder.In("home"));
        File.WriteAllText(Path.Combine(foreign.FullName, "letter.txt"), "");
        File.SetUnixFileMode(foreign.FullName, (UnixFileMode)0b111_101_101);
        ProfileLocation.At(foreign.FullName).Create();
        Mode(foreign.FullName).ShouldBe(0b111_101_101);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_named()
    {
        File.WriteAllText(_folder.In("profile"), "");
        Should
            .Throw<StorageException>(() => _folder.OpenOwner())
            .Message.ShouldContain(_folder.In("profile"));
    }

    private static int Mode(string path) => OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(path);

    private ProfileLocation Here() =>
        Resolve(HostPlatform.Xdg, $"PEERCHAT_HOME={_folder.In("home-root")}", "/");

    private static ProfileLocation Resolve(HostPlatform platform, string variables, string home)
    {
        var values = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return ProfileLocation.Resolve(platform, name => values.GetValueOrDefault(name), home);
    }
}
