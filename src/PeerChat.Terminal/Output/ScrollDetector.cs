using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Output;

/// <summary>Finds the block of rows that has moved, so that the terminal can move it instead of being sent it again.</summary>
/// <remarks>
/// Whole rows move, also under a side column: what stands beside the block is then drawn back. Whether that pays is
/// decided by writing both and comparing lengths; here the most promising block is picked by counting cells.
/// </remarks>
internal static class ScrollDetector
{
    /// <summary>Rows by which a block may move. A page key moves nearly everything out of sight, which gains nothing.</summary>
    public const int MaxShift = 8;

    /// <summary>Cells that must be saved; below, moving costs more than it saves (measured: about 30 bytes a move).</summary>
    public const int MinGain = 40;

    /// <summary>The best block, if one is worth trying.</summary>
    public static ScrollShift? Find(
        ReadOnlySpan<Cell> previous,
        ReadOnlySpan<Cell> next,
        int columns,
        int rows
    )
    {
        var stay = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            stay[row] = Equal(Row(previous, row, columns), Row(next, row, columns));
        }

        ScrollShift? best = null;
        var bestGain = MinGain;
        var most = Math.Min(MaxShift, rows - 1);
        for (var up = -most; up <= most; up++)
        {
            if (
                up != 0
                && BestBlock(previous, next, columns, stay, up) is var (gain, shift)
                && gain > bestGain
            )
            {
                bestGain = gain;
                best = shift;
            }
        }

        return best;
    }

    /// <summary>Moves the rows as the terminal will: those that become free are blank.</summary>
    public static void Apply(Span<Cell> cells, int columns, ScrollShift shift)
    {
        var block = cells.Slice(shift.Top * columns, (shift.Bottom - shift.Top + 1) * columns);
        var moved = Math.Abs(shift.Up) * columns;
        if (shift.Up > 0)
        {
            block[moved..].CopyTo(block);
            block[^moved..].Fill(Cell.Blank);
        }
        else
        {
            block[..^moved].CopyTo(block[moved..]);
            block[..moved].Fill(Cell.Blank);
        }
    }

    // The run of rows with the greatest sum of gains
    private static (int Gain, ScrollShift Shift) BestBlock(
        ReadOnlySpan<Cell> previous,
        ReadOnlySpan<Cell> next,
        int columns,
        int[] stay,
        int up
    )
    {
        var rows = stay.Length;
        var best = 0;
        var bestFirst = 0;
        var bestLast = 0;
        var sum = 0;
        var first = 0;
        for (var row = Math.Max(0, -up); row < rows - Math.Max(0, up); row++)
        {
            if (sum <= 0)
            {
                sum = 0;
                first = row;
            }

            sum += Equal(Row(previous, row + up, columns), Row(next, row, columns)) - stay[row];
            if (sum > best)
            {
                (best, bestFirst, bestLast) = (sum, first, row);
            }
        }

        var top = Math.Min(bestFirst, bestFirst + up);
        var bottom = Math.Max(bestLast, bestLast + up);
        return (best, new ScrollShift(top, bottom, up));
    }

    private static ReadOnlySpan<Cell> Row(ReadOnlySpan<Cell> cells, int row, int columns) =>
        cells.Slice(row * columns, columns);

    private static int Equal(ReadOnlySpan<Cell> left, ReadOnlySpan<Cell> right)
    {
        var count = 0;
        for (var i = 0; i < left.Length; i++)
        {
            // Blanks are cheap to draw, so moving them earns nothing
            count += left[i] == right[i] && right[i] != Cell.Blank ? 1 : 0;
        }

        return count;
    }
}
