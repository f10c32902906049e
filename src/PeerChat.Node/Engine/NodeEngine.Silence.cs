using PeerChat.Node.Links;
using PeerChat.Primitives;

namespace PeerChat.Node.Engine;

/// <summary>Between connected and lost: the other side does not answer, and the consent to send to it has not run out yet (RFC 7675).</summary>
/// <remarks>
/// The connection itself looks for another path at once. Here it is said, so that nobody waits for an answer without knowing; and the services
/// are asked beside it, because a side whose address changed may be found by them long before the thirty seconds are over.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>Silence is told from here on: shorter ones are the network's, not the other side's.</summary>
    private static readonly TimeSpan SilenceTold = TimeSpan.FromSeconds(2);

    /// <summary>Then it is told again so often.</summary>
    private const int SilenceStep = 5; // seconds

    /// <summary>
    /// A link is over after so long, where the other machine says that nobody listens there: the program was killed. A single such word counts
    /// for nothing, since anybody can forge it.
    /// </summary>
    private static readonly TimeSpan RefusedTime = SilenceTold;

    /// <summary>A socket could not send by this path, or heard that nobody listens at its other end.</summary>
    /// <param name="local">The socket.</param>
    /// <param name="remote">Where the datagram was to go.</param>
    /// <param name="isRefused">Whether the other machine said that nobody listens there.</param>
    /// <param name="now">The time.</param>
    /// <param name="wall">The time of day.</param>
    public void HandlePathError(
        TransportAddress local,
        TransportAddress remote,
        bool isRefused,
        Instant now,
        WallTime wall
    )
    {
        (_now, _wall) = (now, wall);
        foreach (
            var link in _links
                .All.Where(link =>
                    link.Connection.SelectedLocal == local && link.Connection.SelectedRemote == remote
                )
                .ToList()
        )
        {
            link.RefusedAt = isRefused ? now : link.RefusedAt;
            link.Connection.DoubtPath(now);
        }

        PumpLinks();
    }

    private Instant? NextSilenceDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var link in _links.All)
            {
                if (link is { Phase: LinkPhase.Authenticated, Connection.SilentSince: { } since })
                {
                    var next = TimeSpan.FromSeconds(
                        link.SilentSeconds == 0 ? SilenceTold.TotalSeconds
                        : link.SilentSeconds < SilenceStep ? SilenceStep
                        : link.SilentSeconds + SilenceStep
                    );
                    earliest = Instant.Earliest(earliest, since + next);
                }
            }

            return earliest;
        }
    }

    /// <summary>Looks who fell silent and who speaks again; with every turn.</summary>
    private void FollowSilence()
    {
        List<PeerLink>? dead = null;
        foreach (var link in _links.All)
        {
            if (link.Phase != LinkPhase.Authenticated)
            {
                continue;
            }

            var since = link.Connection.SilentSince;
            var seconds = since is { } from ? StepOf(_now - from) : 0;
            if (seconds > 0 && link.RefusedAt >= since && _now - since >= RefusedTime)
            {
                (dead ??= []).Add(link);
            }
            else if (seconds != link.SilentSeconds)
            {
                link.SilentSeconds = seconds;
                _reachIsDue = true;
                _introduceAt = IsDoubtful(link) ? _now : _introduceAt; // a member may still be linked to both
                foreach (
                    var chat in _chats.Values.Where(chat =>
                        chat.Room is { } room && link.CommonRooms.Contains(room.Id)
                    )
                )
                {
                    _dirty.Add(chat);
                }
            }
        }

        foreach (var link in dead ?? [])
        {
            link.Close(LinkFailure.Remote, "The other side is gone: nobody listens there any more.", _now);
            PumpLinks();
        }
    }

    private static int StepOf(TimeSpan silence) =>
        silence < SilenceTold ? 0
        : silence.TotalSeconds < SilenceStep ? (int)SilenceTold.TotalSeconds
        : (int)silence.TotalSeconds / SilenceStep * SilenceStep;

    /// <summary>Whether others ways are looked for as if there were no link.</summary>
    private static bool IsDoubtful(PeerLink link) => link.SilentSeconds >= SilenceStep;
}
