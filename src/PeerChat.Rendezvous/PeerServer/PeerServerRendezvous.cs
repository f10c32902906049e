using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Rendezvous.PeerServer;

/// <summary>Meeting through a server of the PeerJS protocol: an id for each tag listened at, and one of chance to offer from.</summary>
/// <remarks>
/// The server knows ids that change daily, sees who is online under which address, and carries blobs that it cannot open. What it
/// says of others is a hint: an offer or answer counts only when the node can open it.
/// </remarks>
public sealed partial class PeerServerRendezvous : IRendezvous
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private readonly PeerServerAddress _address;
    private readonly IEntropy _entropy;
    private readonly List<PeerServerSocket> _listening = [];
    private readonly Dictionary<string, (ReadOnlyMemory<byte> Blob, Instant Until)> _waiting = new(
        StringComparer.Ordinal
    );
    private readonly Queue<ServiceRequest> _requests = new();
    private readonly Queue<ServiceEvent> _events = new();
    private PeerServerSocket? _mailbox;
    private ServiceState _told;
    private string _problem = "";
    private int _lastSocket;

    /// <summary>Makes the machine of a server; nothing is contacted until there is something to listen at or to offer.</summary>
    public PeerServerRendezvous(PeerServerAddress address, IEntropy entropy) =>
        (_address, _entropy) = (address, entropy);

    /// <inheritdoc/>
    public string Endpoint => _address.ToString();

    /// <inheritdoc/>
    public string Problem => _problem;

    /// <inheritdoc/>
    public long Refused { get; private set; }

    /// <inheritdoc/>
    public ServiceState State
    {
        get
        {
            var all = Sockets.ToList();
            return all.Count == 0 ? ServiceState.Idle
                : all.Exists(socket => socket.Phase == PeerServerPhase.Registered) ? ServiceState.Ready
                : _problem.Length > 0 ? ServiceState.Failed
                : ServiceState.Connecting;
        }
    }

    /// <inheritdoc/>
    public Instant? NextDeadline
    {
        get
        {
            var earliest = _mailbox is { } box ? box.LastUse + ServiceLimits.Linger : (Instant?)null;
            foreach (var socket in Sockets)
            {
                earliest = Instant.Earliest(earliest, socket.NextDeadline);
            }

            return earliest;
        }
    }

    private IEnumerable<PeerServerSocket> Sockets
    {
        get
        {
            var all = _mailbox is { } box ? _listening.Append(box) : _listening;
            return _desk is { } desk ? all.Append(desk) : all;
        }
    }

    /// <inheritdoc/>
    public void Listen(IReadOnlyList<ServiceMeeting> meetings, Instant now)
    {
        var wanted = meetings.Take(ServiceLimits.MaxMeetings).ToList();
        foreach (
            var over in _listening
                .Where(socket => wanted.TrueForAll(meeting => meeting.Tag != socket.Id))
                .ToList()
        )
        {
            CloseSocket(over);
            _listening.Remove(over);
        }

        foreach (
            var meeting in wanted.Where(meeting => _listening.TrueForAll(socket => socket.Id != meeting.Tag))
        )
        {
            _listening.Add(NewSocket(meeting.Tag, meeting.Token, meeting.IsDoor, now));
        }

        TellState();
    }

    /// <inheritdoc/>
    public void Offer(string tag, ReadOnlyMemory<byte> blob, Instant now)
    {
        if (_mailbox is null)
        {
            _mailbox = NewSocket(RandomText(), RandomText(), isDoor: false, now);
        }

        _mailbox.LastUse = now;
        foreach (var stale in _waiting.Where(pair => pair.Value.Until <= now).ToList())
        {
            _waiting.Remove(stale.Key);
        }

        if (_waiting.Count < ServiceLimits.MaxWaitingOffers || _waiting.ContainsKey(tag))
        {
            _waiting[tag] = (blob, now + ServiceLimits.OfferLifetime);
        }

        SendWaiting(now);
    }

    /// <inheritdoc/>
    public void Withdraw(string tag, Instant now) => _waiting.Remove(tag);

    /// <inheritdoc/>
    public void Answer(ServiceReturn to, ReadOnlyMemory<byte> blob, Instant now)
    {
        if (
            _listening.Find(one => one.Id == to.Tag) is
            { Phase: PeerServerPhase.Registered or PeerServerPhase.Registering } socket
        )
        {
            Send(socket, PeerServerFrame.Write(PeerServerFrame.Answer, to.Peer, blob));
        }
    }

    /// <inheritdoc/>
    public void HandleOpened(int socket, Instant now)
    {
        if (Find(socket) is { } opened)
        {
            opened.HandleOpened(now);
            Send(opened, PeerServerFrame.Heartbeat); // where the id was known already nothing else tells that we are back
        }
    }

    /// <inheritdoc/>
    public void HandleClosed(int socket, string reason, Instant now)
    {
        if (Find(socket) is not { } closed)
        {
            return;
        }

        if (closed.Phase != PeerServerPhase.Registered || reason.Length > 0)
        {
            _problem = reason.Length > 0 ? ServiceText.Clean(reason) : "closes the connection at once";
        }

        closed.HandleClosed(now);
        TellState();
    }

    /// <inheritdoc/>
    public void HandleText(int socket, string text, Instant now)
    {
        if (Find(socket) is not { } from)
        {
            return;
        }

        if (!from.Budget.TryTake(now))
        {
            Refused++;
            return;
        }

        if (!PeerServerFrame.TryParse(text, out var frame))
        {
            Refused++;
            if (++from.Nonsense >= ServiceLimits.MaxNonsense)
            {
                Leave(from, "says what makes no sense: another service may run there", now);
            }

            return;
        }

        from.Nonsense = 0;
        HandleFrame(from, frame, now);
        if (from == _desk)
        {
            HandleGuestFrame(text);
        }
    }

    /// <inheritdoc/>
    public void HandleDeadline(Instant now)
    {
        foreach (var socket in Sockets.ToList())
        {
            switch (socket.HandleDeadline(now))
            {
                case PeerServerStep.Open:
                    socket.Began(++_lastSocket);
                    _requests.Enqueue(
                        new ServiceRequest.Open(_lastSocket, _address.SocketOf(socket.Id, socket.Token))
                    );
                    break;
                case PeerServerStep.Registered:
                    Registered(socket, now);
                    break;
                case PeerServerStep.Heartbeat:
                    Send(socket, PeerServerFrame.Heartbeat);
                    break;
                default:
                    break;
            }
        }

        if (_mailbox is { } box && box.LastUse + ServiceLimits.Linger <= now)
        {
            CloseSocket(box);
            _mailbox = null;
        }

        TellState();
    }

    /// <inheritdoc/>
    public void Retry(Instant now)
    {
        foreach (var socket in Sockets)
        {
            socket.Retry(now);
        }
    }

    /// <inheritdoc/>
    public void Close(Instant now)
    {
        foreach (var socket in Sockets)
        {
            CloseSocket(socket);
        }

        _listening.Clear();
        (_mailbox, _desk) = (null, null);
    }

    /// <inheritdoc/>
    public bool TryTakeRequest([NotNullWhen(true)] out ServiceRequest? request) =>
        _requests.TryDequeue(out request);

    /// <inheritdoc/>
    public bool TryTakeEvent([NotNullWhen(true)] out ServiceEvent? happened) =>
        _events.TryDequeue(out happened);

    private void HandleFrame(PeerServerSocket from, PeerServerFrame frame, Instant now)
    {
        switch (frame.Type)
        {
            case PeerServerFrame.Open when from.Phase == PeerServerPhase.Registering:
                from.Register(now);
                Registered(from, now);
                break;
            case PeerServerFrame.IdTaken:
                Taken(from, now);
                break;
            case PeerServerFrame.Error:
            case PeerServerFrame.InvalidKey:
                Leave(from, frame.Message.Length > 0 ? $"refuses: {frame.Message}" : "refuses the key", now);
                break;
            case PeerServerFrame.Offer when frame.Blob.Length > 0 && from != _mailbox && from != _desk:
                _events.Enqueue(
                    new ServiceEvent.OfferReceived(new ServiceReturn(from.Id, frame.Source, ""), frame.Blob)
                );
                break;
            case PeerServerFrame.Answer when frame.Blob.Length > 0 && from == _mailbox:
                _events.Enqueue(new ServiceEvent.AnswerReceived(frame.Source, frame.Blob));
                break;
            case PeerServerFrame.Expire when from == _mailbox:
                _events.Enqueue(new ServiceEvent.NobodyThere(frame.Source));
                _listening.Find(one => one.IsDoor && one.Id == frame.Source)?.Retry(now); // it is free
                break;
            default:
                break; // a later OPEN, LEAVE of somebody else, what a newer server says
        }
    }

    private void Taken(PeerServerSocket from, Instant now)
    {
        if (from.Number != 0)
        {
            _requests.Enqueue(new ServiceRequest.Close(from.Number));
        }

        if (from.IsDoor)
        {
            // The server works: it has just said who comes first.
            _problem = "";
            from.HandleClosed(now, BackOff.Jitter(_entropy, PeerServerSocket.DoorWait));
            _events.Enqueue(new ServiceEvent.DoorHeld(from.Id));
        }
        else if (from == _desk)
        {
            _problem = ""; // the server works
            _events.Enqueue(new ServiceEvent.GuestNameTaken(from.Id));
            from.HandleClosed(now);
        }
        else
        {
            _problem =
                "says that this machine's place there is taken: another PeerChat with this profile may run";
            from.HandleClosed(now);
        }

        TellState();
    }

    private void Leave(PeerServerSocket from, string problem, Instant now)
    {
        _problem = problem;
        if (from.Number != 0)
        {
            _requests.Enqueue(new ServiceRequest.Close(from.Number));
        }

        from.HandleClosed(now);
        TellState();
    }

    private void Registered(PeerServerSocket socket, Instant now)
    {
        _problem = "";
        if (socket.IsDoor)
        {
            _events.Enqueue(new ServiceEvent.DoorOpened(socket.Id));
        }

        SendWaiting(now);
        TellState();
    }

    private void SendWaiting(Instant now)
    {
        if (_mailbox is not { Phase: PeerServerPhase.Registered } box)
        {
            return;
        }

        foreach (var (tag, (blob, until)) in _waiting)
        {
            if (until > now)
            {
                Send(box, PeerServerFrame.Write(PeerServerFrame.Offer, tag, blob));
            }
        }

        _waiting.Clear();
    }

    private void Send(PeerServerSocket socket, string text)
    {
        if (socket.Number != 0)
        {
            _requests.Enqueue(new ServiceRequest.Send(socket.Number, text));
        }
    }

    private void CloseSocket(PeerServerSocket socket)
    {
        if (socket.Number != 0)
        {
            _requests.Enqueue(new ServiceRequest.Close(socket.Number));
        }
    }

    private PeerServerSocket NewSocket(string id, string token, bool isDoor, Instant now) =>
        new(id, token, isDoor, new BackOff(_entropy, FirstWait, LongestWait), now);

    private PeerServerSocket? Find(int number) =>
        number == 0 ? null : Sockets.FirstOrDefault(socket => socket.Number == number);

    private string RandomText() => Convert.ToHexStringLower(_entropy.Bytes(20));

    private void TellState()
    {
        if (State != _told)
        {
            _told = State;
            _events.Enqueue(new ServiceEvent.StateChanged());
        }
    }
}
