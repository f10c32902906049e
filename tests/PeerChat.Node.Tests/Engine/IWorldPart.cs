using PeerChat.Primitives;
using PeerChat.TestKit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Something on the simulated network that is no engine of ours: an attacker, mostly.</summary>
internal interface IWorldPart
{
    Instant? NextDeadline { get; }

    void HandleDatagram(Instant now, LanDatagram datagram);

    void HandleDeadline(Instant now);
}
