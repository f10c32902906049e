using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>A private room: who belongs is a function of the control entries (crypto.md section 4).</summary>
internal sealed class PrivateRules(ControlSet controls) : RoomRules
{
    /// <inheritdoc/>
    public override bool HasEpochs => true;

    /// <summary>Anybody may be linked: who is no member gets control entries and nothing else.</summary>
    public override bool Admits(PeerId person) => true;

    /// <inheritdoc/>
    public override bool Counts(EntryKind kind) => kind <= EntryKind.Leave;

    /// <inheritdoc/>
    public override bool CanWrite(AuthorTable authors, AuthorLog own) => IsMember(own);

    /// <inheritdoc/>
    public override bool IsMember(AuthorLog author) => author.IsBound && controls.Roll.IsMember(author.Id);

    /// <inheritdoc/>
    public override bool IsVoid(AuthorLog author, ulong seq, EntryKind kind) =>
        author.IsVoid(seq, kind) || controls.Roll.Find(author.Id) is not { } entry || seq > entry.CutAt;

    /// <summary>An admin takes back what anybody wrote.</summary>
    public override bool MayRecall(AuthorLog by, AuthorLog of) =>
        base.MayRecall(by, of) || controls.Roll.Find(by.Id) is { IsMember: true, Role: MemberRole.Admin };

    /// <summary>
    /// A member's person gets all. Of a person whose profile is not here yet it is not known; who has the room's secret r is taken
    /// for a member until the profile says otherwise.
    /// </summary>
    public override bool Serves(PeerId person, AuthorTable authors)
    {
        var isKnown = false;
        foreach (var author in authors.All)
        {
            if (author.Profile?.Identity.PeerId == person)
            {
                isKnown = true;
                if (IsMember(author))
                {
                    return true;
                }
            }
        }

        return !isKnown;
    }
}
