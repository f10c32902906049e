using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;

namespace PeerChat.WebRtc;

/// <summary>Addresses that come and go while the connection lives, and ICE restarts (RFC 8445 section 9, RFC 8839 section 4.4.1).</summary>
public sealed partial class PeerConnection
{
    private IReadOnlyDictionary<TransportAddress, string>? _hiding;

    /// <summary>Whether data goes through a relay of either side; false without a path.</summary>
    public bool IsRelayed =>
        _ice.Selected is { } pair
        && (
            pair.Local.Candidate.Type == IceCandidateType.Relayed
            || pair.Remote.Type == IceCandidateType.Relayed
        );

    /// <summary>
    /// Since when checks on the path in use are not answered: not lost yet (that takes 30 s, RFC 7675), and not there either. Null while it
    /// answers.
    /// </summary>
    public Instant? SilentSince => _ice.SilentSince;

    /// <summary>How many of the last checks on the path in use were lost; all zero without a path.</summary>
    public PathLoss LossAt(Instant now) => _ice.Selected?.LossAt(now) ?? default;

    /// <summary>Has the path in use checked now: whoever sends by it has reason to doubt it, such as an error of the socket.</summary>
    public void DoubtPath(Instant now)
    {
        _now = now;
        if (State != PeerConnectionState.Closed)
        {
            _ice.Probe(now);
            Advance(now);
        }
    }

    /// <summary>Whether an own offer to restart waits for its answer.</summary>
    public bool IsRestartOffered => _ice.IsRestartOffered;

    /// <summary>Whether checks for these credentials are this connection's: of its agent, of a restart, or of the one before it.</summary>
    public bool UsesUfrag(string localUfrag) => _ice.UsesUfrag(localUfrag);

    /// <summary>Whether <see cref="HideAddresses"/> was called.</summary>
    public bool HidesAddresses => _hiding is not null;

    /// <summary>
    /// From now on descriptions tell host addresses by names of multicast DNS alone, and addresses without a name not at all: who reads them
    /// elsewhere learns no address but those that servers see (RFC 8828 section 5.2, mode 3).
    /// </summary>
    /// <param name="names">The names, which the host answers for; the keys are addresses with port 0.</param>
    public void HideAddresses(IReadOnlyDictionary<TransportAddress, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _hiding = names;
    }

    /// <summary>Adds candidates that servers gave; before the description is read, so that the peer learns of them.</summary>
    public void AddGatheredCandidates(IReadOnlyList<GatheredCandidate> gathered, Instant now)
    {
        ArgumentNullException.ThrowIfNull(gathered);
        _now = now;
        if (State != PeerConnectionState.Closed)
        {
            _ice.Active.AddGathered(gathered, now);
            Advance(now);
        }
    }

    /// <summary>
    /// The own addresses are others now: paths from those that went are over, new ones are tried at once. The peer learns them from the
    /// checks; a restart afterwards tells it all of them.
    /// </summary>
    /// <param name="localAddresses">All addresses of open sockets.</param>
    /// <param name="gathered">All candidates of servers.</param>
    /// <param name="now">The present.</param>
    public void SetLocalAddresses(
        IReadOnlyList<TransportAddress> localAddresses,
        IReadOnlyList<GatheredCandidate> gathered,
        Instant now
    )
    {
        ArgumentNullException.ThrowIfNull(localAddresses);
        ArgumentNullException.ThrowIfNull(gathered);
        _now = now;
        if (State != PeerConnectionState.Closed)
        {
            _ice.Active.SetLocals(localAddresses, gathered, now);
            Advance(now);
        }
    }

    /// <summary>
    /// Begins a restart: new credentials on the same connection, DTLS and SCTP untouched. The present path stays in use until a new one is valid.
    /// An offer that waits already is replaced.
    /// </summary>
    /// <param name="localAddresses">All addresses of open sockets.</param>
    /// <param name="gathered">All candidates of servers.</param>
    /// <param name="now">The present.</param>
    /// <param name="offer">What the peer must know.</param>
    /// <returns>False before DTLS holds, and once closed.</returns>
    public bool TryOfferRestart(
        IReadOnlyList<TransportAddress> localAddresses,
        IReadOnlyList<GatheredCandidate> gathered,
        Instant now,
        [NotNullWhen(true)] out SessionDescription? offer
    )
    {
        ArgumentNullException.ThrowIfNull(localAddresses);
        ArgumentNullException.ThrowIfNull(gathered);
        _now = now;
        offer = null;
        if (State != PeerConnectionState.Connected)
        {
            return false;
        }

        // RFC 8842 section 5.5: whoever offers again leaves the roles open, and they stay as they are
        offer = Describe(_ice.Restart(localAddresses, gathered, now), DtlsSetup.ActPass);
        Advance(now);
        return true;
    }

