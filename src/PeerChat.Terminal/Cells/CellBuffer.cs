using System.Text;

namespace PeerChat.Terminal.Cells;

/// <summary>A grid of cells that a view draws into, with the place of the cursor and the window's title.</summary>
/// <remarks>Text gets in through <see cref="CellRegion"/> alone, which lets nothing raw through.</remarks>
public sealed class CellBuffer
{
    private readonly Cell[] _cells;

    /// <summary>A blank grid.</summary>
    /// <param name="size">Its size; clamped to what is sensible.</param>
    /// <param name="tables">Shared by the buffers that are compared; new ones if null.</param>
    public CellBuffer(TerminalSize size, CellTables? tables = null)
    {
        Size = size.Clamped();
        Tables = tables ?? new CellTables();
        _cells = new Cell[Size.Columns * Size.Rows];
        Clear();
    }

    /// <summary>Its size.</summary>
    public TerminalSize Size { get; }

    /// <summary>Where the terminal's cursor goes; null hides it. Outside the grid means hidden too.</summary>
    public CellPosition? Cursor { get; set; }

    /// <summary>The title of the window; null leaves it alone. Shown by the same rules as text in cells.</summary>
    public string? Title { get; set; }

    /// <summary>The colours that stand for the sixteen views draw with.</summary>
    public Palette Palette { get; set; } = Palette.User;

    /// <summary>Whether the mouse is reported, which takes the terminal's own selection away.</summary>
    public bool WantsMouse { get; set; }

    /// <summary>The whole grid, to draw into.</summary>
    public CellRegion Region => new(this, new Rectangle(0, 0, Size.Columns, Size.Rows));

    internal CellTables Tables { get; }

    internal Span<Cell> Cells => _cells;

    /// <summary>Makes every cell blank and hides the cursor.</summary>
    public void Clear()
    {
        _cells.AsSpan().Fill(Cell.Blank);
        Cursor = null;
    }

    /// <summary>The cluster at a place; empty for the right half of a wide one.</summary>
    public string ClusterAt(int column, int row)
    {
        var cell = Row(row)[column];
        return cell.IsContinuation ? "" : Tables.ClusterText(cell.Cluster);
    }

    /// <summary>The style at a place.</summary>
    public CellStyle StyleAt(int column, int row) => Tables.Style(Row(row)[column].Style);

    /// <summary>A row as text, without the blanks at its end.</summary>
    public string TextOf(int row)
    {
        var text = new StringBuilder();
        foreach (var cell in Row(row))
        {
            if (!cell.IsContinuation)
            {
                text.Append(Tables.ClusterText(cell.Cluster));
            }
        }

        return text.ToString().TrimEnd(' ');
    }

    /// <summary>All rows as text, for tests and logs.</summary>
    public override string ToString() => string.Join('\n', Enumerable.Range(0, Size.Rows).Select(TextOf));

    internal Span<Cell> Row(int row) => _cells.AsSpan(row * Size.Columns, Size.Columns);

    /// <summary>Puts a cluster of one column or two, and blanks the other half of any wide one it cuts.</summary>
    internal void Put(int column, int row, Cell cell)
    {
        var cells = Row(row);
        var style = cell.Cluster == ' ' ? Tables.BlankStyle(cell.Style) : cell.Style;
        Uncover(cells, column);
        if (cell.Width == 2)
        {
            Uncover(cells, column + 1);
            cells[column + 1] = new Cell(0, style, 0, IsDoubtful: false);
        }

        cells[column] = cell with { Style = style };
    }

    internal void FillUnknown() => _cells.AsSpan().Fill(Cell.Unknown);

    private void Uncover(Span<Cell> cells, int column)
    {
        if (cells[column].IsContinuation)
        {
            cells[column - 1] = BlankLike(cells[column - 1]);
            cells[column] = BlankLike(cells[column]);
        }
        else if (cells[column].Width == 2)
        {
            cells[column + 1] = BlankLike(cells[column + 1]);
            cells[column] = BlankLike(cells[column]);
        }
    }

    private Cell BlankLike(Cell cell) => Cell.Blank with { Style = Tables.BlankStyle(cell.Style) };
}
