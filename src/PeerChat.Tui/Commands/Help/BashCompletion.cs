using System.Text;
using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands.Help;

/// <summary>The completion script for bash. It needs nothing but bash itself.</summary>
internal static class BashCompletion
{
    /// <summary>The script.</summary>
    public static string Script()
    {
        var script = new StringBuilder();
        script.Append(
            """
            # bash completion for peerchat, made from its table of commands
            _peerchat_words() {
                # Never compgen -W: it would run what a name holds
                local word
                while IFS= read -r word; do
                    [[ -n $word && $word == "$1"* ]] && COMPREPLY+=("$(printf '%q' "$word")")
                done
            }

            _peerchat() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb='' place=0 i word
                COMPREPLY=()
                if [[ $cur == '=' ]]; then
                    cur=''
                elif [[ $prev == '=' && COMP_CWORD -gt 1 ]]; then
                    prev=${COMP_WORDS[COMP_CWORD-2]}
                fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ -z $verb ]]; then
                        case $word in

            """
        );
        foreach (var row in Completable.Verbs)
        {
            Line(script, 4, $"{string.Join("|", [row.Name, .. row.Aliases])}) verb={row.Name} ;;");
        }

        script.Append(
            """
                        esac
                    elif [[ $word != -* ]] && ! _peerchat_takes_value "$verb" "${COMP_WORDS[i-1]}"; then
                        place=$((place + 1))
                    fi
                done
                case $verb:$prev in

            """
        );
        foreach (var row in Completable.Rows)
        {
            foreach (var parameter in row.AllParameters.Where(Completable.HasValue))
            {
                var names = string.Join(
                    "|",
                    Completable.Names(parameter).Select(name => $"{row.Name}:{name}")
                );
                Line(script, 2, $"{names}) {Words(parameter)}; return ;;");
            }
        }

        script.Append(
            """
                esac
                if [[ $cur == -* ]]; then
                    case $verb in

            """
        );
        foreach (var row in Completable.Rows)
        {
            var pattern = row.IsRoot ? "''" : row.Name;
            Line(script, 3, $"{pattern}) {Print(Completable.Options(row))} ;;");
        }

        script.Append(
            """
                    esac
                    return
                fi
                case $verb:$place in

            """
        );
        Line(script, 2, $":*) {Print(Completable.Verbs.Select(row => row.Name))} ;;");
        foreach (var row in Completable.Verbs)
        {
            foreach (var (parameter, index) in Completable.Places(row))
            {
                Line(script, 2, $"{row.Name}:{index}) {Words(parameter)} ;;");
            }
        }

        script.Append(
            """
                esac
            }

            _peerchat_takes_value() {
                case $1:$2 in

            """
        );
        foreach (var row in Completable.Verbs)
        {
            var names = row
                .AllParameters.Where(Completable.HasValue)
                .SelectMany(Completable.Names)
                .Select(name => $"{row.Name}:{name}");
            if (string.Join("|", names) is { Length: > 0 } pattern)
            {
                Line(script, 2, $"{pattern}) return 0 ;;");
            }
        }

        script.Append(
            """
                esac
                return 1
            }

            complete -F _peerchat peerchat

            """
        );
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Words(Parameter parameter) =>
        Completable.Source(parameter) is { } source
            ? $"_peerchat_words \"$cur\" < <(\"${{COMP_WORDS[0]}}\" complete {source} 2>/dev/null)"
        : parameter.Choices.Count > 0 ? Print(parameter.Choices)
        : parameter.Kind == ParameterKind.Folder ? "compopt -o dirnames 2>/dev/null"
        : parameter.Kind == ParameterKind.File ? "compopt -o default 2>/dev/null"
        : ":";

    private static string Print(IEnumerable<string> words) =>
        $"_peerchat_words \"$cur\" < <(printf '%s\\n' {string.Join(' ', words)})";

    private static void Line(StringBuilder script, int depth, string text) =>
        script.Append(' ', depth * 4).Append(text).Append('\n');
}
