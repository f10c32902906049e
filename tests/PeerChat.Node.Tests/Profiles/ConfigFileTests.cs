using FsCheck;
using FsCheck.Fluent;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Profiles;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", null, null)]
    [InlineData("announce-name = yes\nport = 4000\n", true, 4000)]
    [InlineData("\uFEFF  Announce-Name=no   # not here\r\n\r\n# port = 1\r\nPORT=65535", false, 65535)]
    public void Reads_what_is_given(string text, bool? announce, int? port)
    {
        var config = ConfigFile.Parse(text);
        config.Problems.ShouldBeEmpty();
        config.AnnounceName.ShouldBe(announce);
        config.Port.ShouldBe(port);
    }

    [Theory]
    [InlineData("\nprot = 5", "line 2: There is no key \"prot\"; did you mean port?")]
    [InlineData(
        "anounce_name = yes",
        "line 1: There is no key \"anounce_name\"; did you mean announce-name?"
    )]
    [InlineData("colour = red", "line 1: There is no key \"colour\"; the keys are announce-name, port.")]
    [InlineData("port = 0", "line 1: The value of port must be a number from 1 to 65535, not \"0\".")]
    [InlineData("port = 65536", "line 1: The value of port must be a number from 1 to 65535, not \"65536\".")]
    [InlineData("port =", "line 1: The value of port must be a number from 1 to 65535, not \"\".")]
    [InlineData(
        "announce-name = maybe",
        "line 1: The value of announce-name must be yes or no, not \"maybe\"."
    )]
    [InlineData("port 5", "line 1: \"port 5\" is not of the form key = value.")]
    [InlineData("= 5", "line 1: \"= 5\" is not of the form key = value.")]
    [InlineData("port = 1\nport = 2", "line 2: port is already given in line 1; the last one counts.")]
    public void Says_what_is_wrong_and_where(string text, string problem) =>
        ConfigFile.Parse(text).Problems.ShouldHaveSingleItem().ToString().ShouldBe(problem);

    [Fact]
    public void A_wrong_line_does_not_take_the_others_with_it()
    {
        var config = ConfigFile.Parse("port = 5\nnonsense\nport = six\nannounce-name = no");
        config.Problems.Count.ShouldBe(2);
        config.Port.ShouldBe(5);
        config.AnnounceName.ShouldBe(false);
    }

    [Fact]
    public void A_change_keeps_every_comment_and_every_blank()
    {
        var config = ConfigFile.Parse("# mine\n\n  port  =  5   # five\nunknown = 1\n# end\n");
        config.Port = 6;
        config.AnnounceName = true;

        config
            .ToString()
            .ShouldStartWith("# mine\n\n  port  =  6   # five\nunknown = 1\n# end\n\n# Whether others");
        config.ToString().ShouldEndWith("\nannounce-name = yes\n");
        config.Port = null;
        config.ToString().ShouldStartWith("# mine\n\nunknown = 1\n");
        config.Port.ShouldBeNull();
    }

    [Fact]
    public void A_change_of_a_doubled_key_changes_the_one_that_counts()
    {
        var config = ConfigFile.Parse("port = 1\nport = 2\n");
        config.Port = 3;
        config.Port.ShouldBe(3);
        config.ToString().ShouldBe("port = 1\nport = 3\n");
    }

    [Fact]
    public void A_new_file_explains_itself_and_is_private()
    {
        var path = _folder.In("config/config");
        var config = ConfigFile.Load(path);
        config.AnnounceName = false;
        config.Save(path);

        ConfigFile.Load(path).AnnounceName.ShouldBe(false);
        ConfigFile.Load(path).Problems.ShouldBeEmpty();
        File.ReadAllText(path).ShouldStartWith("# PeerChat's configuration");
        if (!OperatingSystem.IsWindows())
        {
            ((int)File.GetUnixFileMode(path)).ShouldBe(0b110_000_000);
        }
    }

    [Fact]
    public void A_link_to_the_file_stays_a_link()
    {
        var target = _folder.In("dotfiles-config");
        File.WriteAllText(target, "port = 1\n");
        File.CreateSymbolicLink(_folder.In("config"), target);
        var config = ConfigFile.Load(_folder.In("config"));
        config.Port = 2;
        config.Save(_folder.In("config"));

        File.ReadAllText(target).ShouldBe("port = 2\n");
        new FileInfo(_folder.In("config")).LinkTarget.ShouldBe(target);
    }

    [Fact]
    public void Refuses_values_that_could_not_be_read_back() =>
        Should.Throw<ConfigException>(() => ConfigFile.Parse("").Port = 70_000);

    [Fact]
    public void A_file_that_is_too_large_or_no_file_is_named()
    {
        File.WriteAllBytes(_folder.In("config"), new byte[ConfigFile.MaxBytes + 1]);
        Should.Throw<StorageException>(() => ConfigFile.Load(_folder.In("config")));
        ConfigFile.LoadForStart(_folder.In("config")).Problems.ShouldHaveSingleItem().Line.ShouldBe(0);
        Should.Throw<StorageException>(() => ConfigFile.Load(_folder.In("")));
        Should.Throw<StorageException>(() =>
            ConfigFile.Parse("").Save(Path.Combine(_folder.In("config"), "x"))
        );
    }

    [Fact]
    public void A_file_of_another_encoding_keeps_its_comments_and_one_of_another_system_its_line_ends()
    {
        var path = _folder.In("config");
        File.WriteAllBytes(path, [.. "# caf\u00e9\r\nport = 1\r\n".Select(c => (byte)c)]);
        ConfigFile.Update(path, ConfigKeyList.OfNode, file => file.Port = 2);
        File.ReadAllText(path).ShouldBe("# caf\u00e9\r\nport = 2\r\n");

        File.WriteAllText(path, "port = 3\n", System.Text.Encoding.Unicode);
        ConfigFile.Load(path).Port.ShouldBe(3);
    }

    [Fact]
    public void A_file_that_others_may_read_stays_so()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists instead.");
            return;
        }

        const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        var path = _folder.In("config");
        File.WriteAllText(path, "port = 1\n");
        File.SetUnixFileMode(path, Shared);
        ConfigFile.Update(path, ConfigKeyList.OfNode, file => file.Port = 2);

        File.GetUnixFileMode(path).ShouldBe(Shared);
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_yet_stays_a_link()
    {
        File.CreateSymbolicLink(_folder.In("config"), _folder.In("dotfiles-config"));
        ConfigFile.Update(_folder.In("config"), ConfigKeyList.OfNode, file => file.Port = 2);

        ConfigFile.Load(_folder.In("dotfiles-config")).Port.ShouldBe(2);
        new FileInfo(_folder.In("config")).LinkTarget.ShouldBe(_folder.In("dotfiles-config"));
    }

    [Fact]
    public void Writers_at_the_same_time_lose_nothing_of_each_other()
    {
        const int Writers = 16;
        var path = _folder.In("config");
        var keys = new ConfigKeyList(
            Enumerable.Range(0, Writers).Select(i => new ConfigKey($"key-{i}", ConfigType.Text, "A key."))
        );
        Parallel.For(
            0,
            Writers,
            i => ConfigFile.Update(path, keys, file => file.Set($"key-{i}", $"value {i}"))
        );

        var file = ConfigFile.Load(path, keys);
        file.Problems.ShouldBeEmpty();
        file.Settings.Count.ShouldBe(Writers);
    }

    [Fact]
    public void What_an_editor_wrote_in_between_is_kept()
    {
        var path = _folder.In("config");
        var edited = false;
        ConfigFile.Update(
            path,
            ConfigKeyList.OfNode,
            file =>
            {
                file.Port = 2;
                if (!edited)
                {
                    edited = true;
                    File.WriteAllText(path, "announce-name = no # by hand\n");
                }
            }
        );

        var after = ConfigFile.Load(path);
        (after.Port, after.AnnounceName).ShouldBe((2, false));
        File.ReadAllText(path).ShouldContain("# by hand");
    }

    [Fact]
    public void No_text_makes_it_fail_and_a_setting_can_always_be_written() =>
        Prop.ForAll<string?>(text =>
            {
                var config = ConfigFile.Parse(text ?? "");
                config.Port = 4321;
                ConfigFile.Parse(config.ToString()).Port.ShouldBe(4321);
            })
            .QuickCheckThrowOnFailure();
}
