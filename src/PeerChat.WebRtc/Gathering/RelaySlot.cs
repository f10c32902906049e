using PeerChat.Primitives;
using PeerChat.WebRtc.Turn;

namespace PeerChat.WebRtc.Gathering;

/// <summary>One way to a TURN server of the user's list: the allocation on it, and the attempts to get one.</summary>
/// <param name="index">The server's place in the list.</param>
/// <param name="server">The server, reached as it says.</param>
/// <param name="primary">The slot of the same server that has to be without success before this one begins; null for none.</param>
/// <param name="entropy">Gives transaction ids.</param>
internal sealed class RelaySlot(int index, IceServer server, RelaySlot? primary, IEntropy entropy)
{
    private IReadOnlyList<TransportAddress> _addresses = [];
    private TurnCredentials? _credentials = server.NeedsCredentials
        ? null
        : new TurnCredentials(server.Username, server.Password, null);
    private int _attempt;
    private int _rounds;
    private bool _wasRedirected;

    /// <summary>Its place in the list.</summary>
    public int Index => index;

    /// <summary>The server.</summary>
    public IceServer Server => server;

    /// <summary>The slot that is asked first; null where this one is.</summary>
    public RelaySlot? Primary => primary;

    /// <summary>When a second way begins, unless the first one has brought an allocation by then.</summary>
    public Instant? StartAt { get; set; }

    /// <summary>The allocation, or the attempt.</summary>
    public TurnClient? Client { get; private set; }

    /// <summary>The socket in use; for a stream the address it leaves from, once it is open.</summary>
    public TransportAddress? Local { get; set; }

    /// <summary>The server's address in use.</summary>
    public TransportAddress Remote { get; private set; }

    /// <summary>The stream in use; 0 for none.</summary>
    public int Stream { get; set; }

    /// <summary>What came by the stream.</summary>
    public TurnStreamReader Reader { get; private set; } = new();

    /// <summary>When to try again.</summary>
    public Instant? RetryAt { get; set; }

    /// <summary>When the credentials in use are to be replaced; null where they last, or nobody said how long.</summary>
    public Instant? RenewAt { get; set; }

    /// <summary>Whether there is a user name and password to begin with.</summary>
    public bool HasCredentials => _credentials is not null;

    /// <summary>Whether there was an outcome since the addresses of this machine changed.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Whether the owner was told of the present trouble.</summary>
    public bool IsFailureTold { get; set; }

    /// <summary>Why there is no allocation.</summary>
    public TurnFailure Failure { get; set; }

    /// <summary>More of it, in English.</summary>
    public string Detail { get; set; } = "";

    /// <summary>Whether the allocation stands.</summary>
    public bool IsAllocated => Client is { State: TurnState.Allocated };

    /// <summary>Whether it is reached by a stream.</summary>
    public bool IsStream => server.Transport != IceServerTransport.Udp;

    /// <summary>When something is due.</summary>
    public Instant? NextDeadline =>
        Instant.Earliest(Instant.Earliest(Client?.NextDeadline, RetryAt), Instant.Earliest(StartAt, RenewAt));

    /// <summary>Whether nothing is being tried or held.</summary>
    public bool IsIdle => Client is null && Stream == 0;

    /// <summary>Takes the server's addresses.</summary>
    public void SetAddresses(IReadOnlyList<TransportAddress> addresses)
    {
        (_addresses, _attempt, _wasRedirected) = (addresses, 0, false);
    }

    /// <summary>
    /// Begins the next attempt of a round, each with another pair of server address and own socket; false when there is none left.
    /// </summary>
    public bool TryNext(IReadOnlyList<TransportAddress> sockets, Instant now)
    {
        var ways = (
            from address in _addresses
            from socket in IsStream
                ? sockets.Where(socket => IceGatherer.CanReach(socket, address)).Take(1)
                : sockets.Where(socket => IceGatherer.CanReach(socket, address))
            select (address, socket)
        ).ToList();
        if (_attempt >= ways.Count)
        {
            return false;
        }

        (Remote, Local) = (ways[_attempt].address, IsStream ? null : ways[_attempt].socket);
        _attempt++;
        RetryAt = null;
        Client = null;
        if (!IsStream)
        {
            Begin(now);
        }

        return true;
    }

    /// <summary>Begins to talk to the server; over a stream once it is open.</summary>
    public void Begin(Instant now)
    {
        Reader = new TurnStreamReader();
        Client = new TurnClient(_credentials!.Username, _credentials.Password, IsStream, entropy, now);
    }

    /// <summary>
    /// Takes other credentials for what begins from now on. An allocation belongs to whoever asked for it (RFC 8656 section 7.3): it has been
    /// released, and another one begins from the start.
    /// </summary>
    public void SetCredentials(TurnCredentials credentials, Instant now)
    {
        _credentials = credentials;
        RenewAt =
            Primary is null && credentials.Lifetime is { } lifetime
                ? now + (lifetime * TurnLimits.RenewalShare)
                : null;
        (Client, Local, RetryAt, IsSettled) = (null, null, null, false);
    }

    /// <summary>Follows the server's hint to another one, once in a round.</summary>
    public bool TryRedirect()
    {
        if (
            _wasRedirected
            || Client?.Alternate is not { } alternate
            || !Ice.IceAddressRules.IsUnicast(alternate)
            || alternate.IsLoopback != Remote.IsLoopback
        )
        {
            return false;
        }

        (_addresses, _attempt, _wasRedirected) = ([alternate], 0, true);
        return true;
    }

    /// <summary>Notes success: the next trouble is a new one.</summary>
    public void Succeeded()
    {
        (IsSettled, IsFailureTold, Failure, Detail, _rounds) = (true, false, TurnFailure.None, "", 0);
    }

    /// <summary>Notes that a round of attempts failed, and when the next one begins.</summary>
    public void Failed(Instant now)
    {
        Client = null;
        IsSettled = true;
        var wait = TurnLimits.FirstRetry * (1 << Math.Min(_rounds, 8));
        RetryAt = now + (wait < TurnLimits.LastRetry ? wait : TurnLimits.LastRetry);
        _rounds++;
    }

    /// <summary>Begins from the start at once: the addresses of this machine changed.</summary>
    public void Reset(Instant now)
    {
        Client = null;
        (_attempt, _rounds, Local, IsSettled) = (0, 0, null, false);
        RetryAt = now;
    }
}
