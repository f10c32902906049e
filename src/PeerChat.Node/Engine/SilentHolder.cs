using PeerChat.Primitives;

namespace PeerChat.Node.Engine;

/// <summary>Somebody who was given up as a holder of a file, because nothing came of what was asked for: it is asked again, ever more rarely.</summary>
/// <param name="Since">When it was given up.</param>
/// <param name="Pause">How long it is left alone.</param>
internal readonly record struct SilentHolder(Instant Since, TimeSpan Pause)
{
    /// <summary>How long the first time: a path that was cut for a moment is there again by then (guess).</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);

    /// <summary>How long at most: a machine that slept through the night is asked again while its user has breakfast (guess).</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>When it is asked again.</summary>
    public Instant AskAt => Since + Pause;

    /// <summary>Given up now, and perhaps before.</summary>
    public static SilentHolder After(SilentHolder? before, Instant now) =>
        new(
            now,
            before is { } known
                ? TimeSpan.FromTicks(Math.Min(known.Pause.Ticks * 2, LongestPause.Ticks))
                : FirstPause
        );

    /// <summary>It was heard of otherwise: it is asked as soon as after the first time.</summary>
    public SilentHolder Heard() => this with { Pause = FirstPause };
}
