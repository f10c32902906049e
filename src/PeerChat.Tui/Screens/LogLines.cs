using System.Collections;
using System.Globalization;
using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Screens;

/// <summary>A log as lines to draw; each is made when it is looked at, so that ten thousand cost nothing.</summary>
internal sealed class LogLines(PaneLog log, TimeZoneInfo zone, int columns) : IReadOnlyList<LogLine>
{
    /// <summary>Columns of a name in the log; longer ones are cut.</summary>
    public const int MaxNameColumns = 20;

    /// <summary>Columns of a message that another one answers, before the answer.</summary>
    public const int MaxExcerptColumns = 24;

    /// <summary>Columns before a command or key of the help.</summary>
    public const int HelpMargin = 3;

    /// <summary>The first column in which the help says what they do: most commands fit before it, and there is room behind it.</summary>
    public const int MinHelpColumn = 27;

    /// <summary>The last such column, where there is plenty of room: nearly all fit.</summary>
    public const int MaxHelpColumn = 42;

    /// <summary>The key of the line that is selected, which is shown in reverse; null for none.</summary>
    public long? Selected { get; init; }

    /// <summary>One's own name, whose mention is marked; null while it is not known.</summary>
    public string? Self { get; init; }

    private LogLine? _last;
    private int _lastIndex = -1;

    /// <inheritdoc/>
    public int Count => log.Entries.Count;

