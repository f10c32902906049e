using System.Globalization;

namespace PeerChat.Benchmarks.Peers;

/// <summary>A process with all that it started, as <c>/proc</c> shows them.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    /// <summary>Processor time of those that are there, in seconds.</summary>
    public static double CpuSeconds(int root)
    {
        var processes = Directory
            .EnumerateDirectories("/proc")
            .Select(path => Read(Path.GetFileName(path)))
            .OfType<(int Id, int Parent, double Seconds)>()
            .ToDictionary(process => process.Id);
        return processes.Values.Where(process => IsBelow(process.Id)).Sum(process => process.Seconds);

        bool IsBelow(int id) =>
            id == root || (processes.TryGetValue(id, out var process) && id > 1 && IsBelow(process.Parent));
    }

    private static (int Id, int Parent, double Seconds)? Read(string name)
    {
        if (!int.TryParse(name, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name before may hold anything
            return (
                id,
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                (
                    long.Parse(fields[11], CultureInfo.InvariantCulture)
                    + long.Parse(fields[12], CultureInfo.InvariantCulture)
                ) / TicksPerSecond
            );
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }
}
