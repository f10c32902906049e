using System.Globalization;
using PeerChat.Node.Profiles;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>How long an invitation lives, as people write it: a duration, days as <c>7d</c>, or never.</summary>
internal static class Lifetimes
{
    private const int SecondsInDay = 86_400;
    private const int MaxDays = 3_650;

    /// <summary>The seconds; 0 for never.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static int ToSeconds(string text)
    {
        if (text == "never")
        {
            return 0;
        }

        if (
            text.EndsWith('d')
            && int.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var days
            )
            && days is > 0 and <= MaxDays
        )
        {
            return days * SecondsInDay;
        }

        return DurationText.TryParse(text, out var time) && time.TotalSeconds >= 1
            ? (int)time.TotalSeconds
            : throw new UsageException(Words.Of($"--expires takes 30m, 12h, 7d or never, not {text}."));
    }
}
