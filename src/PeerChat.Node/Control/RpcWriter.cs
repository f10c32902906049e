namespace PeerChat.Node.Control;

/// <summary>Writes whole lines to a stream from several tasks, one at a time.</summary>
/// <param name="stream">Where they go.</param>
/// <remarks>A write that has begun is finished or the stream is broken: half a line would spoil all that follow.</remarks>
internal sealed class RpcWriter(Stream stream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes lines; ends when the stream has taken them.</summary>
    /// <exception cref="IOException">Nobody takes them any more.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await stream.WriteAsync(lines, CancellationToken.None);
            await stream.FlushAsync(CancellationToken.None);
        }
        catch (ObjectDisposedException closed)
        {
            throw new IOException("The connection was closed.", closed);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
