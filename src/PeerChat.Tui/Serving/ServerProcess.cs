using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using PeerChat.Server.Contract;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Serving;

/// <summary>The PeerServer's process, which lives exactly as long as this one wants it to.</summary>
/// <remarks>
/// Its input is how it is ended: closed by us, or by the system when we are killed. It works the same on every system, and no server is
/// ever left behind.
/// </remarks>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>How long it may take to say goodbye to its clients; it grants itself five seconds.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <exception cref="CommandFailedException">It cannot be started.</exception>
    public static ServerProcess Start(ServeSettings settings)
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            // One that the environment sets up would be another server than the one asked for
            Environment = { ["ASPNETCORE_URLS"] = null, ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = null },
        };
        var (program, arguments) = Command(Environment.ProcessPath, AppContext.BaseDirectory);
        start.FileName = program;
        arguments.ForEach(start.ArgumentList.Add);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.WriteLine(
                JsonSerializer.Serialize(settings, ServeJson.Default.ServeSettings)
            );
            process.StandardInput.Flush();
            return new ServerProcess(process);
        }
        catch (Exception failed) when (failed is Win32Exception or IOException)
        {
            throw new CommandFailedException(
                ExitCode.Storage,
                Words.Of(
                    $"The server's program, {arguments.DefaultIfEmpty(program).Last()}, cannot be started ({failed.Message.TrimEnd('.')}); install PeerChat anew."
                )
            );
        }
    }

    /// <summary>How it is started: by the runtime that runs this program, or as the executable beside this one.</summary>
    internal static (string Program, List<string> Arguments) Command(string? processPath, string folder)
    {
        var isRuntime =
            processPath is null
            || Path.GetFileNameWithoutExtension(processPath)
                .Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isRuntime
            ? (processPath ?? "dotnet", [Path.Combine(folder, "peerchat-server.dll")])
            : (
                Path.Combine(folder, OperatingSystem.IsWindows() ? "peerchat-server.exe" : "peerchat-server"),
                []
            );
    }

    /// <summary>What it says, until it ends; when this is to end, it is told to and may say the rest.</summary>
    public async IAsyncEnumerable<string> ReadLinesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var stop = cancellation.Register(Stop);
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            yield return line;
        }

        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Whether it ended as it was told to.</summary>
    public bool HasEndedWell => _process is { HasExited: true, ExitCode: 0 };

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Stop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already
        }

        _ = Task.Run(() =>
        {
            if (!_process.WaitForExit(StopPatience))
            {
                _process.Kill();
            }
        });
    }
}
