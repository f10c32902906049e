using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace PeerChat.Benchmarks.Ladder;

/// <summary>A PeerServer or tracker as a process of its own.</summary>
internal sealed class LadderService : IAsyncDisposable
{
    private readonly Process _process;

    private LadderService(Process process, string url) => (_process, Url) = (process, url);

    /// <summary>Where it is.</summary>
    public string Url { get; }

    /// <summary>Starts <c>peerchat serve</c>.</summary>
    public static async Task<LadderService> StartPeerServerAsync(string program, Scratch scratch)
    {
        var process = ProgramRun.Start(
            program,
            scratch.Fresh("server"),
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--json"
        );
        var line =
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        process.BeginErrorReadLine();
        _ = process.StandardOutput.ReadToEndAsync();
        return new LadderService(
            process,
            JsonDocument.Parse(line).RootElement.GetProperty("url").GetString()!
        );
    }

    /// <summary>Starts npm's tracker, where <c>npm ci</c> has been run for the interoperation tests; otherwise null.</summary>
    public static async Task<LadderService?> TryStartTrackerAsync(Scratch scratch)
    {
        var node = SourceFolder.Of("tests", "PeerChat.Interop.Tests", "node");
        if (!Directory.Exists(Path.Combine(node, "node_modules", "bittorrent-tracker")))
        {
            Console.Error.WriteLine($"no tracker is measured: run npm ci in {node}");
            return null;
        }

        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        var process = ProgramRun.Start(
            "node",
            scratch.Fresh("tracker"),
            Path.Combine(node, "tracker.mjs"),
            port
        );
        await process.StandardOutput.ReadLineAsync();
        process.BeginErrorReadLine();
        _ = process.StandardOutput.ReadToEndAsync();
        return new LadderService(process, $"ws://127.0.0.1:{port}/");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ProgramRun.EndAsync(_process);
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
