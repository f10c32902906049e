using System.Text;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands.Help;

/// <summary>The completion script for zsh.</summary>
internal static class ZshCompletion
{
    /// <summary>The script.</summary>
    public static string Script()
    {
        var script = new StringBuilder();
        script.Append(
            """
            #compdef peerchat
            # zsh completion for peerchat, made from its table of commands
            _peerchat_ask() {
                local -a found
                found=("${(@f)$(peerchat complete $1 2>/dev/null)}")
                found=(${found:#})
                compadd -a found
            }

            _peerchat() {
                local verb='' word
                for word in ${words[2,CURRENT-1]}; do
                    case $word in

            """
        );
        foreach (var row in Completable.Verbs)
        {
            Line(script, 3, $"{string.Join("|", [row.Name, .. row.Aliases])}) verb={row.Name}; break ;;");
        }

        script.Append(
            """
                    esac
                done
                case $verb in

            """
        );
        foreach (var row in Completable.Rows)
        {
            Line(script, 2, $"{(row.IsRoot ? "''" : row.Name)})");
            Line(script, 3, "_arguments -S \\");
            foreach (
                var parameter in row.AllParameters.Where(parameter =>
                    parameter is { IsPositional: false, IsHidden: false }
                )
            )
            {
                Line(script, 4, Option(parameter) + " \\");
            }

            Line(script, 4, "'(-h --help)'{-h,--help}'[show help]' \\");
            if (row.IsRoot)
            {
                Line(script, 4, "'--version[show the version]' \\");
                var verbs = string.Join(' ', Completable.Verbs.Select(Verb));
                Line(script, 4, $"'1:command:(({verbs}))'");
            }
            else
            {
                Line(script, 4, "'1: :' \\"); // the verb itself
                foreach (var (parameter, index) in Completable.Places(row))
                {
                    Line(
                        script,
                        4,
                        $"'{index + 2}:{Text(parameter.Name.ToLowerInvariant())}:{Action(parameter)}' \\"
                    );
                }

                Line(script, 4, "&& return");
            }

            Line(script, 3, ";;");
        }

        script.Append(
            """
                esac
            }

            if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
                _peerchat "$@"
            else
                compdef _peerchat peerchat
            fi

            """
        );
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Verb(CommandRow row) =>
        $"{row.Name}\\:\"{Text(Words.Of(row.Summary)).Replace("\"", "", StringComparison.Ordinal)}\"";

    private static string Option(Parameter parameter)
    {
        var help =
            $"[{Text(Words.Of(parameter.Help))}]"
            + (parameter.IsFlag ? "" : $":{Text(parameter.Placeholder)}:{Action(parameter)}");
        var many = parameter.IsRepeatable ? "*" : "";
        return string.Join(" ", Completable.Names(parameter).Select(name => $"'{many}{name}{help}'"));
    }

    private static string Action(Parameter parameter) =>
        Completable.Source(parameter) is { } source ? $"_peerchat_ask {source}"
        : parameter.Choices.Count > 0 ? $"({string.Join(' ', parameter.Choices)})"
        : parameter.Kind == ParameterKind.Folder ? "_files -/"
        : parameter.Kind == ParameterKind.File ? "_files"
        : "";

    // Inside single quotes, and in a specification where brackets and colons have a meaning
    private static string Text(string text) =>
        text.Replace("'", "'\\''", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal)
            .Replace("]", "\\]", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal);

    private static void Line(StringBuilder script, int depth, string text) =>
        script.Append(' ', depth * 4).Append(text).Append('\n');
}
