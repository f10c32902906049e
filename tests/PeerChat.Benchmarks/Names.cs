namespace PeerChat.Benchmarks;

/// <summary>Names that nobody else on this machine goes by: a second claimant of a name is, rightly, a question to the user.</summary>
internal static class Names
{
    /// <summary>The name for a part of the benchmark.</summary>
    public static string Of(string part) => $"{part}-{Environment.ProcessId}";
}
