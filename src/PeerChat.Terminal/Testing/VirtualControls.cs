using System.Globalization;
using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Testing;

/// <summary>The control sequences that change a virtual screen.</summary>
internal static class VirtualControls
{
    /// <summary>Runs one; false when it is not known.</summary>
    public static bool TryRun(VirtualScreen screen, string parameters, char final)
    {
        if (!TryParse(parameters, out var numbers))
        {
            return false;
        }

        var first = numbers.Length > 0 ? numbers[0] : 0;
        var count = Math.Max(1, first);
        switch (final)
        {
            case 'A':
                screen.MoveTo(screen.Column, screen.Row - count);
                return true;
            case 'B':
                screen.MoveTo(screen.Column, screen.Row + count);
                return true;
            case 'C':
                screen.MoveTo(screen.Column + count, screen.Row);
                return true;
            case 'D':
                screen.MoveTo(screen.Column - count, screen.Row);
                return true;
            case 'G':
                screen.MoveTo(count - 1, screen.Row);
                return true;
            case 'd':
                screen.MoveTo(screen.Column, count - 1);
                return true;
            case 'H':
                screen.MoveTo(numbers.Length > 1 ? Math.Max(1, numbers[1]) - 1 : 0, count - 1);
                return true;
            case 'm':
                return TrySetStyle(screen, numbers);
            case 'r':
                screen.SetMargins(
                    count - 1,
                    numbers.Length > 1 && numbers[1] > 0 ? numbers[1] - 1 : screen.Size.Rows - 1
                );
                return true;
            default:
                return TryEdit(screen, first, count, final);
        }
    }

    private static bool TryEdit(VirtualScreen screen, int first, int count, char final)
    {
        switch (final)
        {
            case 'J':
                return TryEraseDisplay(screen, first);
            case 'K' when first <= 2:
                screen.Erase(
                    first == 0 ? screen.Column : 0,
                    first == 1 ? screen.Column + 1 : screen.Size.Columns,
                    screen.Row
                );
                return true;
            case 'X':
                screen.Erase(screen.Column, screen.Column + count, screen.Row);
                return true;
            case 'L':
                screen.InsertLines(count);
                return true;
            case 'M':
                screen.DeleteLines(count);
                return true;
            case 'P':
                screen.DeleteCharacters(count);
                return true;
            case '@':
                screen.InsertCharacters(count);
                return true;
            case 'S':
                screen.ScrollUp(screen.Top, count);
                return true;
            case 'T':
                screen.ScrollDown(screen.Top, count);
                return true;
            default:
                return false;
        }
    }

    private static bool TryEraseDisplay(VirtualScreen screen, int what)
    {
        switch (what)
        {
            case 0:
                screen.Erase(screen.Column, screen.Size.Columns, screen.Row);
                screen.EraseRows(screen.Row + 1, screen.Size.Rows);
                return true;
            case 1:
                screen.EraseRows(0, screen.Row);
                screen.Erase(0, screen.Column + 1, screen.Row);
                return true;
            case 2:
                screen.EraseRows(0, screen.Size.Rows);
                return true;
            default:
                return what == 3;
        }
    }

    private static bool TrySetStyle(VirtualScreen screen, int[] numbers)
    {
        var style = screen.Style;
        for (var i = 0; i < Math.Max(1, numbers.Length); i++)
        {
            var code = i < numbers.Length ? numbers[i] : 0;
            if (code is 38 or 48)
            {
                if (!TryReadColor(numbers, ref i, out var color))
                {
                    return false;
                }

                style = code == 38 ? style with { Foreground = color } : style with { Background = color };
            }
            else if (Apply(style, code) is { } next)
            {
                style = next;
            }
            else
            {
                return false;
            }
        }

        screen.Style = style;
        return true;
    }

    private static CellStyle? Apply(CellStyle style, int code) =>
        code switch
        {
            0 => new CellStyle { Link = style.Link }, // an address is ended by its own sequence alone
            1 => style.With(CellAttributes.Bold),
            2 => style.With(CellAttributes.Dim),
            3 => style.With(CellAttributes.Italic),
            4 => style.With(CellAttributes.Underline),
            7 => style.With(CellAttributes.Reverse),
            9 => style.With(CellAttributes.Strike),
            22 => Without(style, CellAttributes.Bold | CellAttributes.Dim),
            23 => Without(style, CellAttributes.Italic),
            24 => Without(style, CellAttributes.Underline),
            27 => Without(style, CellAttributes.Reverse),
            29 => Without(style, CellAttributes.Strike),
            >= 30 and <= 37 => style with { Foreground = Color.Palette((byte)(code - 30)) },
            39 => style with { Foreground = default },
            >= 40 and <= 47 => style with { Background = Color.Palette((byte)(code - 40)) },
            49 => style with { Background = default },
            >= 90 and <= 97 => style with { Foreground = Color.Palette((byte)(code - 82)) },
            >= 100 and <= 107 => style with { Background = Color.Palette((byte)(code - 92)) },
            _ => null,
        };

    private static CellStyle Without(CellStyle style, CellAttributes attributes) =>
        style with
        {
            Attributes = style.Attributes & ~attributes,
        };

    private static bool TryReadColor(int[] numbers, ref int i, out Color color)
    {
        color = default;
        if (i + 2 < numbers.Length && numbers[i + 1] == 5)
        {
            color = Color.Palette((byte)(numbers[i + 2] & 0xFF));
            i += 2;
            return true;
        }

        if (i + 4 < numbers.Length && numbers[i + 1] == 2)
        {
            color = Color.Rgb(
                (byte)(numbers[i + 2] & 0xFF),
                (byte)(numbers[i + 3] & 0xFF),
                (byte)(numbers[i + 4] & 0xFF)
            );
            i += 4;
            return true;
        }

        return false;
    }

    private static bool TryParse(string parameters, out int[] numbers)
    {
        numbers = [];
        if (parameters.Length == 0)
        {
            return true;
        }

        var parts = parameters.Split(';');
        numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (
                parts[i].Length > 0
                && (
                    !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])
                    || numbers[i] > 9999
                )
            )
            {
                return false;
            }
        }

        return true;
    }
}
