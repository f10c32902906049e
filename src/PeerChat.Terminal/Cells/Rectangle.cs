namespace PeerChat.Terminal.Cells;

/// <summary>A part of a grid of cells; layout is arithmetic on these.</summary>
/// <param name="Column">Its left column.</param>
/// <param name="Row">Its top row.</param>
/// <param name="Columns">Its width; 0 for nothing.</param>
/// <param name="Rows">Its height; 0 for nothing.</param>
public readonly record struct Rectangle(int Column, int Row, int Columns, int Rows)
{
    /// <summary>The column right of it.</summary>
    public int EndColumn => Column + Columns;

    /// <summary>Whether a place is in it.</summary>
    public bool Contains(CellPosition place) =>
        place.Column >= Column && place.Column < EndColumn && place.Row >= Row && place.Row < EndRow;

    /// <summary>The row below it.</summary>
    public int EndRow => Row + Rows;

    /// <summary>Whether no cell lies in it.</summary>
    public bool IsEmpty => Columns <= 0 || Rows <= 0;

    /// <summary>What lies in both.</summary>
    public Rectangle Intersect(Rectangle other)
    {
        var column = Math.Max(Column, other.Column);
        var row = Math.Max(Row, other.Row);
        return new Rectangle(
            column,
            row,
            Math.Max(0, Math.Min(EndColumn, other.EndColumn) - column),
            Math.Max(0, Math.Min(EndRow, other.EndRow) - row)
        );
    }

    /// <summary>Cuts off so many rows at the top (as many as there are).</summary>
    public (Rectangle Top, Rectangle Remainder) SplitTop(int rows)
    {
        var cut = Math.Clamp(rows, 0, Rows);
        return (this with { Rows = cut }, new Rectangle(Column, Row + cut, Columns, Rows - cut));
    }

    /// <summary>Cuts off so many rows at the bottom (as many as there are).</summary>
    public (Rectangle Remainder, Rectangle Bottom) SplitBottom(int rows)
    {
        var (rest, bottom) = SplitTop(Rows - Math.Clamp(rows, 0, Rows));
        return (rest, bottom);
    }

    /// <summary>Cuts off so many columns at the left (as many as there are).</summary>
    public (Rectangle Left, Rectangle Remainder) SplitLeft(int columns)
    {
        var cut = Math.Clamp(columns, 0, Columns);
        return (this with { Columns = cut }, new Rectangle(Column + cut, Row, Columns - cut, Rows));
    }

    /// <summary>Cuts off so many columns at the right (as many as there are).</summary>
    public (Rectangle Remainder, Rectangle Right) SplitRight(int columns)
    {
        var (rest, right) = SplitLeft(Columns - Math.Clamp(columns, 0, Columns));
        return (rest, right);
    }

    /// <summary>A rectangle of at most this size in the middle.</summary>
    public Rectangle Centered(int columns, int rows)
    {
        var width = Math.Clamp(columns, 0, Columns);
        var height = Math.Clamp(rows, 0, Rows);
        return new Rectangle(Column + ((Columns - width) / 2), Row + ((Rows - height) / 2), width, height);
    }
}
