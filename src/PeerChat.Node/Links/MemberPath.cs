using PeerChat.Primitives;
using PeerChat.WebRtc;

namespace PeerChat.Node.Links;

/// <summary>A way to somebody through a member in common, as two addresses that stand for it: ICE checks it as any other.</summary>
/// <param name="Handle">What all three call it.</param>
/// <param name="Link">The link that uses it.</param>
/// <param name="Carrier">The link to the member.</param>
/// <param name="IsAsker">Whether this side asked for it.</param>
internal sealed record MemberPath(ulong Handle, int Link, int Carrier, bool IsAsker)
{
    /// <summary>The port that stands for who asked; the other one has the next.</summary>
    private const int AskerPort = 1;

    /// <summary>When it is looked at next.</summary>
    public Instant LookAt { get; set; }

    /// <summary>Whether another path was in use when it was looked at last.</summary>
    public bool IsSpare { get; set; }

    /// <summary>The own end.</summary>
    public TransportAddress Local => VirtualAddress.Of(Handle, IsAsker ? AskerPort : AskerPort + 1);

    /// <summary>The other end.</summary>
    public TransportAddress Remote => VirtualAddress.Of(Handle, IsAsker ? AskerPort + 1 : AskerPort);

    /// <summary>What ICE knows of the own end.</summary>
    public GatheredCandidate LocalCandidate => new(IceCandidateType.Relayed, Local, Local);

    /// <summary>What ICE is told of the other end, without signalling: both sides make it up alike.</summary>
    public IceCandidate RemoteCandidate => VirtualAddress.CandidateAt(Remote);
}