    /// <summary>Accepts the peer's offer to restart; an own one that waits is withdrawn.</summary>
    /// <param name="offer">The peer's description.</param>
    /// <param name="localAddresses">All addresses of open sockets.</param>
    /// <param name="gathered">All candidates of servers.</param>
    /// <param name="now">The present.</param>
    /// <param name="answer">What the peer must know.</param>
    /// <returns>False when it is no restart of this connection: another certificate, or the credentials of before.</returns>
    public bool TryAnswerRestart(
        SessionDescription offer,
        IReadOnlyList<TransportAddress> localAddresses,
        IReadOnlyList<GatheredCandidate> gathered,
        Instant now,
        [NotNullWhen(true)] out SessionDescription? answer
    )
    {
        ArgumentNullException.ThrowIfNull(offer);
        _now = now;
        answer = null;
        if (State != PeerConnectionState.Connected || !IsRestart(offer))
        {
            return false;
        }

        var agent = _ice.Restart(localAddresses, gathered, now);
        SetRestartRemote(agent, offer, now);
        answer = Describe(agent, IsDtlsClient ? DtlsSetup.Active : DtlsSetup.Passive);
        return true;
    }

    /// <summary>Takes the peer's answer to the own offer to restart in.</summary>
    /// <returns>False when none waits, or it is no answer to one.</returns>
    public bool TryCompleteRestart(SessionDescription answer, Instant now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _now = now;
        if (State != PeerConnectionState.Connected || !_ice.IsRestartOffered || !IsRestart(answer))
        {
            return false;
        }

        SetRestartRemote(_ice.Next!, answer, now);
        return true;
    }

    /// <summary>Withdraws the own offer to restart (RFC 8829 section 4.1.10.2): all is as before.</summary>
    public void RollBackRestart()
    {
        if (_ice.IsRestartOffered)
        {
            _ice.RollBack();
        }
    }

    // RFC 8842 section 5.5: another certificate would be another association. RFC 8445 section 9: both credentials are new.
    private bool IsRestart(SessionDescription remote) =>
        remote.FingerprintSha256.AsSpan().SequenceEqual(_remote!.FingerprintSha256)
        && remote.SctpPort == _remote.SctpPort
        && !string.Equals(remote.Ufrag, _lastRemoteUfrag ?? _remote.Ufrag, StringComparison.Ordinal)
        && !string.Equals(remote.Password, _lastRemotePassword ?? _remote.Password, StringComparison.Ordinal);

    private void SetRestartRemote(IceAgent agent, SessionDescription remote, Instant now)
    {
        (_lastRemoteUfrag, _lastRemotePassword) = (remote.Ufrag, remote.Password);
        TellHostNames(remote);
        agent.SetRemote(new IceCredentials(remote.Ufrag, remote.Password), remote.Candidates, now);
        Advance(now);
    }

    private void TellHostNames(SessionDescription remote)
    {
        foreach (var hidden in remote.HostNames.Take(Sdp.SdpLimits.MaxHostNames))
        {
            if (hidden is { IsWellFormed: true })
            {
                _events.Enqueue(new PeerConnectionEvent.HostNameLearnt(hidden));
            }
        }
    }

    private SessionDescription Describe(IceAgent agent, DtlsSetup setup)
    {
        IceCandidate[] candidates = [.. agent.LocalCandidates];
        if (_hiding is not { } names)
        {
            return Describe(agent, setup, candidates);
        }

        IceCandidate[] shown = [.. candidates.Where(each => each.Type != IceCandidateType.Host)];
        var hidden = candidates
            .Except(shown)
            .Where(each => names.ContainsKey(each.Address.WithPort(0)))
            .Take(Sdp.SdpLimits.MaxHostNames)
            .Select(each => new Sdp.SdpHostNameCandidate(
                names[each.Address.WithPort(0)],
                each.Address.Port,
                each.Type,
                each.Priority,
                each.Foundation
            ));
        return Describe(agent, setup, shown) with { HostNames = Array.AsReadOnly([.. hidden]) };
    }

    private SessionDescription Describe(
        IceAgent agent,
        DtlsSetup setup,
        IReadOnlyList<IceCandidate> candidates
    ) =>
        SessionDescription.TryCreate(
            agent.LocalCredentials.Ufrag,
            agent.LocalCredentials.Password,
            _certificate.Sha256,
            setup,
            candidates,
            LocalMaxMessageSize,
            out var description,
            out var reason
        )
            ? description with
            {
                SctpInit = _isOfferer || _remote?.SctpInit is not null ? _sctpInit : null,
            }
            : throw new System.Diagnostics.UnreachableException(reason);
}
