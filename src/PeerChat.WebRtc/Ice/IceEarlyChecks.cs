using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>Checks that came before the peer's description: answered, and kept until it is here (RFC 8445 section 7.3).</summary>
internal sealed class IceEarlyChecks
{
    private readonly List<(string Ufrag, IceCheck Check)> _checks = [];

    /// <summary>Keeps a check; of one path the last. False when there are too many paths.</summary>
    public bool TryAdd(string remoteUfrag, in IceCheck check)
    {
        var (local, remote) = (check.Local, check.Remote);
        var known = _checks.FindIndex(other => IsPath(other.Check, local, remote));
        if (known >= 0)
        {
            var useCandidate = check.UseCandidate || _checks[known].Check.UseCandidate;
            _checks[known] = (remoteUfrag, check with { UseCandidate = useCandidate });
            return true;
        }

        if (_checks.Count == IceLimits.MaxEarlyChecks)
        {
            return false;
        }

        _checks.Add((remoteUfrag, check));
        return true;
    }

    /// <summary>Whether a check of that path is kept.</summary>
    public bool Contains(TransportAddress local, TransportAddress remote) =>
        _checks.Exists(other => IsPath(other.Check, local, remote));

    /// <summary>Takes all checks of the agent that signalling has now named; the others are forgotten.</summary>
    public IReadOnlyList<IceCheck> TakeAll(string remoteUfrag)
    {
        var taken = _checks
            .Where(early => string.Equals(early.Ufrag, remoteUfrag, StringComparison.Ordinal))
            .Select(early => early.Check)
            .ToArray();
        _checks.Clear();
        return taken;
    }

    private static bool IsPath(in IceCheck check, TransportAddress local, TransportAddress remote) =>
        check.Local == local && check.Remote == remote;
}
