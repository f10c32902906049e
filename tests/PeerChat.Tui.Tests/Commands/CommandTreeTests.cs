using PeerChat.Tui.Commands;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class CommandTreeTests
{
    [Fact]
    public void Options_before_and_behind_the_verb_count_alike()
    {
        foreach (
            var line in (string[][])
                [
                    ["--user", "a", "send", "hi"],
                    ["send", "--user", "a", "hi"],
                ]
        )
        {
            var parsed = CommandTree.Parse(line);

            parsed.Row.Name.ShouldBe("send");
            parsed.Values["--user"].ShouldBe(["a"]);
            parsed.Values["TEXT"].ShouldBe(["hi"]);
        }
    }

    [Theory]
    [InlineData("@bob look at this")]
    [InlineData("/etc/passwd")]
    [InlineData("[diagram]")]
    [InlineData("send")]
    public void A_text_is_a_text_whatever_it_begins_with(string text) =>
        CommandTree.Parse(["send", "--to", "@pc1", text]).Values["TEXT"].ShouldBe([text]);

    [Theory]
    [InlineData("")]
    [InlineData("--user alice --join bob --join carol --room dev")]
    [InlineData("--user alice --plain --mouse --lang ja")]
    [InlineData("send --to bob --json --timeout 5s")]
    [InlineData("attach --user alice")]
    [InlineData("listen --json --count 3 --from bob")]
    public void Lines_of_the_simplest_form_mean_what_they_mean_to_the_parser(string line)
    {
        var arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var simple = SimpleLine.Read(arguments).ShouldNotBeNull();

        var parsed = CommandTree.ParseAny(arguments);
        (simple.Row, simple.Wanted).ShouldBe((parsed.Row, parsed.Wanted));
        simple.Values.Keys.ShouldBe(parsed.Values.Keys, ignoreOrder: true);
        foreach (var (name, values) in parsed.Values)
        {
            simple.Values[name].ShouldBe(values, name);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("-u alice")]
    [InlineData("--user=alice")]
    [InlineData("--user")]
    [InlineData("--user --plain")]
    [InlineData("--user alice --user bob")]
    [InlineData("--plain false")]
    [InlineData("--no-such-option")]
    [InlineData("sned")]
    [InlineData("send hello")]
    [InlineData("send --to bob -- --json")]
    public void Every_other_line_is_left_to_the_parser(string line) =>
        SimpleLine.Read(line.Split(' ')).ShouldBeNull();

    [Fact]
    public void An_alias_is_its_command() =>
        CommandTree.Parse(["tail", "-n", "5"]).Row.Name.ShouldBe("listen");

    [Fact]
    public void Help_needs_nothing_else()
    {
        var parsed = CommandTree.Parse(["send", "--help"]);
        (parsed.Row.Name, parsed.Wanted).ShouldBe(("send", Wanted.Help));
        CommandTree.Parse(["--version"]).Wanted.ShouldBe(Wanted.Version);
    }

    [Fact]
    public void Help_is_a_verb_too()
    {
        var parsed = CommandTree.Parse(["help", "send"]);
        (parsed.Row.Name, parsed.Wanted).ShouldBe(("help", Wanted.Run));
        parsed.Values["COMMAND"].ShouldBe(["send"]);
    }

    [Theory]
    [InlineData("--too", "--to")]
    [InlineData("--jsn", "--json")]
    [InlineData("--user=bob --profil=x", "--profile")]
    public void A_mistyped_option_is_answered_with_the_nearest(string options, string nearest) =>
        Should
            .Throw<UsageException>(() => CommandTree.Parse(["send", .. options.Split(' '), "hi"]))
            .Message.ShouldEndWith($"Did you mean {nearest}?");

    [Theory]
    [InlineData("sned")]
    [InlineData("sned --help")]
    public void A_mistyped_verb_is_answered_with_the_nearest(string line) =>
        Should
            .Throw<UsageException>(() => CommandTree.Parse(line.Split(' ')))
            .Message.ShouldEndWith("Did you mean send?");

    [Fact]
    public void The_command_line_wins_over_the_environment_over_the_configuration_over_the_default()
    {
        Resolve("--wait", null, null, null).ShouldBe(("sent", OptionSource.Default));
        Resolve("--wait", null, null, "queued").ShouldBe(("queued", OptionSource.Configuration));
        Resolve("--wait", null, "delivered", "queued").ShouldBe(("delivered", OptionSource.Environment));
        Resolve("--wait", "sent", "delivered", "queued").ShouldBe(("sent", OptionSource.CommandLine));
    }

    [Fact]
    public void A_value_that_cannot_be_is_refused_with_its_source()
    {
        Should
            .Throw<UsageException>(() => Resolve("--wait", null, "soon", null))
            .Message.ShouldContain("PEERCHAT_SEND_WAIT");
        Should
            .Throw<UsageException>(() => Resolve("--timeout", "8d", null, null))
            .Message.ShouldContain("7 days");
    }

    [Fact]
    public void Of_two_that_exclude_each_other_the_one_said_nearer_counts()
    {
        var row = CommandTable.Find("send")!;
        var given = new Dictionary<string, IReadOnlyList<string>> { ["--room"] = ["dev"] };
        var call = new Call(
            row,
            new OptionResolver(given, _ => null, key => key == "send.to" ? "bob" : null)
        );
        call.OneOf("--to", "--room", "no").ShouldBe((null, "dev"));
    }

    private static (string?, OptionSource) Resolve(string name, string? given, string? variable, string? line)
    {
        var row = CommandTable.Find("send")!;
        var parameter = row.AllParameters.Single(parameter => parameter.Name == name);
        var resolver = new OptionResolver(
            given is null
                ? new Dictionary<string, IReadOnlyList<string>>()
                : new Dictionary<string, IReadOnlyList<string>> { [name] = [given] },
            known => known == "PEERCHAT_SEND_WAIT" ? variable : null,
            key => key == "send.wait" ? line : null
        );
        var value = resolver.Resolve(row, parameter);
        return (value.Single, value.Source);
    }
}
