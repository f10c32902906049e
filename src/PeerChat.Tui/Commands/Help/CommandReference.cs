using System.Text;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands.Help;

/// <summary>All commands in Markdown, as <c>docs/SCRIPTING.md</c> holds them.</summary>
internal static class CommandReference
{
    /// <summary>The text; a test holds the document to it.</summary>
    public static string Markdown()
    {
        // The document is in English, whatever the user speaks
        using var english = Words.Within(Language.English);
        var text = new StringBuilder();
        foreach (var row in Completable.Rows)
        {
            text.Append($"### `peerchat{(row.IsRoot ? "" : " " + row.Name)}`");
            if (row.Aliases.Count > 0)
            {
                text.Append($" (also {string.Join(", ", row.Aliases.Select(alias => $"`{alias}`"))})");
            }

            text.Append($"\n\n{row.Summary}\n\n```\n{Usage.Of(row)}\n```\n");
            foreach (var paragraph in row.Help)
            {
                text.Append($"\n{Plain(paragraph)}\n");
            }

            Parameters(text, [.. row.Parameters.Where(parameter => !parameter.IsHidden)]);
            if (row.ExitCodes.Count > 0)
            {
                text.Append($"\nExit codes: {string.Join(", ", row.ExitCodes)}.\n");
            }

            text.Append('\n');
        }

        text.Append("### Profile options\n\nEvery command with `[PROFILE OPTIONS]` takes these.\n");
        Parameters(text, SharedParameters.Profile);
        text.Append("\n### Exit codes\n\n| code | meaning |\n| --- | --- |\n");
        foreach (var code in Completable.Rows.SelectMany(row => row.ExitCodes).Distinct().Order())
        {
            text.Append($"| {code} | {ExitCode.Meaning(code)} |\n");
        }

        text.Append("\n### In a chat\n\n| command | what it does |\n| --- | --- |\n");
        foreach (var form in CommandTable.SlashForms)
        {
            var names = string.Join("`, `", [form.Usage, .. form.Aliases]);
            text.Append($"| `{names.Replace("|", "\\|", StringComparison.Ordinal)}` | {form.Help} |\n");
        }

        return text.ToString();
    }

    private static void Parameters(StringBuilder text, IReadOnlyList<Parameter> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        text.Append("\n| parameter | meaning |\n| --- | --- |\n");
        foreach (var parameter in parameters)
        {
            var term = parameter.IsPositional ? parameter.Placeholder : HelpPage.Term(parameter).Trim();
            text.Append(
                $"| `{term.Replace("|", "\\|", StringComparison.Ordinal)}` | {Plain(HelpPage.Explain(parameter))} |\n"
            );
        }
    }

    // Words in angle brackets would be markup
    private static string Plain(string text) =>
        text.Replace("<", "\\<", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
