using PeerChat.Node.Storage;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>A contact with its keys as points.</summary>
/// <param name="Record">What is stored.</param>
/// <param name="Identity">The keys.</param>
internal sealed record KnownContact(Contact Record, PublicIdentity Identity)
{
    /// <summary>The name to show.</summary>
    public string Name => Record.Name;
}
