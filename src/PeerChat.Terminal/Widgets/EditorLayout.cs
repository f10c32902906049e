using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Widgets;

/// <summary>The rows of a text being edited, broken by cluster, with room for the cursor behind a full row.</summary>
internal sealed class EditorLayout
{
    private readonly string _text;
    private readonly List<TextRow> _rows = [];

    public EditorLayout(string text, int columns)
    {
        _text = text;
        var start = 0;
        while (true)
        {
            var end = EditorText.LineEnd(text, start);
            AddLine(start, end, Math.Max(1, columns));
            if (end == text.Length)
            {
                return;
            }

            start = end + 1;
        }
    }

    public IReadOnlyList<TextRow> Rows => _rows;

    /// <summary>The row and column of a place in the text.</summary>
    public (int Row, int Column) Find(int place)
    {
        // The last row that begins at or before it
        var low = 0;
        var high = _rows.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _rows[middle].Start <= place ? (middle, high) : (low, middle - 1);
        }

        return (low, TextWidth.Of(_text.AsSpan(_rows[low].Start, place - _rows[low].Start)));
    }

    /// <summary>The place in a row that is nearest to a column, not beyond it.</summary>
    public int PlaceAt(int row, int column)
    {
        var found = _rows[row];
        var place = found.Start + TextWidth.Fit(_text.AsSpan(found.Start, found.Length), column).Length;
        // The end of a row that goes on below is the start of the row below
        var goesOn = row + 1 < _rows.Count && _rows[row + 1].Start == found.End;
        return goesOn && place == found.End && found.Length > 0 ? EditorText.Previous(_text, place) : place;
    }

    private void AddLine(int start, int end, int columns)
    {
        var rowStart = start;
        var used = 0;
        foreach (var cluster in new TextClusters(_text.AsSpan(start, end - start)))
        {
            if (used + cluster.Columns > columns && start + cluster.Start > rowStart)
            {
                _rows.Add(new TextRow(rowStart, start + cluster.Start - rowStart, used));
                rowStart = start + cluster.Start;
                used = 0;
            }

            used += cluster.Columns;
        }

        _rows.Add(new TextRow(rowStart, end - rowStart, used));
        if (used >= columns)
        {
            _rows.Add(new TextRow(end, 0, 0));
        }
    }
}
