using PeerChat.Primitives;

namespace PeerChat.Node.Engine;

/// <summary>This machine slept, or the process was stopped: what was true before is asked again at once.</summary>
/// <remarks>
/// Whether the clock that measures waiting goes on in sleep depends on the system. Where it stands, the clock on the wall is suddenly ahead of it;
/// where it goes on, a turn comes far later than it was due. A clock that somebody sets forward looks the same, and costs a few datagrams.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>At the latest so long after a turn the next one comes, to see whether the machine slept; two an idle minute.</summary>
    private static readonly TimeSpan SleepLook = TimeSpan.FromSeconds(30);

    /// <summary>What counts as sleep: more than a busy machine keeps a process waiting (guess).</summary>
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromSeconds(15);

    private (Instant Now, WallTime Wall)? _lastTurn;

    private Instant? NextSleepLook => _lastTurn is { } last ? last.Now + SleepLook : null;

    private void FollowSleep()
    {
        if (_lastTurn is { } last)
        {
            var (passed, passedOnWall) = (_now - last.Now, _wall - last.Wall);
            if (passedOnWall - passed > ShortestSleep || passed - SleepLook > ShortestSleep)
            {
                HandleWaking();
            }
        }

        _lastTurn = (_now, _wall);
    }

    private void HandleWaking()
    {
        foreach (var link in _links.All)
        {
            link.RefusedAt = _now; // whoever answers no check now has given this side up long ago
            link.Connection.DoubtPath(_now);
        }

        _lan.SetAddresses([], _now);
        _lan.SetAddresses(UsesLan ? _interfaces : [], _now); // who was here may be gone, and those who are have forgotten this node
        PumpLan();
        RetryEverything();
        _gatherer.SetSockets([.. _ports.Select(port => port.Address)], _now);
        LookForGateways();
        PumpGatherer();
        PumpLinks();
    }
}
