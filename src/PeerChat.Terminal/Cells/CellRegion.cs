using System.Buffers;
using System.Text;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Cells;

/// <summary>A part of a buffer with coordinates of its own, outside of which nothing is drawn.</summary>
/// <remarks>
/// The one place where text becomes cells. What must not reach a terminal is spelled out here, in reverse, so that no view
/// has to think of it.
/// </remarks>
public readonly struct CellRegion
{
    private const char DottedCircle = '\u25CC';

    private readonly CellBuffer _buffer;

    internal CellRegion(CellBuffer buffer, Rectangle area)
    {
        _buffer = buffer;
        Area = area.Intersect(new Rectangle(0, 0, buffer.Size.Columns, buffer.Size.Rows));
    }

    /// <summary>Its place in the buffer.</summary>
    public Rectangle Area { get; }

    /// <summary>Its own coordinates: from 0,0.</summary>
    public Rectangle Bounds => new(0, 0, Area.Columns, Area.Rows);

    /// <summary>Its width.</summary>
    public int Columns => Area.Columns;

    /// <summary>Its height.</summary>
    public int Rows => Area.Rows;

    /// <summary>A part of this region, cut to it.</summary>
    public CellRegion Slice(Rectangle part) =>
        new(
            _buffer,
            (part with { Column = part.Column + Area.Column, Row = part.Row + Area.Row }).Intersect(Area)
        );

    /// <summary>Fills the region with blanks of a style.</summary>
    public void Clear(CellStyle style = default) => Fill(Bounds, style);

    /// <summary>Fills a part of the region with blanks of a style.</summary>
    public void Fill(Rectangle part, CellStyle style)
    {
        var area = Slice(part).Area;
        var blank = Cell.Blank with { Style = _buffer.Tables.StyleNumber(style) };
        for (var row = area.Row; row < area.EndRow; row++)
        {
            for (var column = area.Column; column < area.EndColumn; column++)
            {
                _buffer.Put(column, row, blank);
            }
        }
    }

    /// <summary>Puts the terminal's cursor here; outside the region it is hidden.</summary>
    public void SetCursor(int column, int row)
    {
        var isInside = column >= 0 && column < Columns && row >= 0 && row < Rows;
        _buffer.Cursor = isInside ? new CellPosition(Area.Column + column, Area.Row + row) : null;
    }

    /// <summary>Writes text in one row, cut at the region's edges; a wide cluster is never cut in half.</summary>
    /// <returns>The column behind what was written (or would have been, left of the region).</returns>
    public int Write(int column, int row, ReadOnlySpan<char> text, CellStyle style = default)
    {
        if (row < 0 || row >= Rows)
        {
            return column;
        }

        var styleNumber = _buffer.Tables.StyleNumber(style);
        foreach (var cluster in new TextClusters(text))
        {
            if (column >= Columns)
            {
                break;
            }

            var source = text.Slice(cluster.Start, cluster.Length);
            switch (cluster.Form)
            {
                case ClusterForm.Tab:
                    for (var i = 0; i < cluster.Columns; i++)
                    {
                        PutCell(column + i, row, Cell.Blank with { Style = styleNumber });
                    }

                    break;
                case ClusterForm.Shown:
                    WriteShown(column, row, source, style);
                    break;
                default:
                    PutCell(column, row, ToCell(cluster, source, styleNumber));
                    break;
            }

            column += cluster.Columns;
        }

        return column;
    }

    /// <summary>Writes a part of a styled text in one row.</summary>
    /// <returns>The column behind what was written.</returns>
    public int Write(int column, int row, StyledText text, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var run in text.RunsIn(start, length))
        {
            column = Write(column, row, text.Text.AsSpan(run.Start, run.Length), run.Style);
        }

        return column;
    }

    /// <summary>Writes a styled text in one row.</summary>
    /// <returns>The column behind what was written.</returns>
    public int Write(int column, int row, StyledText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Write(column, row, text, 0, text.Text.Length);
    }

    private Cell ToCell(TextCluster cluster, ReadOnlySpan<char> source, ushort style)
    {
        var drawn = source[..cluster.DrawnLength];
        if (cluster.Form != ClusterForm.OnDottedCircle)
        {
            var isDoubtful = cluster.Form == ClusterForm.Doubtful;
            return new Cell(_buffer.Tables.ClusterNumber(drawn), style, (byte)cluster.Columns, isDoubtful);
        }

        Span<char> seated = stackalloc char[TextCluster.MaxLength + 1];
        seated[0] = DottedCircle;
        drawn.CopyTo(seated[1..]);
        var number = _buffer.Tables.ClusterNumber(seated[..(drawn.Length + 1)]);
        return new Cell(number, style, (byte)cluster.Columns, IsDoubtful: true);
    }

    private void WriteShown(int column, int row, ReadOnlySpan<char> source, CellStyle style)
    {
        var isWellFormed = Rune.DecodeFromUtf16(source, out var rune, out _) == OperationStatus.Done;
        Span<char> form = stackalloc char[VisibleForm.MaxLength];
        var length = VisibleForm.Write(isWellFormed ? rune.Value : source[0], form);
        var styleNumber = _buffer.Tables.StyleNumber(style.Toggled());
        for (var i = 0; i < length; i++)
        {
            PutCell(column + i, row, new Cell(form[i], styleNumber, 1, IsDoubtful: false));
        }
    }

    private void PutCell(int column, int row, Cell cell)
    {
        var isLeftInside = column >= 0 && column < Columns;
        var isRightInside = column + cell.Width <= Columns && column + cell.Width > 0;
        if (isLeftInside && isRightInside)
        {
            _buffer.Put(Area.Column + column, Area.Row + row, cell);
        }
        else if (isLeftInside || (isRightInside && cell.Width == 2 && column == -1))
        {
            // Half of a wide cluster would show: a blank stands for it
            _buffer.Put(
                Area.Column + Math.Max(column, 0),
                Area.Row + row,
                Cell.Blank with
                {
                    Style = cell.Style,
                }
            );
        }
    }
}
