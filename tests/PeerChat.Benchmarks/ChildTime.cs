using System.Runtime.InteropServices;

namespace PeerChat.Benchmarks;

/// <summary>The processor time of processes that this one started and that have ended.</summary>
internal static class ChildTime
{
    private const int Children = -1; // RUSAGE_CHILDREN
    private const int Longs = 18; // the size of struct rusage on 64-bit Linux
    private const double MillisecondsPerSecond = 1000;
    private const double MillisecondsPerMicrosecond = 0.001;

    /// <summary>User and system time of all of them together (getrusage(2)); not a number on other systems than Linux.</summary>
    public static double TotalMilliseconds()
    {
        var usage = new long[Longs];
        return OperatingSystem.IsLinux() && GetUsage(Children, usage) == 0
            ? ((usage[0] + usage[2]) * MillisecondsPerSecond)
                + ((usage[1] + usage[3]) * MillisecondsPerMicrosecond)
            : double.NaN;
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, [Out] long[] usage);
}
