using System.Globalization;

namespace PeerChat.Tui.Commands;

/// <summary>For how long something is kept, as people write it: <c>90d</c>, <c>2w</c>, <c>12h</c>, <c>30m</c>, <c>45s</c>.</summary>
internal static class KeepTime
{
    private const int MaxDigits = 9; // what is longer is no time that anybody means, and would not fit

    /// <summary>The seconds; false where it is no such time.</summary>
    public static bool TryParse(string text, out long seconds)
    {
        seconds = 0;
        if (text.Length is < 2 or > MaxDigits)
        {
            return false;
        }

        var unit = text[^1] switch
        {
            'w' => 604_800,
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => 0,
        };
        if (
            unit == 0
            || !long.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number == 0
        )
        {
            return false;
        }

        seconds = number * unit;
        return true;
    }
}
