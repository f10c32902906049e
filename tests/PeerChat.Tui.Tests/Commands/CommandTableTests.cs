using PeerChat.Node;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Commands.Help;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class CommandTableTests
{
    [Fact]
    public void Every_command_of_the_control_protocol_belongs_to_one_row_or_is_internal_for_a_reason()
    {
        var all = typeof(NodeCommand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(NodeCommand)));
        var listed = CommandTable.All.SelectMany(row => row.Methods).Concat(CommandTable.Internal.Keys);

        listed.ShouldBe(all, ignoreOrder: true);
        CommandTable.Internal.Values.ShouldAllBe(reason => reason.Length > 0);
    }

    [Fact]
    public void Names_and_aliases_are_nobody_elses()
    {
        CommandTable.All.SelectMany(row => row.Aliases.Append(row.Name)).ShouldBeUnique();
        CommandTable.SlashForms.SelectMany(form => form.Aliases.Append(form.Name)).ShouldBeUnique();
        foreach (var row in CommandTable.All)
        {
            row.AllParameters.Select(parameter => parameter.Name).ShouldBeUnique();
        }
    }

    [Fact]
    public void Every_row_has_a_face_and_every_verb_says_how_it_ends()
    {
        foreach (var row in CommandTable.All)
        {
            (row.IsVerb || row.Slash.Count > 0 || row.Methods.Count > 0).ShouldBeTrue(row.Name);
            row.Summary.ShouldEndWith(".");
            if (row.IsVerb)
            {
                row.ExitCodes.ShouldContain(ExitCode.Done, row.Name);
                row.ExitCodes.ShouldAllBe(code => ExitCode.Meaning(code).Length > 0);
                (row.IsHidden || row.Examples.Count > 0).ShouldBeTrue(row.Name);
            }
        }
    }

    [Fact]
    public void Every_option_has_a_configuration_key_but_those_that_say_what_to_do()
    {
        foreach (var row in CommandTable.All.Where(row => row.IsVerb && !row.IsHidden))
        {
            foreach (var parameter in row.AllParameters.Where(parameter => !parameter.IsPositional))
            {
                if (parameter.IsAction)
                {
                    row.Name.ShouldBeOneOf(
                        "daemon",
                        "serve",
                        "verify",
                        "react",
                        "block",
                        "file",
                        "passphrase",
                        "retention",
                        "bundle",
                        "backup",
                        "export"
                    );
                    continue;
                }

                ConfigurationKeys.All.Find(row.KeyOf(parameter)!).ShouldNotBeNull(row.KeyOf(parameter));
                if (parameter.Default is { } usual)
                {
                    ParameterValues.Problem(parameter, usual).ShouldBeNull();
                }
            }
        }
    }

    [Theory]
    [InlineData("send.wait", "PEERCHAT_SEND_WAIT", null)]
    [InlineData("interface", "PEERCHAT_INTERFACES", null)]
    [InlineData("history.limit", "PEERCHAT_HISTORY_LIMIT", null)]
    [InlineData("send.timeout", "PEERCHAT_SEND_TIMEOUT", "timeout")]
    [InlineData("rooms.json", "PEERCHAT_ROOMS_JSON", "json")]
    public void Keys_have_a_variable_and_fall_back(string name, string variable, string? fallback)
    {
        var key = ConfigurationKeys.All.Find(name).ShouldNotBeNull();

        key.Variable.ShouldBe(variable);
        key.Fallback.ShouldBe(fallback);
        if (fallback is not null)
        {
            ConfigurationKeys.All.Find(fallback).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Help_shows_all_that_a_command_takes_within_the_width()
    {
        foreach (var row in CommandTable.All.Where(row => row.IsVerb))
        {
            var help = HelpPage.Of(row, 80);
            foreach (var parameter in row.AllParameters.Where(parameter => !parameter.IsHidden))
            {
                help.ShouldContain(parameter.IsPositional ? parameter.Placeholder : parameter.Name);
            }

            help.ShouldContain("Exit codes:");
            foreach (var example in row.Examples)
            {
                help.ShouldContain(example.Line);
            }

            var lines = help.Split('\n').Except(row.Examples.Select(example => "  " + example.Line));
            lines.ShouldAllBe(line => line.Length <= 80);
        }
    }

    [Fact]
    public void The_scripting_document_holds_the_commands_as_the_table_has_them()
    {
        const string Begin = "<!-- commands:begin -->\n";
        const string End = "<!-- commands:end -->";
        var path = Path.Combine(Repository(), "docs", "SCRIPTING.md");
        var text = File.ReadAllText(path);
        var (begin, end) = (
            text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length,
            text.IndexOf(End, StringComparison.Ordinal)
        );
        begin.ShouldBeGreaterThanOrEqualTo(Begin.Length, "docs/SCRIPTING.md has no place for the commands");
        var wanted = "\n" + CommandReference.Markdown() + "\n";
        if (Environment.GetEnvironmentVariable("PEERCHAT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, text[..begin] + wanted + text[end..]);
            return;
        }

        (text[begin..end] == wanted).ShouldBeTrue("PEERCHAT_UPDATE_DOCS=1 brings it the commands up to date");
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PeerChat.Tui.sln")))
        {
            folder = Path.GetDirectoryName(folder).ShouldNotBeNull();
        }

        return folder;
    }
}
