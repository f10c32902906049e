using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Rendezvous.PeerServer;

/// <summary>One id at a PeerServer: its WebSocket from the opening on, with heartbeats and back-off.</summary>
internal sealed class PeerServerSocket(string id, string token, bool isDoor, BackOff backOff, Instant now)
{
    /// <summary>
    /// A server that already knows id and token sends no OPEN (peers/peerjs-server#462): when it has said nothing against it for so
    /// long, the id is registered.
    /// </summary>
    public static readonly TimeSpan SilentOpen = TimeSpan.FromSeconds(1);

    /// <summary>Servers forget ids after 90 s without a heartbeat (alive_timeout); four are to be lost before.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(20);

    /// <summary>So long somebody else's hold on a door is taken for granted, about as long as a dead one lasts.</summary>
    public static readonly TimeSpan DoorWait = TimeSpan.FromSeconds(75);

    private Instant? _deadline = now;

    /// <summary>The id.</summary>
    public string Id => id;

    /// <summary>What proves that the id is held by the same as before.</summary>
    public string Token => token;

    /// <summary>Whether several want the id.</summary>
    public bool IsDoor => isDoor;

    /// <summary>The WebSocket's number; 0 while there is none.</summary>
    public int Number { get; private set; }

    /// <summary>Where it stands.</summary>
    public PeerServerPhase Phase { get; private set; } = PeerServerPhase.Waiting;

    /// <summary>When it was last of use; a mailbox that nobody needs is closed.</summary>
    public Instant LastUse { get; set; } = now;

    /// <summary>What of the server's messages is looked at.</summary>
    public MessageBudget Budget { get; } = new(now);

    /// <summary>Messages without sense in a row.</summary>
    public int Nonsense { get; set; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => _deadline;

    /// <summary>Lets time pass; says what is to be done.</summary>
    public PeerServerStep HandleDeadline(Instant at)
    {
        if (_deadline is null || at < _deadline)
        {
            return PeerServerStep.None;
        }

        switch (Phase)
        {
            case PeerServerPhase.Waiting:
                Phase = PeerServerPhase.Opening;
                _deadline = null; // the host gives up in its own time
                return PeerServerStep.Open;
            case PeerServerPhase.Registering:
                Register(at);
                return PeerServerStep.Registered;
            case PeerServerPhase.Registered:
                _deadline = at + HeartbeatInterval;
                return PeerServerStep.Heartbeat;
            default:
                _deadline = null;
                return PeerServerStep.None;
        }
    }

    /// <summary>The host opens the WebSocket under this number.</summary>
    public void Began(int number) => Number = number;

    /// <summary>The WebSocket stands; the server may or may not say OPEN.</summary>
    public void HandleOpened(Instant at) =>
        (Phase, _deadline) = (PeerServerPhase.Registering, at + SilentOpen);

    /// <summary>The id is registered.</summary>
    public void Register(Instant at)
    {
        backOff.Reset();
        (Phase, _deadline) = (PeerServerPhase.Registered, at + HeartbeatInterval);
    }

    /// <summary>It is over; tried again later.</summary>
    public void HandleClosed(Instant at, TimeSpan? wait = null)
    {
        Number = 0;
        (Phase, _deadline) = (PeerServerPhase.Waiting, at + (wait ?? backOff.Next()));
    }

    /// <summary>Tried again now.</summary>
    public void Retry(Instant at)
    {
        if (Phase == PeerServerPhase.Waiting)
        {
            _deadline = at;
        }
    }
}
