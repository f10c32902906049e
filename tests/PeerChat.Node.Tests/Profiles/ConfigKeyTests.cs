using PeerChat.Node.Profiles;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Profiles;

public sealed class ConfigKeyTests
{
    private static readonly ConfigKeyList Keys = new([
        new ConfigKey("send.wait", ConfigType.Choice("sent", "delivered"), "Until when to stay.")
        {
            Default = "sent",
        },
        new ConfigKey("timeout", ConfigType.Time, "How long to try."),
        new ConfigKey("send.timeout", ConfigType.Time, "How long to try.")
        {
            Fallback = "timeout",
            Default = "30s",
        },
        new ConfigKey("history.timeout", ConfigType.Time, "How long to try.") { Fallback = "timeout" },
        new ConfigKey("listen.accept", ConfigType.ListOf(ConfigType.Text), "Whom to accept."),
        new ConfigKey("json", ConfigType.YesNo, "One JSON object a line."),
    ]);

    [Fact]
    public void A_key_for_a_command_wins_over_the_general_one()
    {
        var file = ConfigFile.Parse("Send.Timeout = 5m\ntimeout = 1s\nlisten.accept = bob\n", Keys);
        file.Problems.ShouldBeEmpty();

        file.Find("send.timeout")!.Value.ShouldBe("5m");
        file.Find("history.timeout")!
            .ShouldSatisfyAllConditions(
                setting => setting.Value.ShouldBe("1s"),
                setting => setting.Key.Name.ShouldBe("timeout"),
                setting => setting.Line.ShouldBe(2)
            );
        file.Own("history.timeout").ShouldBeNull();
        file.Find("send.wait").ShouldBeNull();
        file.Find("nothing").ShouldBeNull();
    }

    [Theory]
    [InlineData(
        "send.wait = received",
        "The value of send.wait must be sent or delivered, not \"received\"."
    )]
    [InlineData(
        "send.timeout = soon",
        "The value of send.timeout must be a time such as 500ms, 30s, 5m or 1h (at most 7 days), not \"soon\"."
    )]
    [InlineData("json = 1", "The value of json must be yes or no, not \"1\".")]
    [InlineData(
        "listen.accept = ,",
        "The value of listen.accept must be a list with commas between, of which each is a text of 1 to 1,024 characters, not \",\"."
    )]
    [InlineData("sned.wait = sent", "There is no key \"sned.wait\"; did you mean send.wait?")]
    [InlineData("send.tiemout = 1s", "There is no key \"send.tiemout\"; did you mean send.timeout?")]
    [InlineData("colour = red", "There is no key \"colour\"; 'peerchat config list' shows all keys.")]
    [InlineData("json = yes\nJSON = no", "json is already given in line 1; the last one counts.")]
    public void Says_what_is_wrong_and_what_is_allowed(string text, string problem) =>
        ConfigFile.Parse(text, Keys).Problems.ShouldHaveSingleItem().Text.ShouldBe(problem);

    [Fact]
    public void A_wrong_line_behind_a_right_one_does_not_count() =>
        ConfigFile
            .Parse("send.wait = delivered\nsend.wait = later", Keys)
            .Find("send.wait")!
            .Value.ShouldBe("delivered");

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("168h", 604_800_000)]
    [InlineData("7", 7_000)]
    public void Reads_durations(string text, double milliseconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalMilliseconds.ShouldBe(milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("169h")]
    [InlineData("1d")]
    [InlineData("1e3")]
    [InlineData("s")]
    public void Refuses_what_is_no_duration_or_too_long(string text) =>
        DurationText.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void The_example_is_a_file_in_which_every_line_can_be_made_to_count()
    {
        var example = ConfigExample.Text(Keys);
        example.Split('\n').ShouldAllBe(line => line.Length == 0 || line[0] == '#');
        var file = ConfigFile.Parse(example, Keys);
        foreach (var key in Keys.All)
        {
            file.Set(key.Name, key.Default ?? key.Type.Example);
        }

        file.Problems.ShouldBeEmpty();
        file.Settings.Count.ShouldBe(Keys.All.Count);
        file.ToString().ShouldContain("# send.wait = sent\nsend.wait = sent\n");
    }

    [Theory]
    [InlineData("listen.accept", " alice")]
    [InlineData("listen.accept", "alice # bob")]
    [InlineData("listen.accept", "a\nb")]
    [InlineData("nothing", "1")]
    [InlineData("send.wait", "Sent")]
    public void What_could_not_be_read_back_is_not_written(string key, string value)
    {
        var file = ConfigFile.Parse("# mine\n", Keys);
        Should.Throw<ConfigException>(() => file.Set(key, value)).Message.ShouldNotContain("Parameter");
        file.ToString().ShouldBe("# mine\n");
    }

    [Fact]
    public void Text_and_lists_have_limits()
    {
        ConfigType.Text.Accepts(new string('x', ConfigType.MaxTextLength)).ShouldBeTrue();
        ConfigType.Text.Accepts(new string('x', ConfigType.MaxTextLength + 1)).ShouldBeFalse();
        ConfigType.ListOf(ConfigType.Text).Accepts("a, b").ShouldBeTrue();
        ConfigType.Split(" a ,, b ").ShouldBe(["a", "b"]);
    }
}
