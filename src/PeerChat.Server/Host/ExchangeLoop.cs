using System.Diagnostics;
using PeerChat.Primitives;
using PeerChat.Server.Exchange;

namespace PeerChat.Server.Host;

/// <summary>The exchange with its clock and its connections: one turn at a time, and what a turn wants said is queued within it.</summary>
internal sealed class ExchangeLoop : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PeerExchange _exchange;
    private readonly Dictionary<int, ClientSocket> _sockets = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Timer _timer;
    private int _lastSocket;

    /// <summary>Makes it.</summary>
    public ExchangeLoop(PeerExchange exchange)
    {
        _exchange = exchange;
        _timer = new Timer(_ => Turn((machine, now) => machine.HandleDeadline(now)));
    }

    private Instant Now => Instant.Origin + Stopwatch.GetElapsedTime(_started);

    /// <summary>Looks at the exchange between two turns.</summary>
    public T Read<T>(Func<PeerExchange, T> read)
    {
        lock (_lock)
        {
            return read(_exchange);
        }
    }

    /// <summary>A WebSocket stands.</summary>
    /// <returns>Its number.</returns>
    public int Add(ClientSocket socket, ConnectRequest request)
    {
        lock (_lock)
        {
            var number = ++_lastSocket;
            _sockets.Add(number, socket);
            Turn((machine, now) => machine.HandleConnected(number, request, now));
            return number;
        }
    }

    /// <summary>A client says something.</summary>
    public void HandleText(int socket, ReadOnlyMemory<byte> text) =>
        Turn((machine, now) => machine.HandleText(socket, text, now));

    /// <summary>A client said more than allowed.</summary>
    public void HandleTooLong(int socket) => Turn((machine, _) => machine.HandleTooLong(socket));

    /// <summary>A WebSocket is gone.</summary>
    public void Remove(int socket)
    {
        lock (_lock)
        {
            _sockets.Remove(socket);
            Turn((machine, _) => machine.HandleClosed(socket));
        }
    }

    /// <summary>Closes all.</summary>
    public void CloseAll()
    {
        lock (_lock)
        {
            foreach (var socket in _sockets.Values)
            {
                socket.Close(Refusal.None);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Turn(Action<PeerExchange, Instant> handle)
    {
        lock (_lock)
        {
            handle(_exchange, Now);
            while (_exchange.TryTakeAction(out var action))
            {
                switch (action)
                {
                    case ExchangeAction.Send send when _sockets.TryGetValue(send.Socket, out var to):
                        if (!to.TrySend(send.Text))
                        {
                            _exchange.HandleSlow(send.Socket);
                        }

                        break;
                    case ExchangeAction.Close close when _sockets.TryGetValue(close.Socket, out var to):
                        to.Close(close.Reason);
                        break;
                    default:
                        break; // gone meanwhile
                }
            }

            var wait = _exchange.NextDeadline is { } due ? due - Now : Timeout.InfiniteTimeSpan;
            try
            {
                _timer.Change(
                    wait == Timeout.InfiniteTimeSpan || wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
                    Timeout.InfiniteTimeSpan
                );
            }
            catch (ObjectDisposedException)
            {
                // The last connections close after the end
            }
        }
    }
}
