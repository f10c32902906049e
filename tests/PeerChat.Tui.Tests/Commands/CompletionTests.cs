using System.Diagnostics;
using PeerChat.Tui.Commands.Help;
using PeerChat.Tui.Commands.Table;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("sen", "send")]
    [InlineData("send --wa", "--wait")]
    [InlineData("send --wait del", "delivered")]
    [InlineData("tail --acc", "--accept --accept-any")]
    [InlineData("requests acc", "accept")]
    [InlineData("requests --timeout 5s dec", "decline")]
    [InlineData("completion ba", "bash")]
    [InlineData("--ro", "--room --room-quota")]
    [InlineData("send --to al", "alice")]
    [InlineData("requests accept al", "alice")]
    public void Bash_completes_verbs_options_and_values(string line, string expected) =>
        Complete(line).ShouldBe(expected.Split(' '), ignoreOrder: true);

    [Fact]
    public void A_hostile_name_is_completed_as_text_and_never_run()
    {
        var words = Complete("send --to ev");

        words.ShouldBe([@"evil\$\(touch\ pwned\)\;x"]);
        File.Exists("pwned").ShouldBeFalse();
    }

    [Fact]
    public void Every_script_knows_every_verb_and_option()
    {
        foreach (
            var script in (string[])
                [
                    BashCompletion.Script(),
                    ZshCompletion.Script(),
                    FishCompletion.Script(),
                    PowerShellCompletion.Script(),
                ]
        )
        {
            script.ShouldNotContain("\r");
            foreach (var row in CommandTable.Verbs.Where(row => !row.IsHidden))
            {
                script.ShouldContain(row.Name);
                foreach (
                    var parameter in row.AllParameters.Where(one =>
                        one is { IsPositional: false, IsHidden: false }
                    )
                )
                {
                    script.ShouldContain(parameter.Name[2..]);
                }
            }

            script.ShouldNotContain("demo-peer");
        }
    }

    [Fact]
    public void The_manual_page_has_its_sections_and_groff_finds_nothing_wrong()
    {
        var page = ManualPage.Text();

        foreach (var section in (string[])["NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT"])
        {
            page.ShouldContain($".SH \"{section}\"\n");
        }

        if (!File.Exists("/usr/bin/groff"))
        {
            return;
        }

        var (output, errors) = Run("/usr/bin/groff", page, "-man", "-Tutf8", "-ww", "-P", "-c");
        errors.ShouldBeEmpty();
        output.ShouldContain("peerchat wait-for");
    }

    private static string[] Complete(string line)
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Skip("There is no bash here.");
        }

        // The program itself is stood in for: only what it prints matters here
        var script =
            BashCompletion.Script()
            + "peerchat() { printf '%s\\n' alice bob 'evil$(touch pwned);x'; }\n"
            + $"COMP_WORDS=(peerchat {line}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))\n"
            + "_peerchat; printf '%s\\n' \"${COMPREPLY[@]}\"\n";
        var (output, errors) = Run("/bin/bash", script, "--norc", "-s");
        errors.ShouldBeEmpty();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static (string Output, string Errors) Run(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (output.Result, errors.Result);
    }
}
