using PeerChat.Node;
using PeerChat.Tui.Commands.Table;

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

    /// <summary>The name that was probably meant; null where none is near.</summary>
    public static string? Nearest(IReadOnlyList<SlashForm> forms, string name) =>
        NearestName.Of(name, forms.Select(form => form.Name));
}
