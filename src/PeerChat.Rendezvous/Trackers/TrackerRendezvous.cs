using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Rendezvous.Trackers;

/// <summary>Meeting through a WebTorrent tracker (the WebSocket protocol of bittorrent-tracker and aquatic): one connection for all tags.</summary>
/// <remarks>
/// A tracker hands each offer to one peer of the tag by chance. So an announcement has one offer, and the tag is left as soon as
/// its people have met: members introduce each other (docs/PROTOCOL.md).
/// </remarks>
public sealed class TrackerRendezvous : IRendezvous
{
    /// <summary>aquatic forgets who is silent for 180 s.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(120);

    /// <summary>However eager a tracker is.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(30);

    /// <summary>Whoever says nothing to an announcement for so long is taken for dead.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>As long as the reference client lets an offer live.</summary>
    public static readonly TimeSpan OfferLife = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan[] OfferPauses =
    [
        TimeSpan.FromSeconds(4),
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(20),
        LongestInterval,
    ];

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private readonly Uri _address;
    private readonly IEntropy _entropy;
    private readonly BackOff _backOff;
    private readonly List<TrackerSwarm> _swarms = [];
    private readonly Queue<ServiceRequest> _requests = new();
    private readonly Queue<ServiceEvent> _events = new();
    private MessageBudget? _budget;
    private ServiceState _told;
    private string _problem = "";
    private TimeSpan _interval = LongestInterval;
    private Instant? _retryAt;
    private Instant? _answerBy;
    private Instant? _idleAt;
    private int _socket;
    private int _lastSocket;
    private bool _isOpen;
    private bool _hasAnswered;
    private int _nonsense;

    /// <summary>Makes the machine of a tracker; nothing is contacted until there is something to listen at or to offer.</summary>
    public TrackerRendezvous(Uri address, IEntropy entropy)
    {
        (_address, _entropy) = (address, entropy);
        _backOff = new BackOff(entropy, FirstWait, LongestWait);
    }

    /// <inheritdoc/>
    public string Endpoint => _address.AbsoluteUri;

    /// <inheritdoc/>
    public string Problem => _problem;

    /// <inheritdoc/>
    public long Refused { get; private set; }

    /// <inheritdoc/>
    public ServiceState State =>
        _swarms.Count == 0 && _socket == 0 ? ServiceState.Idle
        : _problem.Length > 0 ? ServiceState.Failed
        : _isOpen && _hasAnswered ? ServiceState.Ready
        : ServiceState.Connecting;

    /// <inheritdoc/>
    public Instant? NextDeadline
    {
        get
        {
            var earliest = Instant.Earliest(Instant.Earliest(_retryAt, _answerBy), _idleAt);
            foreach (var swarm in _swarms)
            {
                earliest = Instant.Earliest(earliest, swarm.OfferUntil);
                if (_isOpen)
                {
                    earliest = Instant.Earliest(earliest, swarm.NextAnnounce);
                }
            }

            return earliest;
        }
    }

    /// <inheritdoc/>
    public void Listen(IReadOnlyList<ServiceMeeting> meetings, Instant now)
    {
        var wanted = meetings.Take(ServiceLimits.MaxMeetings).Select(meeting => meeting.Tag).ToList();
        foreach (var swarm in _swarms.ToList())
        {
            swarm.IsListening = wanted.Contains(swarm.Tag);
            DropUnneeded(swarm, now);
        }

        foreach (var tag in wanted)
        {
            SwarmOf(tag, now).IsListening = true;
        }

        Begin(now);
        AnnounceDue(now);
        TellState();
    }

    /// <inheritdoc/>
    public void Offer(string tag, ReadOnlyMemory<byte> blob, Instant now)
    {
        var swarm = SwarmOf(tag, now);
        (swarm.Waiting, swarm.OffersSent) = (blob, 0);
        swarm.OfferUntil = now + OfferLife;
        swarm.NextAnnounce = now;
        Begin(now);
        AnnounceDue(now);
        TellState();
    }

