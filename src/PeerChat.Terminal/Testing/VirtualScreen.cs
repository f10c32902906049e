using System.Globalization;
using System.Text;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Testing;

/// <summary>The grid of a virtual terminal: printing, erasing, scrolling.</summary>
internal sealed class VirtualScreen(TerminalSize size, VirtualWidths widths)
{
    private VirtualCell[] _cells = NewCells(size);
    private (int Column, int Row)? _last;

    public TerminalSize Size { get; private set; } = size;
    public int Column { get; private set; }
    public int Row { get; private set; }
    public bool IsWrapPending { get; private set; }
    public bool Wraps { get; set; } = true;
    public int Top { get; private set; }
    public int Bottom { get; private set; } = size.Rows - 1;
    public CellStyle Style { get; set; }

    public VirtualCell this[int column, int row]
    {
        get => _cells[(row * Size.Columns) + column];
        private set => _cells[(row * Size.Columns) + column] = value;
    }

    public void Resize(TerminalSize size)
    {
        var old = _cells;
        var oldSize = Size;
        (Size, _cells) = (size, NewCells(size));
        for (var row = 0; row < Math.Min(size.Rows, oldSize.Rows); row++)
        {
            old.AsSpan(row * oldSize.Columns, Math.Min(size.Columns, oldSize.Columns))
                .CopyTo(_cells.AsSpan(row * size.Columns));
        }

        SetMargins(0, size.Rows - 1);
        MoveTo(Column, Row);
    }

    public void Print(Rune rune)
    {
        if (TryJoin(rune))
        {
            return;
        }

        var width = widths == VirtualWidths.ByCluster ? Math.Max(1, TextWidth.Of(rune)) : TextWidth.Of(rune);
        if (width == 0 || IsInvisible(rune))
        {
            return;
        }

        if (IsWrapPending)
        {
            Column = 0;
            LineFeed();
        }

        if (Column + width > Size.Columns)
        {
            if (Wraps && Size.Columns >= width)
            {
                Column = 0;
                LineFeed();
            }
            else
            {
                Column = Math.Max(0, Size.Columns - width);
            }
        }

        Put(Column, Row, new VirtualCell(rune.ToString(), Style, Math.Min(width, Size.Columns)));
        _last = (Column, Row);
        Advance(width);
    }

    public void MoveTo(int column, int row)
    {
        Column = Math.Clamp(column, 0, Size.Columns - 1);
        Row = Math.Clamp(row, 0, Size.Rows - 1);
        IsWrapPending = false;
        _last = null;
    }

    public void LineFeed()
    {
        IsWrapPending = false;
        _last = null;
        if (Row == Bottom)
        {
            ScrollUp(Top, 1);
        }
        else if (Row < Size.Rows - 1)
        {
            Row++;
        }
    }

    public void ReverseLineFeed()
    {
        _last = null;
        if (Row == Top)
        {
            ScrollDown(Top, 1);
        }
        else if (Row > 0)
        {
            Row--;
        }
    }

    public void SetMargins(int top, int bottom)
    {
        var last = Math.Clamp(bottom, 0, Size.Rows - 1);
        (Top, Bottom) = top < last ? (top, last) : (0, Size.Rows - 1);
        MoveTo(0, 0);
    }

    public void ScrollUp(int top, int rows)
    {
        for (var row = top; row <= Bottom; row++)
        {
            CopyRow(row + rows, row);
        }
    }

    public void ScrollDown(int top, int rows)
    {
        for (var row = Bottom; row >= top; row--)
        {
            CopyRow(row - rows >= top ? row - rows : int.MaxValue, row);
        }
    }

    public void InsertLines(int rows)
    {
        if (Row >= Top && Row <= Bottom)
        {
            ScrollDown(Row, rows);
        }
    }

    public void DeleteLines(int rows)
    {
        if (Row >= Top && Row <= Bottom)
        {
            ScrollUp(Row, rows);
        }
    }

    public void Erase(int fromColumn, int toColumn, int row)
    {
        for (var column = fromColumn; column < Math.Min(toColumn, Size.Columns); column++)
        {
            Put(
                column,
                row,
                VirtualCell.Blank with
                {
                    Style = new CellStyle(default, Style.Background, default),
                }
            );
        }
    }

    public void EraseRows(int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            Erase(0, Size.Columns, row);
        }
    }

    public void DeleteCharacters(int count)
    {
        for (var column = Column; column < Size.Columns; column++)
        {
            this[column, Row] = column + count < Size.Columns ? this[column + count, Row] : VirtualCell.Blank;
        }
    }

    public void InsertCharacters(int count)
    {
        for (var column = Size.Columns - 1; column >= Column; column--)
        {
            this[column, Row] = column - count >= Column ? this[column - count, Row] : VirtualCell.Blank;
        }
    }

    private static VirtualCell[] NewCells(TerminalSize size)
    {
        var cells = new VirtualCell[size.Columns * size.Rows];
        cells.AsSpan().Fill(VirtualCell.Blank);
        return cells;
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control;

    // Whether the code point becomes part of the character printed just before
    private bool TryJoin(Rune rune)
    {
        if (_last is not var (column, row))
        {
            return false;
        }

        var cell = this[column, row];
        var joined = cell.Text + rune;
        if (widths == VirtualWidths.ByCodePoint)
        {
            if (TextWidth.Of(rune) > 0 && !IsInvisible(rune))
            {
                return false;
            }

            this[column, row] = cell with { Text = joined };
            return true;
        }

        if (
            (rune.Value < 0x300 && cell.Text[0] < 0x300)
            || StringInfo.GetNextTextElementLength(joined) < joined.Length
        )
        {
            return false;
        }

        var width = Math.Max(cell.Width, TextClusters.Read(joined).Columns);
        if (width > cell.Width && column + 1 < Size.Columns)
        {
            Put(column, row, new VirtualCell(joined, cell.Style, 2));
            Column = column + 1;
            Advance(1);
        }
        else
        {
            this[column, row] = cell with { Text = joined };
        }

        return true;
    }

    private void Advance(int width)
    {
        Column += width;
        if (Column >= Size.Columns)
        {
            Column = Size.Columns - 1;
            IsWrapPending = Wraps;
        }
    }

    private void Put(int column, int row, VirtualCell cell)
    {
        Uncover(column, row);
        this[column, row] = cell;
        if (cell.Width == 2)
        {
            Uncover(column + 1, row);
            this[column + 1, row] = new VirtualCell("", cell.Style, 0);
        }
    }

    private void Uncover(int column, int row)
    {
        if (this[column, row].Width == 0 && column > 0 && this[column - 1, row].Width == 2)
        {
            this[column - 1, row] = VirtualCell.Blank with { Style = this[column - 1, row].Style };
        }
        else if (this[column, row].Width == 2 && column + 1 < Size.Columns)
        {
            this[column + 1, row] = VirtualCell.Blank with { Style = this[column, row].Style };
        }
    }

    private void CopyRow(int from, int to)
    {
        if (from <= Bottom)
        {
            _cells.AsSpan(from * Size.Columns, Size.Columns).CopyTo(_cells.AsSpan(to * Size.Columns));
        }
        else
        {
            Erase(0, Size.Columns, to);
        }
    }
}
