namespace PeerChat.Benchmarks.Screens;

/// <summary>Another PeerChat in a process of its own, which says what it is told.</summary>
internal sealed class PeerFeed : IScreenFeed
{
    private readonly PeerProcess _peer;

    private PeerFeed(PeerProcess peer) => _peer = peer;

    /// <summary>Starts it, and waits until it can be found.</summary>
    public static async Task<PeerFeed> StartAsync(string name, string profile)
    {
        var peer = PeerProcess.StartCompiled(name, profile);
        await peer.NextAsync("ready");
        return new PeerFeed(peer);
    }

    /// <inheritdoc/>
    public async Task<bool> MeetAsync(ScreenSession session)
    {
        var connected = _peer.NextAsync("connected");
        var isThere = session.Until(() => connected.IsCompleted, TimeSpan.FromSeconds(20));
        await connected;
        return isThere;
    }

    /// <inheritdoc/>
    public void Say(string text) => _peer.Say(text);

    /// <inheritdoc/>
    public async Task<int> HeardAsync()
    {
        // A message that begins with a ping is told by the peer; so the lines that are pasted begin so
        var heard = 0;
        try
        {
            while (true)
            {
                await _peer.NextAsync("got", TimeSpan.FromSeconds(1));
                heard++;
            }
        }
        catch (OperationCanceledException)
        {
            return heard;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _peer.DisposeAsync();
}