    /// <inheritdoc/>
    public LogLine this[int index]
    {
        get
        {
            if (_lastIndex != index)
            {
                _last = Make(index);
                _lastIndex = index;
            }

            return _last!;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<LogLine> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private LogLine Make(int index)
    {
        var entry = log.Entries[index];
        if (entry.Message is { } message)
        {
            var line = Make(entry.Key, message, index);
            return entry.Key == Selected ? line with { Text = Reversed(line.Text) } : line;
        }

        if (entry.Help is { } help)
        {
            return Make(entry.Key, help);
        }

        if (entry.IsRule)
        {
            return new LogLine(entry.Key, Rule(), 0);
        }

        var prefix = entry.IsWarning ? Texts.WarningPrefix : Texts.LinePrefix;
        var style = entry.IsWarning ? CellStyle.Of(Color.Red).With(CellAttributes.Bold) : CellStyle.Dim;
        return new LogLine(
            entry.Key,
            StyledText.Of(prefix, style).Add(entry.Sentence, style),
            Indent(prefix.Length)
        );
    }

    private LogLine Make(long key, ChatMessage message, int index)
    {
        var time = TimeOf(message, zone);
        var name = OneLine(message.From, MaxNameColumns);
        // The day only where it changes
        var form = time.Date == DayBefore(index) ? "HH:mm" : "yyyy-MM-dd HH:mm";
        var head = StyledText
            .Of(MarkOf(message), Marks.StyleOf(message.State))
            .Add(" ")
            .Add(time.ToString(form, CultureInfo.InvariantCulture), CellStyle.Dim)
            .Add(" ")
            .Add(message.LooksLike is null ? "" : Marks.Alike, Marks.StyleOfAlike)
            .Add(name, Marks.OfAuthor(message))
            .Add("  ");
        // Rows that follow are moved in even where there is little room: none may look like another message
        var body = AddBody(head, message);
        if (log.Entries[index].Preview is { } picture)
        {
            body = body.Add("\n").Add(picture);
        }

        return new LogLine(
            key,
            body,
            Indent(2 + 5 + 1 + (message.LooksLike is null ? 0 : 1) + TextWidth.Of(name) + 2)
        );
    }

    /// <summary>A line of the help: its text beside the command or key where there is room for two columns, else below.</summary>
    private LogLine Make(long key, HelpLine help)
    {
        if (help.IsHeading)
        {
            var heading = StyledText.Of(Texts.LinePrefix, CellStyle.Dim).Add(help.Text, CellStyle.Bold);
            return new LogLine(key, heading, Indent(Texts.LinePrefix.Length));
        }

        var head = StyledText.Of(new string(' ', HelpMargin)).Add(help.Term, CellStyle.Bold);
        var indent =
            columns >= 2 * MinHelpColumn
                ? Math.Clamp(columns / 3, MinHelpColumn, MaxHelpColumn)
                : Indent(2 * HelpMargin);
        var room = indent - head.Columns;
        return new LogLine(key, head.Add(room >= 2 ? new string(' ', room) : "\n").Add(help.Text), indent);
    }

    /// <summary>What is said: to what, the text, that it was changed, and the reactions; all but the text is dim.</summary>
    private StyledText AddBody(StyledText head, ChatMessage message)
    {
        if (message.Content == MessageContent.File)
        {
            return AddReactions(
                head.Add(message.Text, CellStyle.Bold)
                    .Add(
                        message.File is { } file ? "  " + FileLines.Standing(file) : "",
                        message.File?.State == FileState.Failed || message.File?.MayRun == true
                            ? CellStyle.Of(Color.Red)
                            : CellStyle.Dim
                    ),
                message
            );
        }

        if (message.Content != MessageContent.Text)
        {
            return head.Add(Words.FromNode(message.Text), CellStyle.Dim);
        }

        if (message.ReplyTo is { } to)
        {
            var about = log.Find(to) is { } answered
                ? $"{OneLine(answered.From, MaxNameColumns)}: {OneLine(Words.FromNode(answered.Text), MaxExcerptColumns)}"
                : to[..Math.Min(to.Length, Texts.ShownIdDigits)];
            head = head.Add(Texts.AnswerTo(about) + " ", CellStyle.Dim);
        }

        var text = AddText(head, message.Text);
        if (message.IsEdited)
        {
            text = text.Add($" ({Texts.Edited})", CellStyle.Dim);
        }

        return AddReactions(text, message);
    }

    private static StyledText AddReactions(StyledText text, ChatMessage message)
    {
        if (message.State == DeliveryState.Imported)
        {
            text = text.Add($" ({Texts.Imported})", CellStyle.Dim);
        }

        foreach (var reaction in message.Reactions ?? [])
        {
            text = text.Add(" ")
                .Add(Texts.Reaction(reaction), reaction.IsOwn ? CellStyle.Bold : CellStyle.Dim);
        }

        return text;
    }

    /// <summary>A text whose web addresses lead to where they say.</summary>
    private static StyledText AddText(StyledText head, string text)
    {
        var done = 0;
        foreach (var (start, length) in Links.In(text))
        {
            if (Hyperlink.TryMake(text.Substring(start, length), out var link))
            {
                head = head.Add(text[done..start])
                    .Add(text.Substring(start, length), new CellStyle { Link = link });
                done = start + length;
            }
        }

        return head.Add(text[done..]);
    }

    /// <summary>Something from a peer on one line, clean and at most so wide.</summary>
    public static string OneLine(string text, int columns) =>
        TextWidth.Ellipsize(ControlSequences.Clean(text.ReplaceLineEndings(" "), 2 * columns), columns);

    private string MarkOf(ChatMessage message) =>
        Self is not null && !message.IsOwn && Mentions.Has(message.Text, Self)
            ? Marks.Mention
            : Marks.Of(message.State);

    private StyledText Rule()
    {
        var title = $" {Texts.NewRule} ";
        var left = Math.Min(4, columns);
        var right = Math.Max(0, columns - left - TextWidth.Of(title));
        return StyledText.Of(new string('─', left) + title + new string('─', right), CellStyle.Of(Color.Red));
    }

    private static StyledText Reversed(StyledText text)
    {
        var reversed = StyledText.Empty;
        foreach (var run in text.RunsIn(0, text.Text.Length))
        {
            reversed = reversed.Add(text.Text.Substring(run.Start, run.Length), run.Style.Toggled());
        }

        return reversed;
    }

    private int Indent(int wanted) => Math.Min(wanted, columns / 2);

    private DateTime DayBefore(int index)
    {
        for (var i = index - 1; i >= 0; i--)
        {
            if (log.Entries[i].Message is { } message)
            {
                return TimeOf(message, zone).Date;
            }
        }

        return default;
    }

    /// <summary>When a message was sent by its author's clock, which may say anything.</summary>
    public static DateTime TimeOf(ChatMessage message, TimeZoneInfo zone)
    {
        var milliseconds = Math.Clamp(
            message.SentAtUnixMilliseconds,
            DateTimeOffset.MinValue.AddDays(2).ToUnixTimeMilliseconds(),
            DateTimeOffset.MaxValue.AddDays(-2).ToUnixTimeMilliseconds()
        );
        return TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), zone).DateTime;
    }
}
