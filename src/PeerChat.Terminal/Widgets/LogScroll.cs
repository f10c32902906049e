using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Widgets;

/// <summary>Where a log is being read: at its end, following it, or at a place that stays when lines come or the width changes.</summary>
/// <remarks>
/// A state over lines that the caller keeps in order of reading. Only the lines near the place are ever wrapped, so that
/// ten thousand lines cost no more than a hundred.
/// </remarks>
public sealed record LogScroll
{
    // The line in the top row, by key, and the UTF-16 unit that its row holds; null follows the end
    private readonly (long Key, int Offset, int Index)? _top;

    private LogScroll((long Key, int Offset, int Index)? top) => _top = top;

    /// <summary>At the end, following it.</summary>
    public static LogScroll AtEnd { get; } = new((ValueTuple<long, int, int>?)null);

    /// <summary>Whether new lines are shown as they come.</summary>
    public bool IsAtEnd => _top is null;

    /// <summary>The key of the line in the top row; null at the end.</summary>
    public long? TopKey => _top?.Key;

    /// <summary>At the first line.</summary>
    public static LogScroll AtStart(IReadOnlyList<LogLine> lines, TerminalSize view) => At(lines, 0, view);

    /// <summary>With a line in the top row, or as near to it as the end allows.</summary>
    public static LogScroll At(IReadOnlyList<LogLine> lines, int index, TerminalSize view)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return index < 0 || index >= lines.Count
            ? AtEnd
            : new LogScroll((lines[index].Key, 0, index)).Settled(lines, view);
    }

    /// <summary>Up by a page less one row, which stays for orientation.</summary>
    public LogScroll PageUp(IReadOnlyList<LogLine> lines, TerminalSize view) =>
        Scroll(lines, view, -Math.Max(1, view.Rows - 1));

    /// <summary>Down by a page less one row.</summary>
    public LogScroll PageDown(IReadOnlyList<LogLine> lines, TerminalSize view) =>
        Scroll(lines, view, Math.Max(1, view.Rows - 1));

    /// <summary>By so many rows, down if positive. Reaching the end follows it again.</summary>
    public LogScroll Scroll(IReadOnlyList<LogLine> lines, TerminalSize view, int rows)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0)
        {
            return AtEnd;
        }

        var walker = TopRow(lines, view);
        walker.Move(rows);
        return new LogScroll((lines[walker.Line].Key, walker.Row.Start, walker.Line)).Settled(lines, view);
    }

    /// <summary>Scrolled as little as it takes to show a line whole, or its first rows where it has more than the view.</summary>
    public LogScroll Reveal(IReadOnlyList<LogLine> lines, int index, TerminalSize view)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (index < 0 || index >= lines.Count)
        {
            return this;
        }

        var walker = TopRow(lines, view);
        if (index < walker.Line || (index == walker.Line && !walker.IsFirstRow))
        {
            return At(lines, index, view);
        }

        walker.Move(Math.Max(0, view.Rows - 1));
        var isWhole = walker.Line > index || (walker.Line == index && !walker.HasRowBelow);
        if (isWhole)
        {
            return this;
        }

        walker.GoTo(index, int.MaxValue);
        walker.Move(-(view.Rows - 1));
        return walker.Line == index && !walker.IsFirstRow
            ? At(lines, index, view)
            : new LogScroll((lines[walker.Line].Key, walker.Row.Start, walker.Line)).Settled(lines, view);
    }

    /// <summary>How many lines come below the last one shown.</summary>
    public int CountNewer(IReadOnlyList<LogLine> lines, TerminalSize view)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (IsAtEnd || lines.Count == 0)
        {
            return 0;
        }

        var walker = TopRow(lines, view);
        walker.Move(Math.Max(0, view.Rows - 1));
        return lines.Count - 1 - walker.Line;
    }

    /// <summary>How many rows of the view <see cref="Draw"/> fills: fewer than it has where the log is shorter.</summary>
    public int CountRows(IReadOnlyList<LogLine> lines, TerminalSize view)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return lines.Count == 0 ? 0 : TopRow(lines, view).RowsBelow(view.Rows);
    }

    /// <summary>The line that <see cref="Draw"/> shows in a row of the view; -1 for none.</summary>
    public int LineAt(IReadOnlyList<LogLine> lines, TerminalSize view, int row)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0 || row < 0 || row >= view.Rows)
        {
            return -1;
        }

        var walker = TopRow(lines, view);
        for (var at = FirstRow(walker, view); at <= row; at++)
        {
            if (at == row)
            {
                return walker.Line;
            }

            if (!walker.TryMoveDown())
            {
                break;
            }
        }

        return -1;
    }

    /// <summary>Draws what is read at this place, the newest line at the bottom.</summary>
    public void Draw(CellRegion region, IReadOnlyList<LogLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0 || region.Bounds.IsEmpty)
        {
            return;
        }

        var view = new TerminalSize(region.Columns, region.Rows);
        var walker = TopRow(lines, view);
        var row = FirstRow(walker, view);
        do
        {
            var line = lines[walker.Line];
            var column = walker.IsFirstRow ? 0 : walker.Indent;
            _ = region.Write(column, row, line.Text, walker.Row.Start, walker.Row.Length);
            row++;
        } while (row < region.Rows && walker.TryMoveDown());
    }

    // A log shorter than the region stands at its bottom
    private int FirstRow(LogWalker walker, TerminalSize view) =>
        IsAtEnd || walker is { Line: 0, IsFirstRow: true }
            ? Math.Max(0, view.Rows - walker.RowsBelow(view.Rows))
            : 0;

    private LogWalker TopRow(IReadOnlyList<LogLine> lines, TerminalSize view)
    {
        var walker = new LogWalker(lines, view.Columns);
        if (_top is { } top && IndexOf(lines, top.Key, top.Index) is var index and >= 0)
        {
            walker.GoTo(index, top.Offset);
            // After a resize or when lines were taken away there may be less than a view below
            var below = walker.RowsBelow(view.Rows);
            walker.Move(Math.Min(0, below - view.Rows));
            return walker;
        }

        walker.GoToEnd();
        walker.Move(-(view.Rows - 1));
        return walker;
    }

    // Following again once the last row is in sight
    private LogScroll Settled(IReadOnlyList<LogLine> lines, TerminalSize view)
    {
        var walker = new LogWalker(lines, view.Columns);
        walker.GoTo(_top!.Value.Index, _top.Value.Offset);
        return walker.RowsBelow(view.Rows + 1) <= view.Rows ? AtEnd : this;
    }

    private static int IndexOf(IReadOnlyList<LogLine> lines, long key, int hint)
    {
        // Lines put in before it move it by a few at most, mostly by none
        for (var distance = 0; distance < lines.Count || hint - distance >= 0; distance++)
        {
            if (hint + distance < lines.Count && lines[hint + distance].Key == key)
            {
                return hint + distance;
            }

            if (hint - distance >= 0 && hint - distance < lines.Count && lines[hint - distance].Key == key)
            {
                return hint - distance;
            }
        }

        return -1;
    }
}
