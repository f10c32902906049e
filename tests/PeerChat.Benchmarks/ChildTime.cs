using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary>The processor time of a process that has ended.</summary>
internal static class ChildTime
{
    /// <summary>User and system time of all its threads; to be asked before it is disposed.</summary>
    public static TimeSpan Of(Process process) => process.TotalProcessorTime;
}
