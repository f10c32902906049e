using System.Text;

namespace PeerChat.Benchmarks;

/// <summary>A connection to the control socket: one line, one object.</summary>
internal sealed class RpcConnection(Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.UTF8, bufferSize: 64 * 1024);
    private long _lastId;

    /// <summary>Writes a request.</summary>
    public async Task WriteAsync(string method, string parameters) =>
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes(
                $$"""{"jsonrpc":"2.0","id":{{++_lastId}},"method":"{{method}}","params":{{parameters}}}"""
                    + "\n"
            )
        );

    /// <summary>The next line.</summary>
    public async Task<string> ReadAsync() =>
        await _reader.ReadLineAsync()
        ?? throw new InvalidOperationException("The daemon closed the connection.");

    /// <summary>The next answer; events before it are passed over.</summary>
    public async Task<string> ReadAnswerAsync()
    {
        while (true)
        {
            var line = await ReadAsync();
            if (
                line.Contains("\"error\":", StringComparison.Ordinal)
                && !line.Contains("\"result\":", StringComparison.Ordinal)
            )
            {
                throw new InvalidOperationException(line);
            }

            if (line.StartsWith("{\"jsonrpc\":\"2.0\",\"id\":", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>Asks and waits for the answer.</summary>
    public async Task<string> AskAsync(string method, string parameters)
    {
        await WriteAsync(method, parameters);
        return await ReadAnswerAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
