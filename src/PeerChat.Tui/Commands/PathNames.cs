namespace PeerChat.Tui.Commands;

/// <summary>The files and folders whose paths begin with what has been typed.</summary>
internal static class PathNames
{
    /// <summary>Names looked at in one folder at most: a folder of millions must not keep the user waiting for long.</summary>
    public const int MaxNames = 20_000;

    /// <summary>They in order, as they would be typed on; a folder has a slash at its end. None where the folder cannot be read.</summary>
    /// <remarks>Names with control characters are left out: nobody could type them, and the input line takes a line end for one.</remarks>
    public static IReadOnlyList<string> StartingWith(string typed)
    {
        if (typed == "~")
        {
            return ["~/"];
        }

        var cut = typed.LastIndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]) + 1;
        var (folder, start) = (typed[..cut], typed[cut..]);
        try
        {
            var names = new DirectoryInfo(
                Path.GetFullPath(DroppedPath.Expand(folder.Length == 0 ? "." : folder))
            )
                .EnumerateFileSystemInfos()
                .Take(MaxNames)
                .Where(one => start.Length > 0 || one.Name[0] != '.')
                .Where(one => !one.Name.Any(char.IsControl))
                .ToList();
            var fitting = names.FindAll(one => one.Name.StartsWith(start, StringComparison.Ordinal));
            if (fitting.Count == 0)
            {
                fitting = names.FindAll(one =>
                    one.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase)
                );
            }

            return
            [
                .. fitting
                    .Select(one => folder + one.Name + (IsFolder(one) ? "/" : ""))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return []; // no such folder, or a private one: the same to somebody who types
        }
    }

    private static bool IsFolder(FileSystemInfo one) =>
        one is DirectoryInfo || (one.LinkTarget is not null && Directory.Exists(one.FullName));
}
