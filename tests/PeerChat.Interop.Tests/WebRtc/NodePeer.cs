using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>A WebRTC stack in a process of Node.js; one call a line, one result a line.</summary>
internal sealed class NodePeer : IScriptedPeer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // longer than the script's own patience
    private readonly Process _process;

    /// <summary>Starts one of the scripts in <c>node</c>.</summary>
    public NodePeer(string script)
    {
        var folder = SourceFolder();
        _process = Process.Start(
            new ProcessStartInfo(
                "node",
                [Path.Combine(folder, "node", script), Path.Combine(folder, "WebRtc", "peer.js")]
            )
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
    }

    /// <inheritdoc/>
    public JsonNode? Call(string function, params object?[] arguments)
    {
        _process.StandardInput.WriteLine(
            JsonSerializer.Serialize(new { name = function, values = arguments }, PeerScript.WithoutNulls)
        );
        _process.StandardInput.Flush();
        while (true)
        {
            var line = _process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult();
            if (line is null)
            {
                throw new InvalidOperationException($"node ended in {function}.");
            }

            if (!line.StartsWith('{'))
            {
                continue; // what a library says
            }

            var answer = JsonNode.Parse(line)!;
            return answer["error"] is { } error
                ? throw new InvalidOperationException($"{function}: {error}")
                : answer["result"];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string SourceFolder()
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
