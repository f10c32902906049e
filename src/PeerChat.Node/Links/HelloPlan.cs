using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Links;

/// <summary>What a link needs for its hello, known from the signalling before the connection stands.</summary>
/// <param name="Context">What the two sides share (crypto.md section 2).</param>
/// <param name="KnockKey">The knock key of that context; empty for strangers.</param>
/// <param name="Self">One's own identity.</param>
/// <param name="Name">One's own name.</param>
/// <param name="Expected">The identity that must answer; null where only a name is known.</param>
/// <param name="IsDialler">Whether this side made the offer.</param>
internal sealed record HelloPlan(
    HelloContext Context,
    ReadOnlyMemory<byte> KnockKey,
    OwnIdentity Self,
    DisplayName Name,
    PeerId? Expected,
    bool IsDialler
)
{
    /// <summary>Whether one asks for admission: in an invitation the joiner speaks second, whoever made the offer.</summary>
    public bool IsJoiner { get; init; }
}
