using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Rendezvous.PeerServer;

/// <summary>The plain form of the protocol, for PeerJS pages: an id that is one's name, and offers in the clear.</summary>
public sealed partial class PeerServerRendezvous
{
    private PeerServerSocket? _desk;

    /// <summary>Whether a name can be an id at a PeerServer: letters and digits, with single hyphens or underscores between.</summary>
    public static bool CanBeId(string name) => GuestFrame.IsId(name);

    /// <summary>Whether pages that ask for the name find us.</summary>
    public bool ReceivesGuests => _desk is { Phase: PeerServerPhase.Registered };

    /// <summary>Lets PeerJS pages find us under a name.</summary>
    /// <param name="name">The name; <see cref="CanBeId"/> holds.</param>
    /// <param name="token">What proves that the name is still held by the same; the same after a restart.</param>
    /// <param name="now">The time.</param>
    public void ReceiveGuests(string name, string token, Instant now) =>
        _desk ??= NewSocket(name, token, isDoor: false, now);

    /// <summary>Answers a page's offer.</summary>
    public void AnswerGuest(string peer, string connectionId, string sdp) =>
        SendToGuest(GuestFrame.WriteAnswer(peer, connectionId, sdp));

    /// <summary>Tells a page that it is over; it would notice by itself only when it writes.</summary>
    public void DismissGuest(string peer) => SendToGuest(GuestFrame.WriteLeave(peer));

    private void SendToGuest(string text)
    {
        if (_desk is { Phase: PeerServerPhase.Registered or PeerServerPhase.Registering } desk)
        {
            Send(desk, text);
        }
    }

    private void HandleGuestFrame(string text)
    {
        if (!GuestFrame.TryParse(text, out var frame) || frame.Peer.Length == 0)
        {
            return; // what the server itself says has been looked at
        }

        switch (frame.Type)
        {
            case PeerServerFrame.Offer when frame.Offer is { } offer:
                _events.Enqueue(new ServiceEvent.GuestOffered(offer));
                break;
            case PeerServerFrame.Offer:
                Refused++;
                DismissGuest(frame.Peer); // a call with sound, a serialisation that nobody knows
                break;
            case GuestFrame.Candidate when frame.CandidateText.Length > 0:
                _events.Enqueue(
                    new ServiceEvent.GuestCandidate(frame.Peer, frame.ConnectionId, frame.CandidateText)
                );
                break;
            case GuestFrame.Leave:
                _events.Enqueue(new ServiceEvent.GuestLeft(frame.Peer));
                break;
            default:
                break;
        }
    }
}
