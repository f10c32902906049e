namespace PeerChat.Node.Files;

/// <summary>How far work on files is.</summary>
/// <param name="Done">Bytes that are done.</param>
/// <param name="Total">Bytes there are; null where nobody knows yet.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Name">The file in hand, not cleaned for any terminal.</param>
public sealed record FileProgress(long Done, long? Total, TimeSpan Elapsed, string Name)
{
    /// <summary>Bytes a second so far; 0 before there is anything to tell.</summary>
    public double Rate => Elapsed.TotalSeconds < 0.05 ? 0 : Done / Elapsed.TotalSeconds;

    /// <summary>How long the rest takes at this rate; null where that cannot be said.</summary>
    public TimeSpan? Left =>
        Total is { } total && Rate > 0 && (total - Done) / Rate < TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(Math.Max(0, total - Done) / Rate)
            : null;
}
