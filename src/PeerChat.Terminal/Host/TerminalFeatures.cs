using System.Globalization;

namespace PeerChat.Terminal.Host;

/// <summary>What terminals are known to do that none can be asked for, by the name they go by.</summary>
/// <param name="Hyperlinks">Whether it knows OSC 8; some that do not print the address among the text.</param>
/// <param name="Notification">Which sequence it shows a message of the desktop for.</param>
public sealed record TerminalFeatures(
    bool Hyperlinks = false,
    NotificationForm Notification = NotificationForm.None
)
{
    /// <summary>Nothing that is not known for certain.</summary>
    public static TerminalFeatures None { get; } = new();

    // The first version of tmux that passes hyperlinks on
    private const double TmuxWithLinks = 3.4;

    /// <summary>What the environment says; inside a multiplexer it tells of the terminal around it, which counts for nothing.</summary>
    /// <param name="variable">Gives the value of a variable, or null.</param>
    public static TerminalFeatures Of(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var term = variable("TERM") ?? "";
        var program = variable("TERM_PROGRAM") ?? "";
        if (
            variable("TMUX") is { Length: > 0 }
            || variable("STY") is { Length: > 0 }
            || term.StartsWith("screen", StringComparison.Ordinal)
            || term.StartsWith("tmux", StringComparison.Ordinal)
        )
        {
            return program == "tmux" ? OfName($"tmux {variable("TERM_PROGRAM_VERSION")}") : None;
        }

        if (term.StartsWith("linux", StringComparison.Ordinal))
        {
            return None;
        }

        if (variable("KITTY_WINDOW_ID") is { Length: > 0 })
        {
            return OfName("kitty");
        }

        if (variable("VTE_VERSION") is { Length: > 0 } vte)
        {
            return OfName($"VTE({vte})");
        }

        if (variable("KONSOLE_VERSION") is { Length: > 0 })
        {
            return OfName("Konsole");
        }

        if (variable("WT_SESSION") is { Length: > 0 })
        {
            return OfName("Windows Terminal");
        }

        return program.Length > 0 ? OfName(program) : OfName(term);
    }

    /// <summary>What is known of a terminal that told its name (XTVERSION) or is named by a variable.</summary>
    public static TerminalFeatures OfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var word = name.AsSpan();
        if (Begins(word, "tmux"))
        {
            return new TerminalFeatures(VersionBehind(word["tmux".Length..]) >= TmuxWithLinks);
        }

        if (Begins(word, "VTE("))
        {
            return new TerminalFeatures(VersionBehind(word["VTE(".Length..]) >= 5000);
        }

        return Begins(word, "kitty") || Begins(word, "xterm-kitty") ? new(true, NotificationForm.Kitty)
            : Begins(word, "foot") || Begins(word, "ghostty") || Begins(word, "xterm-ghostty")
                ? new(true, NotificationForm.Urxvt)
            : Begins(word, "WezTerm") || Begins(word, "contour") ? new(true, NotificationForm.Urxvt)
            : Begins(word, "iTerm") ? new(true, NotificationForm.ITerm)
            : Begins(word, "rxvt-unicode") ? new(false, NotificationForm.Urxvt)
            : Begins(word, "Konsole") || Begins(word, "alacritty") || Begins(word, "Windows Terminal")
                ? new(true)
            : Begins(word, "vscode") || Begins(word, "mintty") || Begins(word, "Rio") ? new(true)
            : None;
    }

    private static bool Begins(ReadOnlySpan<char> name, string known) =>
        name.StartsWith(known, StringComparison.OrdinalIgnoreCase);

    private static double VersionBehind(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyInRange('0', '9');
        if (start < 0)
        {
            return 0;
        }

        var end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        return double.TryParse(
            text[start..end].TrimEnd('.'),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var version
        )
            ? version
            : 0;
    }
}
