using System.Net.Sockets;

namespace PeerChat.Benchmarks.Screens;

/// <summary>Says lines to an <see cref="AloneScreen"/>.</summary>
internal sealed class AloneFeed : IScreenFeed
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task<StreamWriter> _connected;
    private int _heard;

    /// <summary>Listens.</summary>
    /// <param name="path">Where the socket is made.</param>
    public AloneFeed(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _connected = AcceptAsync();
    }

    /// <inheritdoc/>
    public Task<bool> MeetAsync(ScreenSession session) =>
        Task.FromResult(session.Until(() => _connected.IsCompleted, TimeSpan.FromSeconds(10)));

    /// <inheritdoc/>
    public void Say(string text)
    {
        var writer = _connected.Result;
        writer.WriteLine(text);
        writer.Flush();
    }

    /// <inheritdoc/>
    public Task<int> HeardAsync() => Task.FromResult(Volatile.Read(ref _heard));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<StreamWriter> AcceptAsync()
    {
        var stream = new NetworkStream(await _listener.AcceptAsync(), ownsSocket: true);
        _ = CountAsync(stream);
        return new StreamWriter(stream);
    }

    private async Task CountAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        try
        {
            while (await reader.ReadLineAsync() is not null)
            {
                Interlocked.Increment(ref _heard);
            }
        }
        catch (IOException)
        {
            // the screen is over
        }
    }
}
