using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>A direct chat: the authors certified by either of two identities (crypto.md section 4).</summary>
internal sealed class DirectRules(PeerId self, PeerId other) : RoomRules
{
    /// <inheritdoc/>
    public override bool HasEpochs => true;

    /// <inheritdoc/>
    public override bool IsDirect => true;

    /// <inheritdoc/>
    public override bool Admits(PeerId person) => person == self || person == other;

    /// <inheritdoc/>
    public override bool Counts(EntryKind kind) =>
        kind
            is EntryKind.Content
                or EntryKind.Join
                or EntryKind.Epoch
                or EntryKind.Wrap
                or EntryKind.Key
                or EntryKind.Recall
                or EntryKind.Leave;

    /// <summary>Nothing is written before an author of the other is known: there would be no key to write to.</summary>
    public override bool CanWrite(AuthorTable authors, AuthorLog own) =>
        authors.All.Any(a => IsMember(a) && a.Profile!.Identity.PeerId == other);
}
