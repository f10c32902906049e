namespace PeerChat.Interop.Tests;

/// <summary>The source folder of these tests, which holds the scripts and programs of the other side.</summary>
internal static class TestFolder
{
    private static readonly string Root = Find();

    /// <summary>A file or folder in it.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (folder.EnumerateFiles("PeerChat.Interop.Tests.csproj").Any())
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run from below their project's folder.");
    }
}
