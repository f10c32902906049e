using System.Diagnostics;
using Shouldly;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>The program in <c>usrsctp</c>, built with Debian's library.</summary>
public sealed class UsrsctpFixture : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-usrsctp-");
    private string? _program;

    /// <summary>Starts it; it speaks to a UDP port.</summary>
    internal RunningProgram Start(int port, bool interleaves) =>
        new(
            new Dictionary<string, string>(StringComparer.Ordinal),
            null,
            [_program ??= Build(), $"{port}", .. interleaves ? ["interleave"] : Array.Empty<string>()]
        );

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private string Build()
    {
        var program = Path.Combine(_folder.FullName, "peer");
        string[] arguments =
        [
            "-std=gnu11",
            "-O1",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-o",
            program,
            TestFolder.Path("usrsctp", "peer.c"),
            "-lusrsctp",
            "-lpthread",
        ];
        using var build = Process.Start(new ProcessStartInfo("gcc", arguments) { UseShellExecute = false })!;
        build.WaitForExit();
        build.ExitCode.ShouldBe(0);
        return program;
    }
}
