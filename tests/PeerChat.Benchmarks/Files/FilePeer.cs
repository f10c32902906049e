using System.Diagnostics;
using PeerChat.Benchmarks.Link;

namespace PeerChat.Benchmarks.Files;

/// <summary>A daemon with a profile of its own, on this host or another one, and the commands that speak with it.</summary>
internal sealed class FilePeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly string _program;
    private readonly NetworkHost? _host;
    private readonly Process _daemon;
    private readonly ControlSocket _control;

    private FilePeer(string program, string home, string name, NetworkHost? host, string[] more)
    {
        (_program, Home, Name, _host) = (program, home, name, host);
        _daemon = Start(["daemon", "--user", name, "--accept-any", .. more]);
        _daemon.BeginOutputReadLine();
        _daemon.BeginErrorReadLine();
        _control = new ControlSocket(_daemon, home);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The folder with the profile.</summary>
    public string Home { get; }

    /// <summary>Its memory when nothing had happened yet, in megabytes.</summary>
    public double IdleMegabytes { get; private set; }

    /// <summary>The most memory it had, in megabytes; not a number where the system does not say.</summary>
    public double PeakMegabytes => OperatingSystem.IsLinux() ? StatusMegabytes("VmHWM:") : double.NaN;

    /// <summary>The processor time that it used so far, in seconds.</summary>
    public double CpuSeconds => ProgramRun.CpuTicks(Id) / 100;

    // nsenter becomes the program, it starts no other one
    private int Id => _daemon.Id;

    /// <summary>Starts one, and waits until it can be connected to.</summary>
    public static async Task<FilePeer> StartAsync(
        FilesOptions options,
        Scratch scratch,
        string name,
        NetworkHost? host = null,
        params string[] more
    )
    {
        var peer = new FilePeer(options.Run.Program, scratch.Fresh(name), Names.Of(name), host, more);
        await peer._control.WaitAsync();
        return peer;
    }

    /// <summary>What it has now counts as its memory without files.</summary>
    public void MarkIdle() => IdleMegabytes = StatusMegabytes("VmRSS:");

    /// <summary>Runs a command to its end; what it wrote.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException(
                $"{string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}"
            );
    }

    /// <summary>Waits until a file is announced here.</summary>
    public Task FindFileAsync(string id) =>
        WaitAsync(
            ["file", "list", "--json"],
            list => list.Contains(id, StringComparison.Ordinal),
            "never heard of the file"
        );

    /// <summary>Waits until so many others are connected in a room.</summary>
    public Task MeetAsync(string room, int others) =>
        WaitAsync(
            ["rooms", "--json"],
            list =>
                list.Split('\n')
                    .Any(line =>
                        line.Contains($"\"room\":\"#{room}\"", StringComparison.Ordinal)
                        && line.Split("\"connected\":true").Length - 1 > others // oneself counts as connected
                    ),
            $"is not linked to {others} others"
        );

    /// <summary>Fetches a file; how long it took until it lay in its place, with the start of the command.</summary>
    public async Task<TimeSpan> GetAsync(string id)
    {
        var into = Directory.CreateDirectory(Path.Combine(Home, "into")).FullName;
        var from = Stopwatch.GetTimestamp();
        await RunAsync("file", "get", id, "-o", into + Path.DirectorySeparatorChar, "--timeout", "5m");
        return Stopwatch.GetElapsedTime(from);
    }

    /// <summary>Connects to its control socket.</summary>
    public Task<RpcConnection> ConnectAsync() => _control.ConnectAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ProgramRun.EndAsync(_daemon);
        _daemon.Dispose();
    }

    private async Task WaitAsync(string[] command, Func<string, bool> isSo, string failure)
    {
        for (
            var from = Stopwatch.GetTimestamp();
            Stopwatch.GetElapsedTime(from) < Patience;
            await Task.Delay(Pause)
        )
        {
            if (isSo(await RunAsync(command)))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{Name} {failure}.");
    }

    private Process Start(string[] arguments)
    {
        string[] all = [.. arguments, "--profile", Home];
        return _host is null
            ? ProgramRun.Start(_program, Home, all)
            : ProgramRun.StartOn(_host, _program, Home, all);
    }

    private double StatusMegabytes(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status")
            .First(one => one.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024 / 1e6;
    }
}
