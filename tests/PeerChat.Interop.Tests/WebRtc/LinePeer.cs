using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>A WebRTC stack in a process of its own; one call a line, one result a line.</summary>
internal sealed class LinePeer : IScriptedPeer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // longer than the script's own patience
    private readonly string _name;
    private readonly Process _process;

    /// <summary>Starts a program that answers the calls of <c>peer.js</c>.</summary>
    public LinePeer(string program, params string[] arguments)
    {
        _name = $"{Path.GetFileName(program)} {Path.GetFileName(arguments.FirstOrDefault())}";
        _process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
    }

    /// <summary>Starts one of the scripts in <c>node</c>.</summary>
    public static LinePeer Node(string script) =>
        new("node", TestFolder.Path("node", script), TestFolder.Path("WebRtc", "peer.js"));

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
                throw new InvalidOperationException($"{_name} ended in {function}.");
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
}
