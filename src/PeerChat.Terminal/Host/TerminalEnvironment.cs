using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Host;

/// <summary>What the environment says of the terminal before anybody asks it.</summary>
/// <param name="IsDumb">Whether it cannot place a cursor (<c>TERM=dumb</c>): line mode is the only one.</param>
/// <param name="Colors">How many colours to send.</param>
/// <param name="AnswersQuestions">Whether it may be asked for more; the Linux console prints parts of questions.</param>
public sealed record TerminalEnvironment(bool IsDumb, ColorDepth Colors, bool AnswersQuestions)
{
    /// <summary>What the terminal is known to do beyond that.</summary>
    public TerminalFeatures Features { get; init; } = TerminalFeatures.None;

    /// <summary>Whether tmux or screen lies between: what is meant for the terminal around them does not reach it.</summary>
    public bool IsMultiplexed { get; init; }

    /// <summary>Whether the locale speaks UTF-8, or says nothing; if not, the terminal is asked how wide a character comes out.</summary>
    public bool IsUtf8 { get; init; } = true;

    /// <summary>Reads TERM, COLORTERM, NO_COLOR, what terminals call themselves, and the locale.</summary>
    /// <param name="variable">Gives the value of a variable, or null.</param>
    public static TerminalEnvironment Detect(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var term = variable("TERM") ?? "";
        var isDumb = term is "dumb" or "unknown";
        return new TerminalEnvironment(
            isDumb,
            ColorsOf(term, variable),
            !isDumb && !term.StartsWith("linux", StringComparison.Ordinal)
        )
        {
            Features = TerminalFeatures.Of(variable),
            IsMultiplexed =
                variable("TMUX") is { Length: > 0 }
                || variable("STY") is { Length: > 0 }
                || term.StartsWith("screen", StringComparison.Ordinal)
                || term.StartsWith("tmux", StringComparison.Ordinal),
            IsUtf8 = IsUtf8Locale(variable),
        };
    }

    // The first that is set decides (POSIX 8.2). None set is a bare environment (ssh, cron), not a wish for ASCII.
    private static bool IsUtf8Locale(Func<string, string?> variable)
    {
        foreach (var name in (ReadOnlySpan<string>)["LC_ALL", "LC_CTYPE", "LANG"])
        {
            if (variable(name) is { Length: > 0 } locale)
            {
                return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
                    || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
            }
        }

        return true;
    }

    private static ColorDepth ColorsOf(string term, Func<string, string?> variable)
    {
        // no-color.org: present and not empty, whatever its value
        if (variable("NO_COLOR") is { Length: > 0 } || term is "dumb" || IsMonochrome(term))
        {
            return ColorDepth.None;
        }

        if (
            variable("COLORTERM") is "truecolor" or "24bit"
            || term.EndsWith("-direct", StringComparison.Ordinal)
        )
        {
            return ColorDepth.TrueColor;
        }

        return term.Contains("256color", StringComparison.Ordinal)
            ? ColorDepth.Palette256
            : ColorDepth.Palette16;
    }

    private static bool IsMonochrome(string term) =>
        term.EndsWith("-m", StringComparison.Ordinal)
        || term.EndsWith("-mono", StringComparison.Ordinal)
        || term is "vt100" or "vt102" or "vt220" or "vt320";
}
