using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Widgets;

/// <summary>Walks the rows of a log from line to line, wrapping only the lines it comes to.</summary>
internal sealed class LogWalker(IReadOnlyList<LogLine> lines, int columns)
{
    private readonly List<TextRow> _rows = [];
    private int _row;

    public int Line { get; private set; }

    public TextRow Row => _rows[_row];

    public bool IsFirstRow => _row == 0;

    /// <summary>Whether the line goes on below this row.</summary>
    public bool HasRowBelow => _row + 1 < _rows.Count;

    /// <summary>Columns by which the further rows of the line are moved in.</summary>
    public int Indent { get; private set; }

    public void GoTo(int line, int offset)
    {
        Load(line);
        _row = Math.Max(0, _rows.FindLastIndex(row => row.Start <= offset));
    }

    public void GoToEnd()
    {
        Load(lines.Count - 1);
        _row = _rows.Count - 1;
    }

    /// <summary>By so many rows, down if positive, as far as there are any.</summary>
    public void Move(int count)
    {
        for (; count > 0 && TryMoveDown(); count--)
        {
            // All is done by moving
        }

        for (; count < 0 && TryMoveUp(); count++)
        {
            // All is done by moving
        }
    }

    public bool TryMoveDown()
    {
        if (_row + 1 < _rows.Count)
        {
            _row++;
            return true;
        }

        if (Line + 1 >= lines.Count)
        {
            return false;
        }

        Load(Line + 1);
        _row = 0;
        return true;
    }

    /// <summary>Rows from here to the end, this one included, counted up to a limit; the place stays.</summary>
    public int RowsBelow(int limit)
    {
        var (line, row) = (Line, _row);
        var count = 1;
        while (count < limit && TryMoveDown())
        {
            count++;
        }

        Load(line);
        _row = row;
        return count;
    }

    private bool TryMoveUp()
    {
        if (_row > 0)
        {
            _row--;
            return true;
        }

        if (Line == 0)
        {
            return false;
        }

        Load(Line - 1);
        _row = _rows.Count - 1;
        return true;
    }

    private void Load(int line)
    {
        Line = line;
        _rows.Clear();
        // Where the indent would leave next to nothing, there is none
        Indent = lines[line].Indent <= columns / 2 ? lines[line].Indent : 0;
        TextWrap.Wrap(lines[line].Text.Text, columns, _rows, Indent);
    }
}
