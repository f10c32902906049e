using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>Carries whole lines between a client and the process that runs the node.</summary>
/// <param name="connection">The connection to that process.</param>
/// <param name="input">The client's lines.</param>
/// <param name="output">Where that process's lines go.</param>
internal sealed class RpcPump(ControlConnection connection, Stream input, Stream output)
{
    private bool _clientLeft;

    /// <summary>Carries them until one side ends.</summary>
    public async Task<RpcEnd> RunAsync(CancellationToken cancellation)
    {
        await using var stop = cancellation.UnsafeRegister(pump => _ = ((RpcPump)pump!).LeaveAsync(), this);
        // On a thread of the pool, and never waited for: a console that is read blocks its reader until there is a line.
        _ = Task.Run(() => CarryInAsync(cancellation), CancellationToken.None);
        try
        {
            await CarryOutAsync();
        }
        catch (IOException) when (Volatile.Read(ref _clientLeft))
        {
            // Nobody reads the rest.
        }

        return Volatile.Read(ref _clientLeft) ? RpcEnd.ClientLeft : await TellGoneAsync(output);
    }

    /// <summary>Says that the process at the other end is gone.</summary>
    public static async Task<RpcEnd> TellGoneAsync(Stream output)
    {
        try
        {
            await output.WriteAsync(
                RpcLine.Closed(
                    "The process that ran the node is gone. Start again; subscribe with run, after and afterArrival misses nothing."
                )
            );
            await output.FlushAsync();
        }
        catch (IOException)
        {
            // Neither side is there any more.
        }

        return RpcEnd.OwnerGone;
    }

    private async Task CarryInAsync(CancellationToken cancellation)
    {
        var lines = new LineReader(input, RpcSession.MaxLineBytes);
        try
        {
            while (await lines.ReadAsync(cancellation) is { } line)
            {
                if (IsGoodbye(line))
                {
                    Volatile.Write(ref _clientLeft, true);
                }

                await WriteInAsync(line);
            }

            await LeaveAsync();
        }
        catch (LineTooLongException tooLong)
        {
            Volatile.Write(ref _clientLeft, true);
            await output.WriteAsync(
                RpcLine.Error(null, new RpcError(RpcErrorCode.LineTooLong, tooLong.Message)),
                CancellationToken.None
            );
            connection.Dispose();
        }
        catch (Exception over)
            when (over is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction notices by itself.
        }
    }

    private async Task CarryOutAsync()
    {
        var lines = new LineReader(connection.Stream, ControlClient.MaxLineBytes);
        while (await NextAsync(lines) is { } line)
        {
            try
            {
                await output.WriteAsync(line);
                await output.WriteAsync("\n"u8.ToArray());
                await output.FlushAsync();
            }
            catch (IOException)
            {
                Volatile.Write(ref _clientLeft, true);
                return;
            }
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> NextAsync(LineReader lines)
    {
        try
        {
            // Half a line of a process that was killed is no line.
            var line = await lines.ReadAsync(CancellationToken.None);
            return lines.IsUnfinished ? null : line;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or LineTooLongException)
        {
            return null;
        }
    }

    private async Task WriteInAsync(ReadOnlyMemory<byte> line)
    {
        await connection.Stream.WriteAsync(line);
        await connection.Stream.WriteAsync("\n"u8.ToArray());
    }

    /// <summary>The client said all it had to; the answers still come, then the other side closes.</summary>
    private async Task LeaveAsync()
    {
        Volatile.Write(ref _clientLeft, true);
        try
        {
            await WriteInAsync("{\"jsonrpc\":\"2.0\",\"method\":\"goodbye\"}"u8.ToArray());
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    private static bool IsGoodbye(ReadOnlyMemory<byte> line) =>
        line.Span.IndexOf("goodbye"u8) >= 0
        && RpcRequest.TryParse(line, out var request, out _)
        && request.Method == RpcMethod.Goodbye;
}
