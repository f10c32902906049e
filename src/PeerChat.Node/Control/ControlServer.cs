using System.Collections.Concurrent;

namespace PeerChat.Node.Control;

/// <summary>Serves other processes of this user for as long as this one runs the node.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>Clients at once: a hundred bots, and some terminals beside them.</summary>
    public const int MaxClients = 128;

    /// <summary>How long the end waits for clients to take what they were told last.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait when the system has no room for another connection.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly IControlListener _listener;
    private readonly IControlHost _host;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<ControlClientSlot, byte> _clients = new();
    private readonly Task _accepting;

    /// <summary>Begins to serve.</summary>
    public ControlServer(IControlListener listener, IControlHost host)
    {
        _listener = listener;
        _host = host;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>How many clients are served at the moment.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>Lets nobody new in; while the profile's lock is still held.</summary>
    public async Task WithdrawAsync()
    {
        _listener.Withdraw();
        await _closing.CancelAsync();
        await _accepting;
        _listener.Dispose();
    }

    /// <summary>Ends all connections, after what was told last.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_closing.IsCancellationRequested)
        {
            await WithdrawAsync();
        }

        var clients = _clients.Keys.ToList();
        try
        {
            await Task.WhenAll(clients.Select(client => client.Session.Events)).WaitAsync(FarewellPatience);
        }
        catch (TimeoutException)
        {
            // Who does not read misses the farewell.
        }

        // A connection that is closed here may read as one that its client closed, who is waited for until all is answered
        if (!_ending.IsCancellationRequested)
        {
            await _ending.CancelAsync();
        }

        clients.ForEach(client => client.Connection.Dispose());
        await Task.WhenAll(clients.Select(client => client.Served));
        _closing.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Admit(await _listener.AcceptAsync(_closing.Token));
            }
            catch (IOException)
            {
                // No file numbers left, or the client went before it was met: the next one may do better.
                await Task.Delay(AcceptPause, _closing.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Admit(ControlConnection connection)
    {
        if (_clients.Count >= MaxClients)
        {
            _ = RefuseAsync(connection);
            return;
        }

        var client = new ControlClientSlot(
            connection,
            new RpcSession(connection.Stream, connection.Stream, _host, connection.ProcessId)
        );
        _clients.TryAdd(client, 0);
        client.Served = Task.Run(() => ServeAsync(client));
    }

    private async Task ServeAsync(ControlClientSlot client)
    {
        using (client.Connection)
        using (client.Session)
        {
            await client.Session.RunAsync(_ending.Token);
        }

        _clients.TryRemove(client, out _);
    }

    private static async Task RefuseAsync(ControlConnection connection)
    {
        using (connection)
        {
            try
            {
                // A line fits into the buffer of a connection that nothing was written to yet.
                await connection.Stream.WriteAsync(
                    RpcLine.Error(
                        null,
                        new RpcError(
                            RpcErrorCode.TooManyClients,
                            $"{MaxClients} programs use this profile already, and more are not let in; end one of them."
                        )
                    )
                );
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                // It did not wait for the answer.
            }
        }
    }
}
