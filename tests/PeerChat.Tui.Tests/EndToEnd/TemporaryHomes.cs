namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>Fresh home folders that go away with the test.</summary>
internal sealed class TemporaryHomes : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peerchat-e2e-");

    private readonly string _suffix = "-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..6];

    /// <summary>
    /// A name that nobody else on this machine's loopback has: other tests' users, and those killed a moment ago whose
    /// records have not expired yet, are neighbours too.
    /// </summary>
    public string Name(string name) => name + _suffix;

    /// <summary>The home folder of a user.</summary>
    public string Of(string user) => Directory.CreateDirectory(Path.Combine(_root.FullName, user)).FullName;

    /// <summary>All bytes of all databases and their logs below a home.</summary>
    public IEnumerable<byte[]> DatabaseBytes(string user) =>
        Directory.EnumerateFiles(Of(user), "history.db*", SearchOption.AllDirectories).Select(ReadShared);

    /// <inheritdoc/>
    public void Dispose() => _root.Delete(recursive: true);

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
