using PeerChat.Node.Links;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;

namespace PeerChat.Node.Engine;

/// <summary>Addresses behind names of multicast DNS (decision 0065): those of peers are resolved, one's own are hidden where the user asked.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Names that wait for an answer of the network, over all links; the network is asked for 32 at once.</summary>
    private const int MaxUnresolved = 64;

    // RFC 8445 section 5.1.2.1: a peer-reflexive address, for that is what the signal showed.
    private const uint SignalledPriority = (110u << 24) | (65_535u << 8) | 255u;

    private readonly List<(int Link, SdpHostNameCandidate Candidate)> _unresolved = [];

    /// <summary>Asks the local network, and nobody else, for the address that a peer hides; the one that it was met at is known.</summary>
    private void ResolveHostName(PeerLink link, SdpHostNameCandidate candidate)
    {
        foreach (var met in _linkRemotes.GetValueOrDefault(link.Id) ?? [])
        {
            link.Connection.AddRemoteCandidate(
                new IceCandidate(IceCandidateType.PeerReflexive, met, SignalledPriority, "met"),
                _now
            );
        }

        _unresolved.RemoveAll(each => _links.Find(each.Link) is null);
        if (_unresolved.Count < MaxUnresolved && _lan.TryResolve(candidate.HostName, _now))
        {
            _unresolved.Add((link.Id, candidate));
        }
    }

    private void HandleHostName(LanEvent.HostNameResolved resolved)
    {
        foreach (var (id, candidate) in _unresolved)
        {
            if (
                candidate.HostName.Equals(resolved.HostName, StringComparison.OrdinalIgnoreCase)
                && _links.Find(id) is { } link
            )
            {
                link.Connection.AddRemoteCandidate(candidate.At(resolved.Address), _now);
            }
        }
    }

    /// <summary>Has a connection tell no address of this machine to who is not on one network with it anyway.</summary>
    /// <param name="connection">The connection, before its description is read.</param>
    /// <param name="peers">Where the peer is reached as far as is known; nowhere: it is met by way of a service.</param>
    private void HideAddresses(PeerConnection connection, IReadOnlyList<TransportAddress> peers)
    {
        if (_options.HideAddresses && !peers.Any(_lan.IsNeighbour))
        {
            connection.HideAddresses(NamesOfAddresses());
        }
    }

    /// <summary>Gives a connection that hides addresses names for those of now.</summary>
    private void RenewNames(PeerConnection connection)
    {
        if (connection.HidesAddresses)
        {
            connection.HideAddresses(NamesOfAddresses());
        }
    }

    private Dictionary<TransportAddress, string> NamesOfAddresses() =>
        LocalAddresses
            .Select(own => own.WithPort(0))
            .Distinct()
            .ToDictionary(own => own, _lan.HideBehindName);
}
