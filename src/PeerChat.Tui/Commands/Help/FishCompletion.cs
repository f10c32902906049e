using System.Text;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands.Help;

/// <summary>The completion script for fish.</summary>
internal static class FishCompletion
{
    /// <summary>The script.</summary>
    public static string Script()
    {
        var script = new StringBuilder();
        script.Append(
            """
            # fish completion for peerchat, made from its table of commands
            complete -c peerchat -f
            complete -c peerchat -s h -l help -d 'Show help'
            complete -c peerchat -n __fish_use_subcommand -l version -d 'Show the version'

            """
        );
        foreach (var row in Completable.Verbs)
        {
            foreach (var name in (string[])[row.Name, .. row.Aliases])
            {
                script.Append(
                    $"complete -c peerchat -n __fish_use_subcommand -a {name} -d {Quote(Words.Of(row.Summary))}\n"
                );
            }
        }

        foreach (var row in Completable.Rows)
        {
            var condition = row.IsRoot
                ? "__fish_use_subcommand"
                : Quote($"__fish_seen_subcommand_from {string.Join(' ', [row.Name, .. row.Aliases])}");
            foreach (var parameter in row.AllParameters.Where(parameter => !parameter.IsHidden))
            {
                script.Append($"complete -c peerchat -n {condition}{Form(parameter)}\n");
            }
        }

        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Form(Parameter parameter)
    {
        var words =
            Completable.Source(parameter) is { } source
                ? $" -a {Quote($"(peerchat complete {source} 2>/dev/null)")}"
            : parameter.Choices.Count > 0 ? $" -a {Quote(string.Join(' ', parameter.Choices))}"
            : parameter.Kind == ParameterKind.File ? " -F"
            : parameter.Kind == ParameterKind.Folder ? " -a '(__fish_complete_directories)'"
            : "";
        if (parameter.IsPositional)
        {
            return words;
        }

        var letter = parameter.Short is { } known ? $" -s {known[1..]}" : "";
        return $"{letter} -l {parameter.Name[2..]}{(parameter.IsFlag ? "" : " -x")}{words} -d {Quote(Words.Of(parameter.Help))}";
    }

    private static string Quote(string text) =>
        "'"
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
        + "'";
}
