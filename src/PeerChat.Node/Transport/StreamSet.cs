using System.Threading.Channels;

namespace PeerChat.Node.Transport;

/// <summary>Connections to servers that run on threads of the pool, each with a bounded queue of what is to be sent.</summary>
/// <remarks>Called on the loop thread alone.</remarks>
/// <typeparam name="TKey">What tells them apart.</typeparam>
/// <typeparam name="TItem">What is sent.</typeparam>
/// <param name="maxWaiting">Items that wait for a slow server; more are lost.</param>
internal sealed class StreamSet<TKey, TItem>(int maxWaiting) : IDisposable
    where TKey : notnull
{
    /// <summary>What is left to say at the end may take so long.</summary>
    private static readonly TimeSpan ClosePatience = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<TKey, Channel<TItem>> _outgoing = [];
    private readonly Dictionary<TKey, Task> _running = [];
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Runs one.</summary>
    /// <param name="key">Which.</param>
    /// <param name="run">Connects and sends what is read until there is no more; returns when it is over.</param>
    public void Open(TKey key, Func<ChannelReader<TItem>, CancellationToken, Task> run)
    {
        var outgoing = Channel.CreateBounded<TItem>(
            new BoundedChannelOptions(maxWaiting) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        _outgoing[key] = outgoing;
        _running[key] = Task.Run(() => run(outgoing.Reader, _ended.Token));
    }

    /// <summary>Sends on one.</summary>
    public void Send(TKey key, TItem item) => _outgoing.GetValueOrDefault(key)?.Writer.TryWrite(item);

    /// <summary>Closes one once all is sent.</summary>
    public void Close(TKey key)
    {
        if (_outgoing.Remove(key, out var outgoing))
        {
            outgoing.Writer.TryComplete();
            _running.Remove(key);
        }
    }

    /// <summary>Closes all; what waits is sent if that is quick.</summary>
    public void Dispose()
    {
        foreach (var outgoing in _outgoing.Values)
        {
            outgoing.Writer.TryComplete();
        }

        Task.WaitAll([.. _running.Values], ClosePatience);
        _ended.Cancel();
        _ended.Dispose();
    }
}
