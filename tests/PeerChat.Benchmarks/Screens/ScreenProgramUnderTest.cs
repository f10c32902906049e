namespace PeerChat.Benchmarks.Screens;

/// <summary>A program with a screen, and how it is started and driven.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Program">What is started.</param>
/// <param name="Arguments">With which arguments when nobody is there; the folder is its home.</param>
/// <param name="IsFirst">Whether its first full screen is there.</param>
internal sealed record ScreenProgramUnderTest(
    string Name,
    string Program,
    Func<string, IReadOnlyList<string>> Arguments,
    Func<ScreenSession, bool> IsFirst
)
{
    /// <summary>Makes a new home usable; nothing where the program does it.</summary>
    public Action<string> Prepare { get; init; } = _ => { };

    /// <summary>Starts the other side, and with what the program is then started; null where it cannot be fed.</summary>
    public Func<string, Task<(IScreenFeed Feed, IReadOnlyList<string> Arguments)>>? Feed { get; init; }

    /// <summary>Why it cannot be fed.</summary>
    public string WhyNotFed { get; init; } = "";

    /// <summary>What is typed to have no columns beside the messages; null where there are none at all.</summary>
    public string? HideColumns { get; init; }

    /// <summary>What is typed to get to the oldest line; null where there is no such thing.</summary>
    public string? ToOldest { get; init; }

    /// <summary>What is typed to get back to the newest.</summary>
    public string ToNewest { get; init; } = "";

    /// <summary>What says, after a paste, that it was taken, or null for silence.</summary>
    public string? PasteTaken { get; init; }

    /// <summary>Why it cannot run here; null when it can.</summary>
    public string? Missing => File.Exists(Program) ? null : $"{Program} is not installed";
}
