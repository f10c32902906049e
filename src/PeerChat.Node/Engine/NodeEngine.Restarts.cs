using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Node.Meeting;
using PeerChat.WebRtc;

namespace PeerChat.Node.Engine;

/// <summary>Connections follow this machine from network to network (RFC 8445 section 9).</summary>
/// <remarks>
/// First the connection tries its new addresses with what it knows of the peer, who learns them from the checks: that needs no word and works as
/// long as one side stays where it was. Then a restart, told over the link itself, gives both sides all addresses of each other. Where
/// both have moved at once the link ends, and they meet again as they met first; what was not delivered waits in the room's log.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>Takes the connections to the addresses of now.</summary>
    /// <param name="onlyLost">Only links whose own address is gone; a new one alone is no reason to touch what works.</param>
    private void FollowAddresses(bool onlyLost)
    {
        var locals = LocalAddresses;
        foreach (var link in _links.All.ToList())
        {
            var candidates = CandidatesOf(link);
            var bases = locals.Concat(candidates.Select(candidate => candidate.Base)).ToHashSet();
            var isLost = link.Connection.SelectedLocal is not { } local || !bases.Contains(local);
            if (onlyLost && !isLost)
            {
                continue;
            }

            _links.ForgetPaths(link, bases);
            link.Connection.SetLocalAddresses(locals, candidates, _now);
            RenewNames(link.Connection);
            if (
                link.Phase == LinkPhase.Authenticated
                && link.Connection.TryOfferRestart(locals, candidates, _now, out var offer)
            )
            {
                link.RestartNumber++;
                SendRestart(link, offer, link.RestartNumber, isAnswer: false);
            }
        }

        foreach (var guest in _guests.All)
        {
            guest.Connection.SetLocalAddresses(locals, _gatherer.Candidates, _now); // a page restarts nothing
        }
    }

    private void HandleRestart(PeerLink link, IceRestart restart)
    {
        if (DescriptionCodec.Read(restart.Description.Span) is not { } description)
        {
            return;
        }

        var connection = link.Connection;
        if (restart.IsAnswer)
        {
            if (restart.Number == link.RestartNumber)
            {
                connection.TryCompleteRestart(description, _now);
            }

            return;
        }

        // Two offers that cross: the DTLS client's stays.
        if (
            (connection.IsRestartOffered && connection.Binding!.IsDtlsClient)
            || !link.MayRestart(_now)
            || !connection.TryAnswerRestart(
                description,
                LocalAddresses,
                CandidatesOf(link),
                _now,
                out var answer
            )
        )
        {
            return;
        }

        SendRestart(link, answer, restart.Number, isAnswer: true);
    }

    private void SendRestart(PeerLink link, SessionDescription description, uint number, bool isAnswer)
    {
        _links.AddUfrag(link, description.Ufrag);
        link.Send(
            new LinkFrame
            {
                IceRestart = new IceRestart
                {
                    Number = number,
                    IsAnswer = isAnswer,
                    Description = ByteString.CopyFrom(DescriptionCodec.Write(description)),
                },
            },
            bulk: false,
            _now
        );
    }
}
