using System.Collections;
using System.Globalization;
using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>A log as lines to draw; each is made when it is looked at, so that ten thousand cost nothing.</summary>
internal sealed class LogLines(PaneLog log, TimeZoneInfo zone, int columns) : IReadOnlyList<LogLine>
{
    /// <summary>Columns of a name in the log; longer ones are cut.</summary>
    public const int MaxNameColumns = 20;

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
        var time = TimeOf(message);
        var name = TextWidth.Ellipsize(
            ControlSequences.Clean(message.From.ReplaceLineEndings(" "), 2 * MaxNameColumns),
            MaxNameColumns
        );
        // The day only where it changes
        var form = time.Date == DayBefore(index) ? "HH:mm" : "yyyy-MM-dd HH:mm";
        var head = StyledText
            .Of(MarkOf(message), Marks.StyleOf(message.State))
            .Add(" ")
            .Add(time.ToString(form, CultureInfo.InvariantCulture), CellStyle.Dim)
            .Add(" ")
            .Add(name, Marks.OfAuthor(message))
            .Add("  ");
        // Rows that follow are moved in even where there is little room: none may look like another message
        return new LogLine(key, head.Add(Texts.Reading(message)), Indent(2 + 5 + 1 + TextWidth.Of(name) + 2));
    }

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
                return TimeOf(message).Date;
            }
        }

        return default;
    }

    // The author's clock may say anything
    private DateTime TimeOf(ChatMessage message)
    {
        var milliseconds = Math.Clamp(
            message.SentAtUnixMilliseconds,
            DateTimeOffset.MinValue.AddDays(2).ToUnixTimeMilliseconds(),
            DateTimeOffset.MaxValue.AddDays(-2).ToUnixTimeMilliseconds()
        );
        return TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), zone).DateTime;
    }
}
