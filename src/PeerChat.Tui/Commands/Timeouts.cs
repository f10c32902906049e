using PeerChat.Node.Profiles;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>Durations on the command line, as <see cref="DurationText"/> reads them.</summary>
internal static class Timeouts
{
    /// <summary>Reads a duration.</summary>
    /// <exception cref="UsageException">It is none, or out of range.</exception>
    public static TimeSpan Parse(string text) =>
        DurationText.TryParse(text, out var duration)
            ? duration
            : throw new UsageException(
                Words.Of($"'{text}' is no duration; write for example 500ms, 30s, 5m or 1h (at most 7 days).")
            );

    /// <summary>A duration in a sentence.</summary>
    public static string Format(TimeSpan time) => $"{time.TotalSeconds:0.###} s";
}
