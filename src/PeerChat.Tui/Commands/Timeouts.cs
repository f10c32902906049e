using System.Globalization;

namespace PeerChat.Tui.Commands;

/// <summary>Durations as people write them: 500ms, 30s, 5m, 1h, or plain seconds.</summary>
internal static class Timeouts
{
    /// <summary>Longer waits are more likely a slip of the finger than meant.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Reads a duration.</summary>
    /// <exception cref="UsageException">It is none, or out of range.</exception>
    public static TimeSpan Parse(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var unit = text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "" or "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.Zero,
        };
        if (
            unit == TimeSpan.Zero
            || !double.TryParse(
                text.AsSpan(0, digits),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number <= 0
            || number * unit.TotalSeconds > Longest.TotalSeconds
        )
        {
            throw new UsageException(
                $"'{text}' is no duration; write for example 500ms, 30s, 5m or 1h (at most 7 days)."
            );
        }

        return unit * number;
    }
}
