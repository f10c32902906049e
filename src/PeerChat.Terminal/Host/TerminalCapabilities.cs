namespace PeerChat.Terminal.Host;

/// <summary>What a terminal has said that it can do; what it has not said, it cannot.</summary>
/// <param name="SynchronizedUpdates">Mode 2026: a frame is shown at once.</param>
/// <param name="GraphemeClusters">Mode 2027: it counts columns by cluster.</param>
/// <param name="Name">Its name and version, if it told.</param>
/// <param name="IsUtf8">Whether a character of two bytes was one column wide; null where it was not asked or has not answered.</param>
/// <param name="IsComplete">Whether the last answer has come.</param>
public sealed record TerminalCapabilities(
    bool SynchronizedUpdates = false,
    bool GraphemeClusters = false,
    string? Name = null,
    bool? IsUtf8 = null,
    bool IsComplete = false
)
{
    /// <summary>Nothing, as for a terminal that keeps silent.</summary>
    public static TerminalCapabilities None { get; } = new();
}
