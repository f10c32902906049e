using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using PeerChat.Primitives;

namespace PeerChat.Server.Exchange;

/// <summary>The PeerServer as a state machine: who holds which id, and messages from one to another.</summary>
/// <remarks>
/// Follows peerjs-server 1.1, which stock pages and PeerChat's own client know, and differs in three things: a holder who comes back
/// with the same token is told OPEN (peers/peerjs-server#462), every message counts as a sign of life, and everything has a limit.
/// Not thread-safe.
/// </remarks>
internal sealed class PeerExchange(string key, ExchangeLimits limits)
{
    private readonly Dictionary<string, Registration> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Registration> _bySocket = [];
    private readonly WaitingRoom _waiting = new();
    private readonly AddressBook _addresses = new(limits);
    private readonly Queue<ExchangeAction> _actions = new();
    private Instant? _nextSweep;

    /// <summary>What was done so far.</summary>
    public ExchangeFigures Figures { get; } = new();

    /// <summary>Ids in use.</summary>
    public int Count => _byId.Count;

    /// <summary>Bytes that wait for absent ids.</summary>
    public int WaitingBytes => _waiting.Bytes;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => Instant.Earliest(_waiting.NextDeadline, _nextSweep);

    /// <summary>A client's WebSocket stands.</summary>
    /// <param name="socket">The connection's number, never used before.</param>
    /// <param name="request">What it asked for.</param>
    /// <param name="now">The time.</param>
    public void HandleConnected(int socket, ConnectRequest request, Instant now)
    {
        if (
            !PeerServerId.IsToken(request.Key)
            || !PeerServerId.IsId(request.Id)
            || !PeerServerId.IsToken(request.Token)
        )
        {
            Refuse(
                socket,
                Refusal.Parameters,
                "An id, a token and a key are needed; an id is letters and digits, with single blanks, hyphens or underscores between."
            );
        }
        else if (!AreEqual(request.Key, key))
        {
            Refuse(socket, Refusal.Key, "This server has another key.");
        }
        else if (_byId.TryGetValue(request.Id, out var holder))
        {
            Succeed(holder, socket, request, now);
        }
        else if (_byId.Count >= limits.MaxConnections)
        {
            Refuse(socket, Refusal.Full, "This server has as many users as it takes.");
        }
        else if (!_addresses.TryAdd(request.Address, now))
        {
            Refuse(socket, Refusal.Address, "This address has too many connections; try again later.");
        }
        else
        {
            Register(socket, request, now);
        }

        _nextSweep ??= now + ExchangeLimits.SweepInterval;
    }

    /// <summary>A client says something.</summary>
    public void HandleText(int socket, ReadOnlyMemory<byte> text, Instant now)
    {
        if (!_bySocket.TryGetValue(socket, out var from))
        {
            return; // refused, and not gone yet
        }

        if (!IsWithinRate(from, now))
        {
            return;
        }

        if (!ExchangeFrame.TryParse(text, out var frame))
        {
            Figures.Refuse(Refusal.Nonsense);
            if (++from.Nonsense >= ExchangeLimits.MaxNonsense)
            {
                Drop(from, Refusal.Nonsense);
            }

            return;
        }

        from.LastHeard = now;
        if (frame is { Type: ExchangeFrame.Leave, Destination.Length: 0 })
        {
            Drop(from, Refusal.None);
        }
        else if (frame is { IsForwarded: true, Destination.Length: > 0 })
        {
            Forward(from, frame, now);
        }
    }

    /// <summary>A client said something longer than allowed.</summary>
    public void HandleTooLong(int socket) => DropSocket(socket, Refusal.TooLong);

    /// <summary>A client does not read what is for it.</summary>
    public void HandleSlow(int socket) => DropSocket(socket, Refusal.Slow);

