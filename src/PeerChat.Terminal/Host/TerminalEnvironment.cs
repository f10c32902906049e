using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Host;

/// <summary>What the environment says of the terminal before anybody asks it.</summary>
/// <param name="IsDumb">Whether it cannot place a cursor (<c>TERM=dumb</c>): line mode is the only one.</param>
/// <param name="Colors">How many colours to send.</param>
/// <param name="AnswersQuestions">Whether it may be asked for more; the Linux console prints parts of questions.</param>
public sealed record TerminalEnvironment(bool IsDumb, ColorDepth Colors, bool AnswersQuestions)
{
    /// <summary>Reads TERM, COLORTERM and NO_COLOR.</summary>
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
        );
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
