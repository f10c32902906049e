using System.Text;
using PeerChat.Terminal.Text;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands.Help;

/// <summary>What <c>--help</c> shows, made from the table.</summary>
internal static class HelpPage
{
    /// <summary>Columns where nobody says how many there are, and the least that help is wrapped to.</summary>
    private const int UsualWidth = 80;

    /// <summary>Longer lines are hard to read, however wide the terminal is.</summary>
    private const int MaxWidth = 110;

    private const int Indent = 2;

    /// <summary>The column in which explanations begin; longer terms push them to the next line.</summary>
    private const int TextColumn = 28;

    /// <summary>The columns of where help goes to.</summary>
    public static int WidthOf(TextWriter output)
    {
        if (output != Console.Out || Console.IsOutputRedirected)
        {
            return UsualWidth;
        }

        try
        {
            return Math.Clamp(Console.WindowWidth, UsualWidth, MaxWidth);
        }
        catch (IOException)
        {
            return UsualWidth; // no console that could tell
        }
    }

    /// <summary>The help of a command.</summary>
    public static string Of(CommandRow row, int width)
    {
        var page = new StringBuilder();
        Paragraph(page, Words.Of(row.Summary), 0, width);
        page.Append('\n');
        Paragraph(page, Words.Of($"Usage: {Usage.Of(row)}"), 0, width);
        foreach (var paragraph in row.Help)
        {
            page.Append('\n');
            Paragraph(page, Words.Of(paragraph), 0, width);
        }

        if (row.IsRoot)
        {
            Commands(page, width);
        }

        var arguments = row.Parameters.Where(parameter => parameter.IsPositional).ToList();
        if (arguments.Count > 0)
        {
            Heading(page, Words.Of("Arguments"));
            foreach (var parameter in arguments)
            {
                Entry(page, parameter.Placeholder, Explain(parameter), width);
            }
        }

        Heading(page, Words.Of("Options"));
        foreach (
            var parameter in row.AllParameters.Where(parameter =>
                parameter is { IsPositional: false, IsHidden: false }
            )
        )
        {
            Entry(page, Term(parameter), Explain(parameter), width);
        }

        Entry(page, "-h, --help", Words.Of("Show this."), width);
        if (row.IsRoot)
        {
            Entry(page, "    --version", Words.Of("Show the version."), width);
        }

        Examples(page, row, width);
        if (row.ExitCodes.Count > 0)
        {
            Heading(page, Words.Of("Exit codes"));
            foreach (var code in row.ExitCodes)
            {
                Entry(
                    page,
                    code.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    Words.Of(ExitCode.Meaning(code)),
                    width,
                    6
                );
            }
        }

        return page.ToString();
    }

    /// <summary>An option with its letter and value.</summary>
    public static string Term(Parameter parameter) =>
        (parameter.Short is { } letter ? letter + ", " : "    ")
        + parameter.Name
        + (parameter.IsFlag ? "" : " " + parameter.Placeholder);

    /// <summary>What a parameter means, with what counts without it, in the language of the user.</summary>
    public static string Explain(Parameter parameter) =>
        parameter.Default is { } usual
            ? Words.Of($"{Words.Of(parameter.Help)} (default: {usual})")
            : Words.Of(parameter.Help);

    private static void Heading(StringBuilder page, string text) =>
        page.Append('\n').Append(Words.Of($"{text}:")).Append('\n');

    private static void Commands(StringBuilder page, int width)
    {
        foreach (var group in CommandTable.Verbs.Where(row => !row.IsHidden).GroupBy(row => row.Group))
        {
            Heading(page, Words.Of(CommandTable.Heading(group.Key)));
            foreach (var row in group)
            {
                Entry(page, string.Join(", ", [row.Name, .. row.Aliases]), Words.Of(row.Summary), width);
            }
        }

        page.Append('\n');
        Paragraph(
            page,
            Words.Of(
                "'peerchat COMMAND --help' says more. Every option has a key in the configuration file."
            ),
            0,
            width
        );
    }

    private static void Examples(StringBuilder page, CommandRow row, int width)
    {
        if (row.Examples.Count == 0)
        {
            return;
        }

        Heading(page, Words.Of("Examples"));
        foreach (var example in row.Examples)
        {
            page.Append(' ', Indent).Append(example.Line).Append('\n');
            Paragraph(page, Words.Of(example.Meaning), Indent * 3, width);
        }
    }

    private static void Entry(
        StringBuilder page,
        string term,
        string text,
        int width,
        int column = TextColumn
    )
    {
        page.Append(' ', Indent).Append(term);
        var used = Indent + term.Length;
        if (used >= column)
        {
            page.Append('\n');
            Paragraph(page, text, column, width);
            return;
        }

        Paragraph(page, text, column, width, used);
    }

    private static void Paragraph(StringBuilder page, string text, int indent, int width, int used = 0)
    {
        var rows = new List<TextRow>();
        TextWrap.Wrap(text, width - indent, rows);
        foreach (var row in rows)
        {
            page.Append(' ', Math.Max(indent - used, 0))
                .Append(text.AsSpan(row.Start, row.Length).TrimEnd())
                .Append('\n');
            used = 0;
        }
    }
}
