using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>An open room: every author with a join, one secret made of the name (crypto.md section 4).</summary>
internal sealed class OpenRules : RoomRules
{
    /// <inheritdoc/>
    public override bool HasEpochs => false;

    /// <inheritdoc/>
    public override bool Admits(PeerId person) => true;

    /// <inheritdoc/>
    public override bool Counts(EntryKind kind) =>
        kind is EntryKind.Content or EntryKind.Join or EntryKind.Key or EntryKind.Recall or EntryKind.Leave;

    /// <inheritdoc/>
    public override bool CanWrite(AuthorTable authors) => true;
}