    /// <inheritdoc/>
    public void Withdraw(string tag, Instant now)
    {
        if (_swarms.Find(one => one.Tag == tag) is { } swarm)
        {
            (swarm.OfferUntil, swarm.Waiting) = (null, default);
            DropUnneeded(swarm, now);
            TellState();
        }
    }

    /// <inheritdoc/>
    public void Answer(ServiceReturn to, ReadOnlyMemory<byte> blob, Instant now)
    {
        if (_isOpen && _swarms.Find(one => one.Tag == to.Tag) is { } swarm)
        {
            Send(TrackerFrame.WriteAnswer(to.Tag, swarm.Peer, to.Peer, to.OfferId, blob));
        }
    }

    /// <inheritdoc/>
    public void HandleOpened(int socket, Instant now)
    {
        if (socket == 0 || socket != _socket)
        {
            return;
        }

        _isOpen = true;
        _budget = new MessageBudget(now);
        foreach (var swarm in _swarms)
        {
            (swarm.IsAnnounced, swarm.NextAnnounce) = (false, now);
        }

        AnnounceDue(now);
        TellState();
    }

    /// <inheritdoc/>
    public void HandleClosed(int socket, string reason, Instant now)
    {
        if (socket == 0 || socket != _socket)
        {
            return;
        }

        if (reason.Length > 0 || !_hasAnswered)
        {
            _problem = reason.Length > 0 ? ServiceText.Clean(reason) : "closes the connection at once";
        }

        Lost(now);
    }

    /// <inheritdoc/>
    public void HandleText(int socket, string text, Instant now)
    {
        if (socket == 0 || socket != _socket)
        {
            return;
        }

        if (!_budget!.TryTake(now))
        {
            Refused++;
            return;
        }

        if (!TrackerFrame.TryParse(text, out var frame))
        {
            Refused++;
            if (++_nonsense >= ServiceLimits.MaxNonsense)
            {
                Leave("says what makes no sense: another service may run there", now);
            }

            return;
        }

        _answerBy = null;
        if (frame.Failure.Length > 0)
        {
            Refused++;
            Leave($"refuses: {frame.Failure}", now);
            return;
        }

        (_nonsense, _hasAnswered, _problem) = (0, true, "");
        _backOff.Reset();
        HandleFrame(frame, now);
        TellState();
    }

    /// <inheritdoc/>
    public void HandleDeadline(Instant now)
    {
        if (_answerBy <= now)
        {
            Leave("takes the connection but does not answer", now);
        }

        if (_retryAt <= now)
        {
            _retryAt = null;
            Begin(now);
        }

        foreach (var swarm in _swarms.ToList())
        {
            if (swarm.OfferUntil <= now)
            {
                (swarm.OfferUntil, swarm.Waiting) = (null, default);
                DropUnneeded(swarm, now);
            }
        }

        AnnounceDue(now);
        if (_idleAt <= now)
        {
            Hang();
        }

        TellState();
    }

    /// <inheritdoc/>
    public void Retry(Instant now)
    {
        if (_retryAt is not null)
        {
            _retryAt = now;
        }
    }

    /// <inheritdoc/>
    public void Close(Instant now)
    {
        foreach (var swarm in _swarms.ToList())
        {
            (swarm.IsListening, swarm.OfferUntil) = (false, null);
            DropUnneeded(swarm, now);
        }

        Hang();
        _retryAt = null;
    }

    /// <inheritdoc/>
    public bool TryTakeRequest([NotNullWhen(true)] out ServiceRequest? request) =>
        _requests.TryDequeue(out request);

    /// <inheritdoc/>
    public bool TryTakeEvent([NotNullWhen(true)] out ServiceEvent? happened) =>
        _events.TryDequeue(out happened);

