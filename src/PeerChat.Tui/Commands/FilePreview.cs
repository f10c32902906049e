using PeerChat.Node.Files;
using PeerChat.Pictures;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat file show</c>: a picture in the terminal.</summary>
internal static class FilePreview
{
    /// <summary>The ways to draw, in the order of the help.</summary>
    public static IReadOnlyList<string> Ways { get; } = ["auto", "half", "kitty", "sixel"];

    /// <summary>Bytes of a picture that are read: more than cameras make of one.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    // What a cell has in most fonts; only so that a picture of pixels comes out about as large as one of cells
    private const int CellWidth = 10;
    private const int CellHeight = 20;

    /// <summary>Draws the picture.</summary>
    /// <param name="path">The file; '-' for standard input.</param>
    /// <param name="way">How.</param>
    /// <param name="variable">The environment.</param>
    /// <param name="columns">The width of the terminal.</param>
    /// <param name="rows">Its height.</param>
    /// <returns>What to write.</returns>
    /// <exception cref="FileException">The file cannot be read.</exception>
    /// <exception cref="CommandFailedException">It is no picture that can be shown.</exception>
    public static string Draw(string path, string way, Func<string, string?> variable, int columns, int rows)
    {
        var file = FileContent.ReadSmall(path, MaxBytes);
        way = way == "auto" ? WayOf(variable) : way;
        var (width, height) =
            way == "half"
                ? (columns, Math.Max(1, rows - 1) * 2)
                : (columns * CellWidth, Math.Max(1, rows - 1) * CellHeight);
        if (!PictureDecoder.TryDecode(file, width, height, out var picture, out var problem))
        {
            throw new CommandFailedException(ExitCode.Refused, Explain(path, problem));
        }

        return way switch
        {
            "kitty" => PictureText.Kitty(picture),
            "sixel" => PictureText.Sixel(picture),
            _ => PictureText.HalfBlocks(picture),
        };
    }

    /// <summary>How the terminal can draw, as far as its environment says; half blocks everywhere else, and within tmux and screen.</summary>
    internal static string WayOf(Func<string, string?> variable)
    {
        var (term, program) = (variable("TERM") ?? "", variable("TERM_PROGRAM") ?? "");
        if (
            variable("TMUX") is { Length: > 0 }
            || term.StartsWith("screen", StringComparison.Ordinal)
            || term.StartsWith("tmux", StringComparison.Ordinal)
        )
        {
            return "half";
        }

        return term is "xterm-kitty" or "xterm-ghostty"
            || variable("KITTY_WINDOW_ID") is { Length: > 0 }
            || program is "WezTerm" or "ghostty"
                ? "kitty"
            : term.StartsWith("foot", StringComparison.Ordinal)
            || term.StartsWith("mlterm", StringComparison.Ordinal)
            || term.Contains("sixel", StringComparison.Ordinal)
                ? "sixel"
            : "half";
    }

    private static string Explain(string path, PictureProblem problem) =>
        problem switch
        {
            PictureProblem.UnknownFormat => Words.Of(
                $"{path} is no PNG, JPEG or GIF, so it cannot be shown here; open it with another program."
            ),
            PictureProblem.Unsupported => Words.Of(
                $"{path} is a JPEG of a rare kind (arithmetic, lossless, CMYK or 12 bits) that is not shown here; open it with another program."
            ),
            PictureProblem.TooLarge => Words.Of(
                $"{path} has more pixels, or takes more work, than a picture is given here; open it with another program if you trust it."
            ),
            _ => Words.Of($"{path} is damaged, so there is nothing to show."),
        };

    /// <summary>The size of the terminal; that of the first ones where there is none.</summary>
    public static (int Columns, int Rows) TerminalSize()
    {
        if (Console.IsOutputRedirected)
        {
            return (80, 24);
        }

        return (Math.Clamp(Console.WindowWidth, 1, 500), Math.Clamp(Console.WindowHeight, 2, 250));
    }
}
