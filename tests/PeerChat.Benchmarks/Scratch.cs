namespace PeerChat.Benchmarks;

/// <summary>A folder for one run, removed at its end.</summary>
internal sealed class Scratch(string parent) : IDisposable
{
    private int _last;

    /// <summary>The folder.</summary>
    public string Path { get; } =
        Directory
            .CreateDirectory(System.IO.Path.Combine(parent, $"peerchat-bench-{Environment.ProcessId}"))
            .FullName;

    /// <summary>A folder in it that was never used.</summary>
    public string Fresh(string name) =>
        Directory.CreateDirectory(System.IO.Path.Combine(Path, $"{name}-{++_last}")).FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
