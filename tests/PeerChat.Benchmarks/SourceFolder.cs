namespace PeerChat.Benchmarks;

/// <summary>Where the sources are that are no part of the program: scripts, and what npm installed beside them.</summary>
internal static class SourceFolder
{
    /// <summary>A folder of the repository, above this program or, where that was published elsewhere, above the current folder.</summary>
    public static string Of(params ReadOnlySpan<string> below)
    {
        var root =
            Above(AppContext.BaseDirectory)
            ?? Above(Environment.CurrentDirectory)
            ?? AppContext.BaseDirectory;
        return Path.Combine([root, .. below]);
    }

    private static string? Above(string path)
    {
        var folder = new DirectoryInfo(path);
        while (folder is not null && !folder.EnumerateFiles("*.sln").Any())
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
