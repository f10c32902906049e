using PeerChat.Primitives;

namespace PeerChat.Node.Storage;

/// <summary>An address at which a contact was connected.</summary>
/// <param name="Address">The address.</param>
/// <param name="LastMet">When they were last connected there.</param>
public sealed record KnownAddress(TransportAddress Address, WallTime LastMet)
{
    /// <summary>After so long somebody else has the address, or nobody (guess: home networks change theirs more often).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Whether it is worth a try.</summary>
    public bool IsFresh(WallTime now) => now - LastMet < Lifetime;
}
