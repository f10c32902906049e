using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Output;

/// <summary>Writes the cells that differ, row by row, keeping track of the terminal's cursor and style.</summary>
internal ref struct FrameWriter(OutputBuffer output, CellTables tables, int columns)
{
    /// <summary>Blanks from which erasing (ECH) beats writing them and keeps clear of the cost of moving on.</summary>
    private const int MinErase = 10;

    private readonly OutputBuffer _output = output;
    private readonly CellTables _tables = tables;
    private readonly int _columns = columns;

    /// <summary>How many colours are sent.</summary>
    public ColorDepth Colors { get; init; }

    /// <summary>Which colours stand for the sixteen.</summary>
    public required Palette Palette { get; init; }

    /// <summary>Whether addresses are sent.</summary>
    public bool HasLinks { get; init; }

    /// <summary>Whether only ASCII is sent.</summary>
    public bool IsAscii { get; init; }

    /// <summary>Column of the terminal's cursor, if known.</summary>
    public int Column { get; set; }

    /// <summary>Row of the terminal's cursor, if known.</summary>
    public int Row { get; set; }

    /// <summary>The terminal's style, if known.</summary>
    public CellStyle? Style { get; set; }

    /// <summary>Writes all rows that differ.</summary>
    public void WriteRows(ReadOnlySpan<Cell> previous, ReadOnlySpan<Cell> next)
    {
        for (var (row, start) = (0, 0); start < next.Length; row++, start += _columns)
        {
            var before = previous.Slice(start, _columns);
            var after = next.Slice(start, _columns);
            if (!before.SequenceEqual(after))
            {
                if (RowShift.Find(before, after) is { } shift)
                {
                    WriteMoved(row, before, after, shift);
                }
                else
                {
                    WriteRow(row, before, after);
                }
            }
        }
    }

    /// <summary>Puts the cursor at a place.</summary>
    public void MoveTo(int column, int row)
    {
        CursorMotion.Write(_output, Column, Row, column, row);
        (Column, Row) = (column, row);
    }

    /// <summary>Moves a block of rows in the terminal.</summary>
    public void Scroll(ScrollShift shift, int rows)
    {
        SetErasingStyle();
        var needsMargins = shift.Bottom < rows - 1;
        if (needsMargins)
        {
            _output.Append("\e["u8);
            if (shift.Top > 0)
            {
                _output.AppendNumber(shift.Top + 1);
            }

            _output.Append((byte)';');
            _output.AppendNumber(shift.Bottom + 1);
            _output.Append((byte)'r');
            (Column, Row) = (0, 0);
        }

        // Deleting and inserting lines does what CSI S and T do, and the Linux console knows only the former
        MoveTo(0, shift.Top);
        _output.AppendControl(Math.Abs(shift.Up), (byte)(shift.Up > 0 ? 'M' : 'L'));
        if (needsMargins)
        {
            _output.Append("\e[r"u8);
            (Column, Row) = (0, 0);
        }
    }

    private void WriteMoved(int row, ReadOnlySpan<Cell> before, ReadOnlySpan<Cell> after, RowShift shift)
    {
        SetErasingStyle();
        Approach(after, shift.Column, row);
        _output.AppendControl(Math.Abs(shift.Left), (byte)(shift.Left > 0 ? 'P' : '@'));
        Cell[] moved = [.. before];
        shift.Apply(moved);
        WriteRow(row, moved, after);
    }

    private void WriteRow(int row, ReadOnlySpan<Cell> before, ReadOnlySpan<Cell> after)
    {
        var end = _columns;
        while (end > 0 && after[end - 1] == Cell.Blank)
        {
            end--;
        }

        // Erase to the end of the line if the tail holds more than a few cells to blank
        var tail = CountDifferent(before[end..], after[end..]);
        var erases = tail > EraseCost();
        if (!erases)
        {
            end = _columns;
        }

        var forcedUntil = 0;
        var column = 0;
        while (column < end)
        {
            if (before[column] == after[column] && column >= forcedUntil)
            {
                column++;
                continue;
            }

            if (after[column].IsContinuation)
            {
                // The wide cluster itself is unchanged: only possible where the terminal's state is not known
                column = DrawnFrom(after, column);
            }

            var blanks = BlankRun(before, after, column, end);
            if (blanks >= MinErase)
            {
                SetErasingStyle();
                Approach(after, column, row);
                _output.AppendControl(blanks, (byte)'X');
                column += blanks;
                continue;
            }

            column = WriteCell(row, column, before, after, ref forcedUntil);
        }

        if (erases)
        {
            SetErasingStyle();
            Approach(after, end, row);
            _output.Append("\e[K"u8);
        }
    }

    private int WriteCell(
        int row,
        int column,
        ReadOnlySpan<Cell> before,
        ReadOnlySpan<Cell> after,
        ref int forcedUntil
    )
    {
        var cell = after[column];
        Approach(after, column, row);
        if (cell is { IsDoubtful: true, Width: 2 } && !AreBlank(before.Slice(column, 2)))
        {
            // A terminal that takes it for narrow would leave the old right half
            SetErasingStyle();
            _output.AppendControl(2, (byte)'X');
        }

        SetStyle(cell.Style);
        Encode(cell);
        column += cell.Width;
        Column = column;
        if (cell.IsDoubtful)
        {
            // The terminal may have drawn over what follows: that is drawn again
            Column = CursorMotion.Unknown;
            forcedUntil = Math.Max(forcedUntil, Math.Min(_columns, column + _tables.Reach(cell)));
        }

        if (column >= _columns)
        {
            // At the edge some wait there with a wrap pending and some do not
            Column = CursorMotion.Unknown;
        }

        return column;
    }

    /// <summary>Ends an address that the last cell led to, so that nothing else can become part of it.</summary>
    public void CloseLink()
    {
        if (Style is { Link: not null } style)
        {
            var plain = style with { Link = null };
            StyleWriter.Write(_output, style, plain);
            Style = plain;
        }
    }

    private readonly CellStyle At(ushort style) => _tables.Style(style).At(Colors, Palette, HasLinks);

    private readonly void Encode(Cell cell)
    {
        var room = _output.Room(4 * Text.TextCluster.MaxLength);
        _output.Advance(
            IsAscii
                ? AsciiForm.Encode(_tables.ClusterText(cell.Cluster), cell.Width, room)
                : _tables.EncodeCluster(cell.Cluster, room)
        );
    }

    // Goes to a cell, by writing what stands between again where that is shorter
    private void Approach(ReadOnlySpan<Cell> after, int column, int row)
    {
        if (Row == row && Column != CursorMotion.Unknown && Column < column)
        {
            var cost = CursorMotion.Cost(Column, Row, column, row);
            if (RewriteCost(after[Column..column], cost) < cost)
            {
                foreach (var cell in after[Column..column])
                {
                    Encode(cell);
                }

                Column = column;
                return;
            }
        }

        MoveTo(column, row);
    }

    private readonly int RewriteCost(ReadOnlySpan<Cell> cells, int limit)
    {
        var cost = 0;
        foreach (var cell in cells)
        {
            if (cell.Width != 1 || cell.IsDoubtful || At(cell.Style) != Style)
            {
                return limit;
            }

            cost += IsAscii ? 1 : _tables.ClusterBytes(cell.Cluster);
            if (cost >= limit)
            {
                return limit;
            }
        }

        return cost;
    }

    private static int DrawnFrom(ReadOnlySpan<Cell> after, int column)
    {
        while (after[column].IsContinuation)
        {
            column--;
        }

        return column;
    }

    private static int BlankRun(ReadOnlySpan<Cell> before, ReadOnlySpan<Cell> after, int column, int end)
    {
        var length = 0;
        var last = 0;
        while (column + length < end && after[column + length] == Cell.Blank)
        {
            length++;
            last = before[column + length - 1] == Cell.Blank ? last : length;
        }

        return last;
    }

    private static bool AreBlank(ReadOnlySpan<Cell> cells) => !cells.ContainsAnyExcept(Cell.Blank);

    private static int CountDifferent(ReadOnlySpan<Cell> left, ReadOnlySpan<Cell> right)
    {
        var count = 0;
        for (var i = 0; i < left.Length; i++)
        {
            count += left[i] == right[i] ? 0 : 1;
        }

        return count;
    }

    private readonly int EraseCost() => Style is { } style && !IsErasing(style) ? 5 : 3;

    private static bool IsErasing(CellStyle style) =>
        style.Background.IsDefault
        && style.Link is null
        && (style.Attributes & (CellAttributes.Reverse | CellAttributes.Underline)) == CellAttributes.None;

    // Erased cells take the background (on some terminals) and must not take more
    private void SetErasingStyle()
    {
        if (Style is not { } style || !IsErasing(style))
        {
            SetStyle(0);
        }
    }

    private void SetStyle(ushort number)
    {
        var style = At(number);
        if (Style != style)
        {
            StyleWriter.Write(_output, Style, style);
            Style = style;
        }
    }
}
