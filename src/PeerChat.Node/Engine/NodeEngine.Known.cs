using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>What is known of where people are: addresses from before, hints of links; and what stays on the link.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Who is on the local network has been found by then, and is not dialled twice.</summary>
    private static readonly TimeSpan RememberedStagger = TimeSpan.FromMilliseconds(250);

    private bool UsesLan => !_options.RelayOnly && _options.Ladder.Rungs.Contains(Rung.Lan);

    /// <summary>Where others may be told to look: addresses of this machine, and the services in use.</summary>
    private LinkHints OwnHints() =>
        LinkHints.Of(
            _options.RelayOnly
                ? []
                :
                [
                    .. _gatherer
                        .Candidates.Where(one => one.Type == WebRtc.IceCandidateType.ServerReflexive)
                        .Select(one => one.Address),
                    .. _ports
                        .Select(port => port.Address)
                        .Where(address => !address.IsLoopback && address.ScopeId == 0),
                ],
            _services
                .Where(service => service.IsNamed)
                .Select(service => new ServiceHint(service.Rung, service.Machine.Endpoint))
        );

    /// <summary>A contact's addresses are dialled when the chat opens, and again when they are gone.</summary>
    private void Remember(PeerId person)
    {
        if (
            !_options.Ladder.Rungs.Contains(Rung.Direct)
            || _contacts.Find(person) is not { } contact
            || _chats.GetValueOrDefault(ChatKey(person))?.Point is not { } point
        )
        {
            return;
        }

        point.Remembered =
        [
            .. contact.Record.LastAddresses.Where(one => one.IsFresh(_wall)).Select(one => one.Address),
        ];
        DialRemembered(point);
    }

    private void DialRemembered(MeetingPoint? point)
    {
        if (
            point is { Remembered.Count: > 0, DirectLink: null, DirectDialAt: null }
            && _options.Ladder.Rungs.Contains(Rung.Direct)
            && !IsMet(point)
        )
        {
            point.DirectDialAt = _now + RememberedStagger;
        }
    }

    private void KeepHints(Chat chat, IReadOnlyList<ServiceHint> services)
    {
        if (chat is { Contact: { } contact, Point: { } point } && services.Count > 0)
        {
            _contacts.SetServices(contact.Identity.PeerId, services);
            (point.Hints, _reachIsDue) = (services, true);
        }
    }

    /// <summary>The machine's network changed: whoever is not connected is looked for by every rung anew.</summary>
    private void RetryEverything()
    {
        foreach (var point in _board.Points)
        {
            if (point.DirectLink is null && point.DirectAddresses.Count > 0 && !IsMet(point))
            {
                point.DirectDialAt = _now;
                point.DirectFailures = 0;
            }

            if (point.ReachLink is null)
            {
                (point.ReachFrom, point.ReachDialAt, point.ReachFailures) = (null, null, 0);
            }
        }

        foreach (var service in _services)
        {
            service.Machine.Retry(_now);
        }

        _introductions.Clear();
        (_reachIsDue, _introduceAt) = (true, _now + IntroductionDelay);
        PumpServices();
    }

    private bool IsOnLink(TransportAddress remote) => _interfaces.Any(one => one.IsOnLink(remote));

    /// <summary>Why an address is not dialled: with <c>--lan</c> nothing leaves the link. Null where it is.</summary>
    private NodeReply.Refused? OffLink(DirectAddress? address) =>
        address is { } given
        && _options.Ladder.IsLanOnly
        && (given.Known is not { } known || !IsOnLink(known))
            ? Bad(
                $"{(given.Known is { } off ? off.ToString() : given.Host)} is not an address on the local network, and --lan sends nothing "
                    + "beyond it; leave --lan out."
            )
            : null;

    /// <summary>What is being tried, while nobody is there.</summary>
    private string SearchingDetail(MeetingPoint point)
    {
        var places = new List<string>();
        if (UsesLan)
        {
            places.Add("the local network");
        }

        if (point.DirectAddresses.Count > 0 && _options.Ladder.Rungs.Contains(Rung.Direct))
        {
            places.Add(string.Join(", ", point.DirectAddresses.Take(2)));
        }

        places.AddRange(
            InReach(point)
                ? _services
                    .Where(service => Serves(service, point))
                    .Select(service =>
                        service.Machine.State == ServiceState.Failed
                            ? $"{service.Machine.Endpoint} (not reached)"
                            : service.Machine.Endpoint
                    )
                : []
        );
        return places.Count == 0
            ? "nobody here yet; every way of looking is switched off"
            : $"nobody here yet, looking on {string.Join(", ", places)}";
    }
}
