using System.Diagnostics;
using PeerChat.Benchmarks.Link;

namespace PeerChat.Benchmarks;

/// <summary>Starts programs as processes of their own, with profiles of their own, on loopback alone.</summary>
internal static class ProgramRun
{
    /// <summary>What every process of a benchmark is told.</summary>
    public static Dictionary<string, string?> EnvironmentFor(string home) =>
        new(StringComparer.Ordinal)
        {
            ["PEERCHAT_HOME"] = home,
            ["PEERCHAT_INTERFACES"] = "loopback",
            ["DOTNET_NOLOGO"] = "1",
        };

    /// <summary>Starts a program with its streams in our hands.</summary>
    public static Process Start(string program, string home, params string[] arguments) =>
        Start(program, home, new Dictionary<string, string?>(StringComparer.Ordinal), arguments);

    /// <summary>The same with variables of its own.</summary>
    public static Process Start(
        string program,
        string home,
        IReadOnlyDictionary<string, string?> variables,
        string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in EnvironmentFor(home).Concat(variables))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>The same on another host, where it may use all that the host has.</summary>
    public static Process StartOn(NetworkHost host, string program, string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("nsenter", [.. host.Enter, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PEERCHAT_HOME"] = home;
        start.Environment["DOTNET_NOLOGO"] = "1";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Runs a program to its end: the times to its first byte of output and to its end.</summary>
    public static async Task<(TimeSpan FirstByte, TimeSpan End)> TimeAsync(
        string program,
        string home,
        params string[] arguments
    )
    {
        var clock = Stopwatch.StartNew();
        using var process = Start(program, home, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var first = await process.StandardOutput.BaseStream.ReadAsync(new byte[1]);
        var firstByte = clock.Elapsed;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var end = clock.Elapsed;
        return process.ExitCode == 0 && first == 1
            ? (firstByte, end)
            : throw new InvalidOperationException(
                $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}"
            );
    }

    /// <summary>Runs a program to its end: how long it took, and how many milliseconds of processor time; no other child may end meanwhile.</summary>
    public static async Task<(TimeSpan Wall, double Cpu)> CostAsync(
        string program,
        string home,
        params string[] arguments
    )
    {
        var (from, cpu) = (Stopwatch.GetTimestamp(), ChildTime.TotalMilliseconds());
        using var process = Start(program, home, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var wall = Stopwatch.GetElapsedTime(from);
        return process.ExitCode == 0
            ? (wall, ChildTime.TotalMilliseconds() - cpu)
            : throw new InvalidOperationException(
                $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}"
            );
    }

    /// <summary>How often each thread of a process has gone to sleep so far, which is how often it was woken; none where it is not known.</summary>
    public static IReadOnlyDictionary<string, double> Sleeps(int process) =>
        OperatingSystem.IsLinux()
            ? Directory.EnumerateDirectories($"/proc/{process}/task").ToDictionary(task => task, SleepsOf)
            : new Dictionary<string, double>();

    /// <summary>How often the threads of a process were woken since then, without those that have ended; not a number where it is not known.</summary>
    /// <remarks>A number that one thread had may be another's by then, which has slept less often.</remarks>
    public static double SleepsSince(int process, IReadOnlyDictionary<string, double> before) =>
        OperatingSystem.IsLinux()
            ? Sleeps(process).Sum(thread => Math.Max(0, thread.Value - before.GetValueOrDefault(thread.Key)))
            : double.NaN;

    // A thread may end between being listed and being read; then it was not one of those that go on sleeping
    private static double SleepsOf(string task)
    {
        const string Name = "voluntary_ctxt_switches:";
        try
        {
            return double.Parse(
                File.ReadLines(Path.Combine(task, "status"))
                    .First(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..],
                System.Globalization.CultureInfo.InvariantCulture
            );
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Ends a process, and waits until it is gone.</summary>
    public static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>The resident memory of a process in megabytes (10^6 bytes); not a number where the system does not say.</summary>
    public static double ResidentMegabytes(int process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return double.NaN;
        }

        var line = File.ReadLines($"/proc/{process}/status")
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024 / 1e6;
    }

    /// <summary>The processor time that a process has used, in ticks of a hundredth of a second.</summary>
    public static double CpuTicks(int process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return double.NaN;
        }

        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11]) + double.Parse(fields[12]); // utime and stime, proc(5)
    }
}
