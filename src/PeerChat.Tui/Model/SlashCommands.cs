using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Model;

/// <summary>The table's slash forms, as lines entered in a chat call them.</summary>
internal static class SlashCommands
{
    /// <summary>The forms of the full screen, in the order of the help.</summary>
    public static IReadOnlyList<SlashForm> OfScreen { get; } = [.. CommandTable.SlashForms];

    /// <summary>The forms of the line mode.</summary>
    public static IReadOnlyList<SlashForm> OfLines { get; } =
    [.. CommandTable.SlashForms.Where(form => !form.IsForScreen)];

    /// <summary>The form with a name, or with another name for it; null if there is none.</summary>
    public static SlashForm? Find(IReadOnlyList<SlashForm> forms, string name) =>
        forms.FirstOrDefault(form =>
            form.Name == name || form.Aliases.Contains(name, StringComparer.Ordinal)
        );

    /// <summary>The names that begin so.</summary>
    public static IReadOnlyList<string> Completions(IReadOnlyList<SlashForm> forms, string start) =>
        [.. forms.Select(form => form.Name).Where(name => name.StartsWith(start, StringComparison.Ordinal))];

    /// <summary>The words of a line.</summary>
    public static string[] Split(string line) =>
        line.Split(
            (char[])[' ', '\n', '\t'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    /// <summary>The forms with their help, one line each.</summary>
    public static IEnumerable<string> HelpLines(IReadOnlyList<SlashForm> forms)
    {
        var width = forms.Max(form => form.Name.Length + 1 + form.Arguments.Length);
        return forms.Select(form =>
            $"{$"{form.Name} {form.Arguments}".PadRight(width)}  {Words.Of(form.Help)}"
        );
    }
}
