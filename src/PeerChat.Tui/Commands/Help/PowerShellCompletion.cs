using System.Text;
using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands.Help;

/// <summary>The completion script for PowerShell.</summary>
internal static class PowerShellCompletion
{
    /// <summary>The script.</summary>
    public static string Script()
    {
        var script = new StringBuilder();
        script.Append(
            """
            # PowerShell completion for peerchat, made from its table of commands
            Register-ArgumentCompleter -Native -CommandName peerchat -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $verbs = @{

            """
        );
        foreach (var row in Completable.Verbs)
        {
            foreach (var name in (string[])[row.Name, .. row.Aliases])
            {
                Line(script, 2, $"{Quote(name)} = {Quote(row.Name)}");
            }
        }

        Line(script, 1, "}");
        Line(script, 1, "$options = @{");
        foreach (var row in Completable.Rows)
        {
            Line(script, 2, $"{Quote(row.Name)} = {List(Completable.Options(row))}");
        }

        Line(script, 1, "}");
        Line(script, 1, "$values = @{");
        foreach (var row in Completable.Rows)
        {
            foreach (var parameter in row.AllParameters.Where(Completable.HasValue))
            {
                foreach (var name in Completable.Names(parameter))
                {
                    Line(script, 2, $"{Quote($"{row.Name}:{name}")} = {Words(parameter)}");
                }
            }

            foreach (var (parameter, index) in Completable.Places(row))
            {
                Line(script, 2, $"{Quote($"{row.Name}:{index}")} = {Words(parameter)}");
            }
        }

        script.Append(
            """
                }
                $verb = ''
                $place = 0
                $previous = ''
                foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
                    if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) { break }
                    $text = $element.Extent.Text
                    if (-not $verb -and $verbs.ContainsKey($text)) { $verb = $verbs[$text] }
                    elseif ($verb -and -not $text.StartsWith('-') -and -not $values.ContainsKey("${verb}:$previous")) { $place++ }
                    $previous = $text
                }
                $found = if ($values.ContainsKey("${verb}:$previous")) { & $values["${verb}:$previous"] }
                    elseif ($wordToComplete.StartsWith('-')) { $options[$verb] }
                    elseif (-not $verb) { $verbs.Keys | Sort-Object }
                    elseif ($values.ContainsKey("${verb}:$place")) { & $values["${verb}:$place"] }
                foreach ($word in $found | Where-Object { $_ -and $_.StartsWith($wordToComplete) }) {
                    # A name is text, whatever it holds
                    $safe = if ($word -match '^[\w.-]+$') { $word } else { "'" + $word.Replace("'", "''") + "'" }
                    [System.Management.Automation.CompletionResult]::new($safe, $word, 'ParameterValue', $word)
                }
            }

            """
        );
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Words(Parameter parameter) =>
        Completable.Source(parameter) is { } source
            ? $"{{ peerchat complete {source} 2>$null }}"
            : $"{{ {List(parameter.Choices)} }}";

    private static string List(IEnumerable<string> words) => $"@({string.Join(", ", words.Select(Quote))})";

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static void Line(StringBuilder script, int depth, string text) =>
        script.Append(' ', depth * 4).Append(text).Append('\n');
}
