namespace PeerChat.Benchmarks;

/// <summary>What kind of file system a folder lies on.</summary>
internal static class FileSystem
{
    /// <summary>Its type as the system's list of mounts names it (proc_mounts(5)).</summary>
    public static string Of(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "a file system not looked at";
        }

        return File.ReadLines("/proc/mounts")
                .Select(line => line.Split(' '))
                .Where(fields =>
                    fields.Length > 2
                    && (folder + "/").StartsWith(fields[1].TrimEnd('/') + "/", StringComparison.Ordinal)
                )
                .OrderBy(fields => fields[1].Length)
                .LastOrDefault()
                ?[2]
            ?? "a file system not known";
    }
}