    private void HandleFrame(TrackerFrame frame, Instant now)
    {
        if (frame.Interval > 0)
        {
            var seconds = Math.Clamp(
                frame.Interval,
                ShortestInterval.TotalSeconds,
                LongestInterval.TotalSeconds
            );
            _interval = TimeSpan.FromSeconds(seconds);
        }

        if (_swarms.Find(one => one.Tag == frame.InfoHash) is not { } swarm)
        {
            return;
        }

        if (frame.Offer.Length > 0 && frame.Peer.Length > 0 && frame.OfferId.Length > 0)
        {
            _events.Enqueue(
                new ServiceEvent.OfferReceived(
                    new ServiceReturn(swarm.Tag, frame.Peer, frame.OfferId),
                    frame.Offer
                )
            );
        }
        else if (frame.Answer.Length > 0)
        {
            _events.Enqueue(new ServiceEvent.AnswerReceived(swarm.Tag, frame.Answer));
        }
        else if (swarm.Waiting.IsEmpty)
        {
            swarm.NextAnnounce = now + BackOff.Jitter(_entropy, _interval);
        }
    }

    private void AnnounceDue(Instant now)
    {
        if (!_isOpen)
        {
            return;
        }

        foreach (var swarm in _swarms.Where(swarm => swarm.NextAnnounce <= now))
        {
            Send(
                TrackerFrame.Announce(
                    swarm.Tag,
                    swarm.Peer,
                    swarm.IsAnnounced ? null : "started",
                    swarm.Waiting.Length > 0 ? RandomName() : null,
                    swarm.Waiting
                )
            );
            swarm.IsAnnounced = true;
            // An offer goes to whoever is there at that moment: the other side may come a moment later.
            swarm.NextAnnounce =
                now
                + BackOff.Jitter(
                    _entropy,
                    swarm.Waiting.IsEmpty
                        ? _interval
                        : OfferPauses[Math.Min(swarm.OffersSent++, OfferPauses.Length - 1)]
                );
            _answerBy ??= now + Silence;
        }
    }

    private void DropUnneeded(TrackerSwarm swarm, Instant now)
    {
        if (swarm.IsListening || swarm.OfferUntil is not null)
        {
            return;
        }

        _swarms.Remove(swarm);
        if (_isOpen && swarm.IsAnnounced)
        {
            Send(TrackerFrame.Announce(swarm.Tag, swarm.Peer, "stopped", null, default));
        }

        if (_swarms.Count == 0)
        {
            _idleAt = now + ServiceLimits.Linger;
            (_retryAt, _answerBy) = (null, null);
        }
    }

    private TrackerSwarm SwarmOf(string tag, Instant now)
    {
        if (_swarms.Find(one => one.Tag == tag) is { } known)
        {
            return known;
        }

        var swarm = new TrackerSwarm(tag, RandomName()) { NextAnnounce = now };
        _swarms.Add(swarm);
        return swarm;
    }

    private void Begin(Instant now)
    {
        if (_swarms.Count == 0)
        {
            return;
        }

        _idleAt = null;
        if (_socket == 0 && !(_retryAt > now))
        {
            _socket = ++_lastSocket;
            (_retryAt, _hasAnswered, _nonsense) = (null, false, 0);
            _requests.Enqueue(new ServiceRequest.Open(_socket, _address));
        }
    }

    private void Leave(string problem, Instant now)
    {
        _problem = problem;
        if (_socket != 0)
        {
            _requests.Enqueue(new ServiceRequest.Close(_socket));
            Lost(now);
        }
    }

    private void Lost(Instant now)
    {
        (_socket, _isOpen, _answerBy) = (0, false, null);
        _retryAt = _swarms.Count > 0 ? now + _backOff.Next() : null;
        TellState();
    }

    private void Hang()
    {
        if (_socket != 0)
        {
            _requests.Enqueue(new ServiceRequest.Close(_socket));
        }

        (_socket, _isOpen, _answerBy, _idleAt) = (0, false, null, null);
    }

    private void Send(string text)
    {
        if (_socket != 0)
        {
            _requests.Enqueue(new ServiceRequest.Send(_socket, text));
        }
    }

    // ASCII: some trackers count bytes where they mean characters.
    private string RandomName() => Convert.ToHexStringLower(_entropy.Bytes(TrackerFrame.NameLength / 2));

    private void TellState()
    {
        if (State != _told)
        {
            _told = State;
            _events.Enqueue(new ServiceEvent.StateChanged());
        }
    }
}
