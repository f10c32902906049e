using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Output;

/// <summary>The rest of a row that has moved to the left or right: the terminal deletes or inserts a few cells instead of being sent it again.</summary>
/// <param name="Column">From where on.</param>
/// <param name="Left">Columns to the left; negative for the right.</param>
internal readonly record struct RowShift(int Column, int Left)
{
    /// <summary>Columns by which a rest moves: a number that becomes shorter, a word that is typed before it.</summary>
    public const int MaxColumns = 8;

    /// <summary>Cells that must be saved beyond the control: a way back to what is drawn behind it takes about as many bytes.</summary>
    public const int MinGain = 8;

    /// <summary>The shift that saves most cells, if one is worth it.</summary>
    /// <remarks>
    /// Only where every cell is surely one column wide: where a terminal disagrees on a width, what is moved would be spoilt, and stay so.
    /// </remarks>
    public static RowShift? Find(ReadOnlySpan<Cell> before, ReadOnlySpan<Cell> after)
    {
        var first = before.CommonPrefixLength(after);
        if (after.Length - first <= MinGain || !AreSure(before) || !AreSure(after))
        {
            return null;
        }

        var stay = Equal(before[first..], after[first..]);
        var (best, left) = (MinGain, 0);
        for (var columns = 1; columns <= Math.Min(MaxColumns, after.Length - first - 1); columns++)
        {
            var toLeft = Equal(before[(first + columns)..], after[first..^columns]) - stay;
            var toRight = Equal(before[first..^columns], after[(first + columns)..]) - stay;
            (best, left) = toLeft > best ? (toLeft, columns) : (best, left);
            (best, left) = toRight > best ? (toRight, -columns) : (best, left);
        }

        return left == 0 ? null : new RowShift(first, left);
    }

    /// <summary>Moves the cells as the terminal will: those that become free are blank.</summary>
    public void Apply(Span<Cell> cells)
    {
        var rest = cells[Column..];
        if (Left > 0)
        {
            rest[Left..].CopyTo(rest);
            rest[^Left..].Fill(Cell.Blank);
        }
        else
        {
            rest[..^-Left].CopyTo(rest[-Left..]);
            rest[..-Left].Fill(Cell.Blank);
        }
    }

    private static bool AreSure(ReadOnlySpan<Cell> cells)
    {
        foreach (var cell in cells)
        {
            if (cell.Width != 1 || cell.IsDoubtful || cell == Cell.Unknown)
            {
                return false;
            }
        }

        return true;
    }

    // Blanks are cheap to draw, so moving them earns nothing
    private static int Equal(ReadOnlySpan<Cell> left, ReadOnlySpan<Cell> right)
    {
        var count = 0;
        for (var i = 0; i < left.Length; i++)
        {
            count += left[i] == right[i] && right[i] != Cell.Blank ? 1 : 0;
        }

        return count;
    }
}
