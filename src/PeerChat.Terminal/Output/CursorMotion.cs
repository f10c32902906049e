namespace PeerChat.Terminal.Output;

/// <summary>The shortest way for the cursor from one place to another.</summary>
internal static class CursorMotion
{
    /// <summary>A column or row that is not known.</summary>
    public const int Unknown = -1;

    private const int Never = 1000;

    /// <summary>Bytes that the way takes.</summary>
    public static int Cost(int fromColumn, int fromRow, int column, int row)
    {
        var absolute = AbsoluteCost(column, row);
        if (fromRow == Unknown)
        {
            return absolute;
        }

        return Math.Min(absolute, VerticalCost(fromRow, row) + HorizontalCost(fromColumn, column));
    }

    /// <summary>Writes the way.</summary>
    public static void Write(OutputBuffer output, int fromColumn, int fromRow, int column, int row)
    {
        var absolute = AbsoluteCost(column, row);
        if (fromRow != Unknown && VerticalCost(fromRow, row) + HorizontalCost(fromColumn, column) <= absolute)
        {
            WriteVertical(output, fromRow, row);
            WriteHorizontal(output, fromColumn, column);
            return;
        }

        output.Append("\e["u8);
        if (row > 0 || column > 0)
        {
            output.AppendNumber(row + 1);
        }

        if (column > 0)
        {
            output.Append((byte)';');
            output.AppendNumber(column + 1);
        }

        output.Append((byte)'H');
    }

    private static int AbsoluteCost(int column, int row)
    {
        var rowDigits = row > 0 || column > 0 ? Digits(row + 1) : 0;
        return 3 + rowDigits + (column > 0 ? 1 + Digits(column + 1) : 0);
    }

    private static int VerticalCost(int from, int to)
    {
        var down = to - from;
        return down switch
        {
            0 => 0,
            > 0 => Math.Min(down, ControlCost(down)),
            _ => ControlCost(-down),
        };
    }

    private static void WriteVertical(OutputBuffer output, int from, int to)
    {
        var down = to - from;
        if (down > 0 && down <= ControlCost(down))
        {
            // Line feed only goes down: output is not processed in raw mode, and the target row exists
            for (var i = 0; i < down; i++)
            {
                output.Append((byte)'\n');
            }
        }
        else if (down != 0)
        {
            output.AppendControl(Math.Abs(down), (byte)(down > 0 ? 'B' : 'A'));
        }
    }

    private static int HorizontalCost(int from, int to)
    {
        if (from == to)
        {
            return 0;
        }

        var home = to == 0 ? 1 : Never;
        var absolute = ControlCost(to + 1);
        if (from == Unknown)
        {
            return Math.Min(home, absolute);
        }

        var relative = to > from ? ControlCost(to - from) : Math.Min(from - to, ControlCost(from - to));
        return Math.Min(Math.Min(home, absolute), relative);
    }

    private static void WriteHorizontal(OutputBuffer output, int from, int to)
    {
        var cost = HorizontalCost(from, to);
        if (cost == 0)
        {
            return;
        }

        if (to == 0)
        {
            output.Append((byte)'\r');
        }
        else if (from != Unknown && to < from && from - to == cost)
        {
            for (var i = 0; i < cost; i++)
            {
                output.Append((byte)'\b');
            }
        }
        else if (from == Unknown || ControlCost(to + 1) == cost)
        {
            output.AppendControl(to + 1, (byte)'G');
        }
        else
        {
            output.AppendControl(Math.Abs(to - from), (byte)(to > from ? 'C' : 'D'));
        }
    }

    // CSI, number unless 1, final
    private static int ControlCost(int count) => count == 1 ? 3 : 3 + Digits(count);

    private static int Digits(int value) =>
        value switch
        {
            < 10 => 1,
            < 100 => 2,
            < 1000 => 3,
            _ => 4,
        };
}
