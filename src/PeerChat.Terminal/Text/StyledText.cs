using System.Collections.Immutable;
using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Text;

/// <summary>A text whose parts have styles.</summary>
/// <remarks>Built by adding: <c>StyledText.Empty.Add("bob", bold).Add(" hello")</c>.</remarks>
public sealed record StyledText
{
    private readonly ImmutableArray<StyleRun> _runs;

    private StyledText(string text, ImmutableArray<StyleRun> runs)
    {
        Text = text;
        _runs = runs;
    }

    /// <summary>No text.</summary>
    public static StyledText Empty { get; } = new("", []);

    /// <summary>All of the text.</summary>
    public string Text { get; }

    /// <summary>Columns it takes in one row.</summary>
    public int Columns => TextWidth.Of(Text);

    /// <summary>A text in one style.</summary>
    public static StyledText Of(string text, CellStyle style = default) => Empty.Add(text, style);

    /// <summary>This text, followed by another in a style.</summary>
    public StyledText Add(string text, CellStyle style = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0
            ? this
            : new StyledText(Text + text, _runs.Add(new StyleRun(Text.Length, text.Length, style)));
    }

    /// <summary>This text, followed by another.</summary>
    public StyledText Add(StyledText other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var shifted = other._runs.Select(run => run with { Start = run.Start + Text.Length });
        return new StyledText(Text + other.Text, _runs.AddRange(shifted));
    }

    /// <summary>The stretches of one style within a part of the text.</summary>
    public IEnumerable<StyleRun> RunsIn(int start, int length)
    {
        var end = start + length;
        foreach (var run in _runs)
        {
            var from = Math.Max(start, run.Start);
            var to = Math.Min(end, run.Start + run.Length);
            if (from < to)
            {
                yield return new StyleRun(from, to - from, run.Style);
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(StyledText? other) =>
        other is not null
        && string.Equals(Text, other.Text, StringComparison.Ordinal)
        && _runs.AsSpan().SequenceEqual(other._runs.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);
}