    /// <summary>A connection is gone.</summary>
    public void HandleClosed(int socket)
    {
        if (_bySocket.Remove(socket, out var gone))
        {
            Forget(gone);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void HandleDeadline(Instant now)
    {
        while (_waiting.TryTakeExpired(now, out var id, out var messages))
        {
            Figures.Expired += messages.Count;
            foreach (
                var source in messages
                    .Select(message => message.Source)
                    .Distinct(StringComparer.Ordinal)
                    .Where(_byId.ContainsKey)
            )
            {
                Send(_byId[source].Socket, ExchangeFrame.Write(ExchangeFrame.Expire, id, source, []));
            }
        }

        if (_nextSweep is { } due && due <= now)
        {
            foreach (var silent in _byId.Values.Where(one => IsSilent(one, now)).ToList())
            {
                Figures.Refuse(Refusal.Silent);
                Drop(silent, Refusal.Silent);
            }

            _addresses.Forget(now);
            _nextSweep = _byId.Count > 0 ? now + ExchangeLimits.SweepInterval : null;
        }
    }

    /// <summary>Takes the next thing to do.</summary>
    public bool TryTakeAction([NotNullWhen(true)] out ExchangeAction? action) =>
        _actions.TryDequeue(out action);

    private static bool IsSilent(Registration one, Instant now) =>
        one.LastHeard + ExchangeLimits.AliveTimeout <= now;

    private static bool AreEqual(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    // The id is in use: by the same, who has come back before the old connection was noticed to be dead, or by somebody else
    private void Succeed(Registration holder, int socket, ConnectRequest request, Instant now)
    {
        if (!AreEqual(holder.Token, request.Token!))
        {
            Figures.Refuse(Refusal.IdTaken);
            Send(socket, ExchangeFrame.Write(ExchangeFrame.IdTaken, "ID is taken"));
            Close(socket, Refusal.IdTaken);
            return;
        }

        Drop(holder, Refusal.None);
        if (_addresses.TryAdd(request.Address, now))
        {
            Register(socket, request, now);
        }
        else
        {
            Refuse(socket, Refusal.Address, "This address has too many connections; try again later.");
        }
    }

    private void Register(int socket, ConnectRequest request, Instant now)
    {
        var budget = new TokenBucket(
            now,
            limits.MessagesPerSecond * ExchangeLimits.BurstSeconds,
            TimeSpan.FromSeconds(1.0 / limits.MessagesPerSecond)
        );
        var one = new Registration(request.Id!, request.Token!, request.Address, budget)
        {
            Socket = socket,
            LastHeard = now,
        };
        _byId.Add(one.Id, one);
        _bySocket.Add(socket, one);
        Figures.Registered++;
        Send(socket, ExchangeFrame.Write(ExchangeFrame.Open));
        foreach (var (_, text) in _waiting.Take(one.Id))
        {
            Figures.FetchedLater++;
            Send(socket, text);
        }
    }

    private bool IsWithinRate(Registration from, Instant now)
    {
        if (from.Excess > 0 && from.Budget.IsFull(now))
        {
            from.Excess = 0;
        }

        if (from.Budget.TryTake(now))
        {
            return true;
        }

        Figures.Refuse(Refusal.Rate);
        if (++from.Excess >= ExchangeLimits.MaxExcess)
        {
            Drop(from, Refusal.Rate);
        }

        return false;
    }

    private void Forward(Registration from, ExchangeFrame frame, Instant now)
    {
        var text = ExchangeFrame.Write(frame.Type, from.Id, frame.Destination, frame.Payload.Span);
        if (_byId.TryGetValue(frame.Destination, out var to))
        {
            Figures.Forwarded++;
            Send(to.Socket, text);
        }
        else if (frame.Type != ExchangeFrame.Leave && !_waiting.TryAdd(frame.Destination, from.Id, text, now))
        {
            Figures.Overflowed++;
        }
    }

    private void DropSocket(int socket, Refusal reason)
    {
        Figures.Refuse(reason);
        if (_bySocket.TryGetValue(socket, out var one))
        {
            Drop(one, reason);
        }
        else
        {
            Close(socket, reason);
        }
    }

    private void Drop(Registration one, Refusal reason)
    {
        _bySocket.Remove(one.Socket);
        Forget(one);
        Close(one.Socket, reason);
    }

    private void Forget(Registration one)
    {
        _byId.Remove(one.Id);
        _addresses.Remove(one.Address);
    }

    private void Refuse(int socket, Refusal reason, string message)
    {
        Figures.Refuse(reason);
        Send(socket, ExchangeFrame.Write(ExchangeFrame.Error, message));
        Close(socket, reason);
    }

    private void Send(int socket, byte[] text) => _actions.Enqueue(new ExchangeAction.Send(socket, text));

    private void Close(int socket, Refusal reason) =>
        _actions.Enqueue(new ExchangeAction.Close(socket, reason));
}
