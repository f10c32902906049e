using System.Globalization;
using System.Text;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands.Help;

/// <summary>The manual page, in the man macros of roff.</summary>
internal static class ManualPage
{
    /// <summary>The page.</summary>
    public static string Text()
    {
        var page = new StringBuilder();
        page.Append($".TH PEERCHAT 1 \"\" \"PeerChat {Escape(ProgramVersion.Text)}\" \"User Commands\"\n");
        Heading(page, "NAME");
        Line(page, "peerchat \\- chat without a server, peer to peer, in the terminal", isEscaped: true);
        Heading(page, "SYNOPSIS");
        foreach (var row in Completable.Rows)
        {
            page.Append(".PP\n");
            Line(page, Usage.Of(row));
        }

        Heading(page, "DESCRIPTION");
        Line(page, Words.Of(CommandTable.Root.Summary));
        foreach (var paragraph in CommandTable.Root.Help)
        {
            page.Append(".PP\n");
            Line(page, Words.Of(paragraph));
        }

        Parameters(page, CommandTable.Root.Parameters);
        Heading(page, "PROFILE OPTIONS");
        Parameters(page, SharedParameters.Profile);
        Heading(page, "COMMANDS");
        foreach (var row in Completable.Verbs)
        {
            Command(page, row);
        }

        Heading(page, "IN A CHAT");
        foreach (var form in CommandTable.SlashForms)
        {
            var names = string.Join(", ", [form.Name, .. form.Aliases]);
            Entry(page, $"{names} {form.Arguments}".TrimEnd(), Words.Of(form.Help));
        }

        Heading(page, "EXIT STATUS");
        foreach (var code in Completable.Rows.SelectMany(row => row.ExitCodes).Distinct().Order())
        {
            Entry(page, $"{code}", Words.Of(ExitCode.Meaning(code)));
        }

        Environment(page);
        Heading(page, "SEE ALSO");
        Line(page, Words.Of("docs/SCRIPTING.md describes the output for programs and the control protocol."));
        return page.ToString();
    }

    private static void Command(StringBuilder page, CommandRow row)
    {
        page.Append($".SS \"{Escape($"peerchat {string.Join(", ", [row.Name, .. row.Aliases])}")}\"\n");
        Line(page, Words.Of(row.Summary));
        foreach (var paragraph in row.Help)
        {
            page.Append(".PP\n");
            Line(page, Words.Of(paragraph));
        }

        Parameters(page, row.Parameters);
        foreach (var example in row.Examples)
        {
            page.Append(".PP\n");
            Line(page, Words.Of(example.Meaning));
            page.Append(".RS\n.nf\n");
            Line(page, example.Line);
            page.Append(".fi\n.RE\n");
        }
    }

    private static void Parameters(StringBuilder page, IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters.Where(parameter => !parameter.IsHidden))
        {
            var term = parameter.IsPositional ? parameter.Placeholder : HelpPage.Term(parameter).Trim();
            Entry(page, term, HelpPage.Explain(parameter));
        }
    }

    private static void Environment(StringBuilder page)
    {
        Heading(page, "ENVIRONMENT");
        Entry(page, "PEERCHAT_HOME", Words.Of("One folder for all profiles and the configuration."));
        Entry(page, "NO_COLOR", Words.Of("No colour on the screen."));
        // The variables of single commands are too many to list, and all made alike
        foreach (
            var key in ConfigurationKeys.All.All.Where(key =>
                !key.Name.Contains('.') && key.Variable is not null
            )
        )
        {
            Entry(page, key.Variable!, Words.Of($"As --{key.Name}: {Words.FromNode(key.Summary)}"));
        }

        Entry(
            page,
            "PEERCHAT_COMMAND_OPTION",
            Words.Of("As COMMAND --OPTION, for every option of every command: PEERCHAT_SEND_WAIT.")
        );
    }

    private static void Heading(StringBuilder page, string text) => page.Append($".SH \"{text}\"\n");

    private static void Entry(StringBuilder page, string term, string text)
    {
        page.Append(".TP\n.B ");
        Line(page, term);
        Line(page, text);
    }

    private static void Line(StringBuilder page, string text, bool isEscaped = false) =>
        page.Append(isEscaped ? text : Escape(text)).Append('\n');

    // A full stop or an apostrophe at a line's start would be a request; a bare hyphen could not be copied into a shell;
    // groff reads bytes, so other characters are named by their code point
    private static string Escape(string text)
    {
        var safe = text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal);
        safe = string.Concat(
            safe.EnumerateRunes()
                .Select(rune =>
                    rune.IsAscii
                        ? rune.ToString()
                        : string.Create(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]")
                )
        );
        return safe.StartsWith('.') || safe.StartsWith('\'') ? "\\&" + safe : safe;
    }
}
