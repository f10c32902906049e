using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Storage;

/// <summary>Somebody whose key is kept, as <c>known_hosts</c> does for SSH.</summary>
/// <param name="PeerId">Who it is.</param>
/// <param name="SigningKey">The identity's signing key, 65 bytes.</param>
/// <param name="AgreementKey">The identity's agreement key, 65 bytes.</param>
/// <param name="ClaimedName">The name they chose.</param>
/// <param name="Petname">The name that the user gave them, or null.</param>
/// <param name="Trust">How far the key is known.</param>
/// <param name="IsBlocked">Whether the user wants nothing more from them.</param>
/// <param name="FirstSeen">When they were met.</param>
/// <param name="LastSeen">When they were last connected.</param>
/// <param name="LastAddresses">Where they were last reached, best first; at most <see cref="MaxAddresses"/> are kept.</param>
public sealed record Contact(
    PeerId PeerId,
    ReadOnlyMemory<byte> SigningKey,
    ReadOnlyMemory<byte> AgreementKey,
    string ClaimedName,
    string? Petname,
    TrustState Trust,
    bool IsBlocked,
    WallTime FirstSeen,
    WallTime LastSeen,
    IReadOnlyList<KnownAddress> LastAddresses
)
{
    /// <summary>How many addresses are kept for a contact: a few networks, each over IPv4 and IPv6; a guess.</summary>
    public const int MaxAddresses = 8;

    /// <summary>Services at which a link said that they can be met.</summary>
    public IReadOnlyList<ServiceHint> Services { get; init; } = [];

    /// <summary>The name to show: the petname where there is one.</summary>
    public string Name => Petname ?? ClaimedName;
}
