using System.Collections.Immutable;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Widgets;

/// <summary>A question that one letter answers; Escape and Enter give the last answer, which does nothing harmful.</summary>
/// <param name="Text">The question.</param>
/// <param name="Choices">The answers.</param>
public sealed record Question(string Text, ImmutableArray<Choice> Choices)
{
    /// <summary>The answer that a key gives; false for a key that gives none.</summary>
    public bool TryAnswer(KeyStroke key, out Choice answer)
    {
        if (key.Code is KeyCode.Escape or KeyCode.Enter)
        {
            answer = Choices[^1];
            return true;
        }

        answer = Choices.FirstOrDefault(choice =>
            key.IsText
            && char.ToLowerInvariant(choice.Key) == System.Text.Rune.ToLowerInvariant(key.Character).Value
        );
        return answer != default;
    }

    /// <summary>Rows that it takes as a bar.</summary>
    public int RowsAt(int columns) => TextWrap.CountRows(Sentence, columns);

    /// <summary>Draws it as a bar over the whole region, with the cursor behind it.</summary>
    public void DrawBar(CellRegion region, CellStyle style = default)
    {
        region.Clear(style);
        DrawWrapped(region, Sentence, style, hasCursor: true);
    }

    /// <summary>Draws it as a box in the middle of a region.</summary>
    /// <param name="region">What is behind the box.</param>
    /// <param name="style">Its style.</param>
    /// <param name="hasBorder">Whether it has a border, which screen readers would read aloud.</param>
    public void DrawBox(CellRegion region, CellStyle style = default, bool hasBorder = true)
    {
        var margin = hasBorder ? 2 : 0;
        var columns = Math.Min(
            Math.Max(10, TextWidth.Of(Sentence)),
            Math.Max(1, Math.Min(60, region.Columns - (2 * margin)))
        );
        var rows = TextWrap.CountRows(Sentence, columns);
        var box = region.Slice(region.Bounds.Centered(columns + (2 * margin), rows + margin));
        box.Clear(style);
        if (hasBorder)
        {
            Border.Draw(box, style);
        }

        var inside = new Rectangle(
            margin,
            margin / 2,
            Math.Min(columns, box.Columns - (2 * margin)),
            box.Rows - margin
        );
        DrawWrapped(box.Slice(inside), Sentence, style, hasCursor: true);
    }

    private string Sentence =>
        Text + " " + string.Join("  ", Choices.Select(choice => $"[{choice.Key}] {choice.Label}"));

    private static void DrawWrapped(CellRegion region, string text, CellStyle style, bool hasCursor)
    {
        var rows = new List<TextRow>();
        TextWrap.Wrap(text, region.Columns, rows);
        for (var row = 0; row < rows.Count && row < region.Rows; row++)
        {
            var end = region.Write(0, row, text.AsSpan(rows[row].Start, rows[row].Length), style);
            if (hasCursor)
            {
                region.SetCursor(Math.Min(end, region.Columns - 1), row);
            }
        }
    }
}
