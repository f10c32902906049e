using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>The agents of one connection over its life: the one in use, the next one during a restart, the former one for a while after it (RFC 8445 section 9).</summary>
/// <remarks>
/// A restart is a new agent with credentials of its own. Data goes on over the old agent's path until the new one has a valid pair; then the
/// old one only takes in what the peer still sends that way.
/// </remarks>
internal sealed class IceSession
{
    private readonly IEntropy _entropy;
    private IceAgent _active;
    private IceAgent? _next;
    private IceAgent? _former;
    private Instant _nextExpiresAt;
    private Instant _formerEndsAt;
    private long _dropped;

    /// <summary>Begins with one agent.</summary>
    public IceSession(bool isControlling, IReadOnlyList<TransportAddress> localAddresses, IEntropy entropy)
    {
        _entropy = entropy;
        _active = new IceAgent(isControlling, localAddresses, entropy);
    }

    /// <summary>The agent whose path carries data, or will.</summary>
    public IceAgent Active => _active;

    /// <summary>The agent of a restart that has no valid pair yet.</summary>
    public IceAgent? Next => _next;

    /// <summary>The agent that has the peer's newest description: what trickles belongs to that.</summary>
    public IceAgent Described => _next is { State: not IceAgentState.New } next ? next : _active;

    /// <summary>Whether an own offer to restart waits for its answer.</summary>
    public bool IsRestartOffered => _next is { State: IceAgentState.New };

    /// <summary>The pair to send data on.</summary>
    public IceCandidatePair? Selected => _active.Selected;

    /// <summary>Where the connection stands: while a restart may still help, the end of the old paths is not the end.</summary>
    public IceAgentState State =>
        _active.State == IceAgentState.ConsentLost && _next is not null
            ? IceAgentState.Connected
            : _active.State;

    /// <summary>Since when the path in use does not answer; null while it does.</summary>
    public Instant? SilentSince => _active.SilentSince;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var deadline = _active.NextDeadline;
            if (_next is not null)
            {
                deadline = Instant.Earliest(deadline, Instant.Earliest(_next.NextDeadline, _nextExpiresAt));
            }

            return _former is null
                ? deadline
                : Instant.Earliest(deadline, Instant.Earliest(_former.NextDeadline, _formerEndsAt));
        }
    }

    /// <summary>Datagrams that no agent had a use for.</summary>
    public long Dropped => _dropped;

    /// <summary>Begins a restart: an agent with new credentials and the addresses of now.</summary>
    public IceAgent Restart(
        IReadOnlyList<TransportAddress> localAddresses,
        IReadOnlyList<GatheredCandidate> gathered,
        Instant now
    )
    {
        // RFC 8445 section 9: the roles stay as they were settled
        _next = new IceAgent(_active.IsControlling, localAddresses, _entropy);
        _next.AddGathered(gathered, now);
        _nextExpiresAt = now + IceLimits.RestartPatience;
        return _next;
    }

    /// <summary>Withdraws a restart that has not come to a valid pair.</summary>
    public void RollBack() => _next = null;

    /// <summary>Takes a STUN message in.</summary>
    public void HandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        ReadOnlySpan<byte> datagram
    )
    {
        var taken =
            (_next?.HandleDatagram(now, local, remote, datagram) ?? false)
            || _active.HandleDatagram(now, local, remote, datagram)
            || (_former?.HandleDatagram(now, local, remote, datagram) ?? false);
        _dropped += taken ? 0 : 1;
        Advance(now);
    }

    /// <summary>There is reason to doubt the path in use.</summary>
    public void Probe(Instant now) => _active.Probe(now);

    /// <summary>Data came by this path.</summary>
    public void NoteData(TransportAddress local, TransportAddress remote, Instant now) =>
        _active.NoteData(local, remote, now);

    /// <summary>Does what is due.</summary>
    public void HandleDeadline(Instant now)
    {
        _active.HandleDeadline(now);
        _next?.HandleDeadline(now);
        _former?.HandleDeadline(now);
        Advance(now);
    }

    /// <summary>The next datagram to send.</summary>
    public bool TryTakeTransmit(out Datagram datagram) =>
        _active.TryTakeTransmit(out datagram)
        || (_next?.TryTakeTransmit(out datagram) ?? false)
        || (_former?.TryTakeTransmit(out datagram) ?? false);

    /// <summary>Whether an agent that lives has these credentials.</summary>
    public bool UsesUfrag(string ufrag) =>
        new[] { _active, _next, _former }.Any(agent =>
            string.Equals(agent?.LocalCredentials.Ufrag, ufrag, StringComparison.Ordinal)
        );

    /// <summary>Whether data may come in on this path.</summary>
    public bool IsValid(TransportAddress local, TransportAddress remote) =>
        _active.IsValid(local, remote)
        || (_next?.IsValid(local, remote) ?? false)
        || (_former?.IsValid(local, remote) ?? false);

    /// <summary>Whether an authentic check came in on this path.</summary>
    public bool WasChecked(TransportAddress local, TransportAddress remote) =>
        _active.WasChecked(local, remote)
        || (_next?.WasChecked(local, remote) ?? false)
        || (_former?.WasChecked(local, remote) ?? false);

    private void Advance(Instant now)
    {
        if (_next is { Selected: not null })
        {
            (_former, _active, _next) = (_active, _next, null);
            _formerEndsAt = now + IceLimits.RetirementTime;
        }
        else if (_next is not null && (_next.State == IceAgentState.Failed || _nextExpiresAt <= now))
        {
            _next = null; // the old path, if it still works, stays in use
        }

        if (_former is not null && _formerEndsAt <= now)
        {
            _former = null;
        }
    }
}
