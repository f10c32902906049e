using System.Text.Json;
using PeerChat.Node.Profiles;
using PeerChat.Tui.Commands;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private static readonly ConfigKeyList Keys = new([
        new ConfigKey("timeout", ConfigType.Time, "How long to try.") { Variable = "TEST_TIMEOUT" },
        new ConfigKey("send.timeout", ConfigType.Time, "How long to send.")
        {
            Fallback = "timeout",
            Default = "30s",
            Variable = "TEST_SEND_TIMEOUT",
        },
        new ConfigKey("user", ConfigType.Text, "Your name."),
    ]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-config-");
    private readonly Dictionary<string, string> _environment = [];
    private readonly Dictionary<string, string> _flags = [];
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private bool _json;
    private Func<string, Task<int>> _editor = _ => Task.FromResult(0);

    private string ConfigPath => Path.Combine(_folder.FullName, "peerchat", "config");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_fresh_set_makes_a_file_that_explains_itself()
    {
        (await RunAsync("set", "send.timeout", "5m")).ShouldBe("");
        var text = await File.ReadAllTextAsync(ConfigPath, TestContext.Current.CancellationToken);
        text.ShouldStartWith("# PeerChat's configuration");
        text.ShouldContain("# How long to send.");
        text.ShouldEndWith("\nsend.timeout = 5m\n");
        (await RunAsync("get", "send.timeout")).ShouldBe("5m\n");
        (await RunAsync("unset", "SEND.timeout")).ShouldBe("");
        (await RunAsync("get", "send.timeout")).ShouldBe("30s\n");
        _errors.ToString().ShouldBe("");
    }

    [Fact]
    public async Task Explain_says_where_a_value_comes_from_and_the_strongest_wins()
    {
        (await ExplainAsync()).ShouldBe("send.timeout = 30s  # default");
        await RunAsync("set", "timeout", "1s");
        (await ExplainAsync()).ShouldStartWith($"send.timeout = 1s  # {ConfigPath}, line ");
        await RunAsync("set", "send.timeout", "2s");
        (await ExplainAsync()).ShouldStartWith($"send.timeout = 2s  # {ConfigPath}, line ");
        _environment["TEST_TIMEOUT"] = "3s";
        (await ExplainAsync()).ShouldBe("send.timeout = 3s  # environment variable TEST_TIMEOUT");
        _environment["TEST_SEND_TIMEOUT"] = "4s";
        (await ExplainAsync()).ShouldBe("send.timeout = 4s  # environment variable TEST_SEND_TIMEOUT");
        _flags["send.timeout"] = "5s";
        (await ExplainAsync()).ShouldBe("send.timeout = 5s  # flag --send.timeout");
        var all = await RunAsync("explain", "send.timeout");
        all.ShouldContain("How long to send.");
        all.ShouldContain("must be a time such as");
        all.ShouldContain("timeout counts");

        async Task<string> ExplainAsync() => (await RunAsync("explain", "send.timeout")).Split('\n')[0];
    }

    [Fact]
    public async Task Get_without_a_key_shows_what_somebody_said_and_list_shows_everything()
    {
        await RunAsync("set", "user", "alice");
        (await RunAsync("get")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
        var list = await RunAsync("list");
        foreach (var key in Keys.All)
        {
            list.ShouldContain(key.Name);
        }

        _json = true;
        var line = (await RunAsync("get", "user")).TrimEnd();
        var setting = JsonDocument.Parse(line).RootElement;
        setting.GetProperty("type").GetString().ShouldBe("setting");
        setting.GetProperty("value").GetString().ShouldBe("alice");
        setting.GetProperty("source").GetString().ShouldBe("file");
    }

    [Theory]
    [InlineData("did you mean timeout?", "set", "tmeout", "1s")]
    [InlineData("did you mean timeout?", "get", "tmeout")]
    [InlineData("must be a time", "set", "timeout", "soon")]
    [InlineData("cannot be written", "set", "user", "a # b")]
    [InlineData("Say which key and what value", "set", "user")]
    [InlineData("Say which key and what value", "set", "user", "a", "b")]
    [InlineData("takes nothing more", "path", "user")]
    [InlineData("There is no 'config change'", "change")]
    public async Task Each_mistake_gets_a_sentence_and_changes_nothing(
        string words,
        string verb,
        params string[] arguments
    )
    {
        (await Should.ThrowAsync<UsageException>(() => RunAsync(verb, arguments))).Message.ShouldContain(
            words
        );
        File.Exists(ConfigPath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_without_a_value_ends_with_code_3()
    {
        (await CommandOf().RunAsync("get", ["user"])).ShouldBe(ExitCode.NobodyFound);
        _output.ToString().ShouldBe("");
        _errors.ToString().ShouldContain("user is not set");
    }

    [Fact]
    public async Task A_file_full_of_mistakes_gets_five_lines_and_stops_nothing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        await File.WriteAllLinesAsync(
            ConfigPath,
            Enumerable.Range(0, 8).Select(i => $"nonsense-{i} = 1").Append("user = bob"),
            TestContext.Current.CancellationToken
        );

        (await RunAsync("get", "user")).ShouldBe("bob\n");
        var lines = _errors.ToString().TrimEnd().Split('\n');
        lines.Length.ShouldBe(6);
        lines[0].ShouldContain($"{ConfigPath}, line 1: There is no key");
        lines[5].ShouldContain("3 more");
    }

    [Fact]
    public async Task What_counts_only_after_a_restart_is_said()
    {
        await RunAsync("set", "port", "4000");
        _errors.ToString().ShouldContain("counts from the next start on");
    }

    [Fact]
    public async Task Edit_opens_a_file_that_explains_every_key_and_names_mistakes_afterwards()
    {
        _editor = path =>
        {
            File.ReadAllText(path).ShouldContain("# send.timeout = 30s\n");
            File.AppendAllText(path, "prot = 1\n");
            return Task.FromResult(0);
        };
        await RunAsync("edit");
        _errors.ToString().ShouldContain("did you mean port?");
        _editor = _ => Task.FromResult(1);
        (await CommandOf().RunAsync("edit", [])).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task An_editor_is_a_command_with_arguments_and_a_path_is_one_word()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The shell is another one there.");
        var path = Path.Combine(_folder.FullName, "a file; with $(signs)");
        await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);
        (await TextEditor.RunAsync("test -f", path)).ShouldBe(0);
        (await TextEditor.RunAsync("test -d", path)).ShouldBe(1);
        (await TextEditor.RunAsync("no-such-editor-anywhere", path)).ShouldBe(127);
    }

    [Fact]
    public async Task Path_and_example_work_where_there_is_no_file()
    {
        (await RunAsync("path")).ShouldBe(ConfigPath + "\n");
        ConfigFile.Parse(await RunAsync("example"), Keys).Problems.ShouldBeEmpty();
        File.Exists(ConfigPath).ShouldBeFalse();
    }

    private async Task<string> RunAsync(string verb, params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        (await CommandOf().RunAsync(verb, arguments)).ShouldBe(ExitCode.Done, _errors.ToString());
        return _output.ToString();
    }

    private ConfigCommand CommandOf() =>
        new(Keys, ConfigPath, _output, _errors, name => _environment.GetValueOrDefault(name))
        {
            Flags = _flags,
            Json = _json,
            OpenEditor = _editor,
        };
}
