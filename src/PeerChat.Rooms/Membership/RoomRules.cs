using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>In what the types of rooms differ: who belongs, and which entries count (crypto.md section 4).</summary>
internal abstract class RoomRules
{
    /// <summary>Whether members make epochs; otherwise the room has one secret for ever.</summary>
    public abstract bool HasEpochs { get; }

    /// <summary>Whether it is the chat of two, whose devices are all linked.</summary>
    public virtual bool IsDirect => false;

    /// <summary>Whether an author of this identity can belong to the room at all.</summary>
    public abstract bool Admits(PeerId person);

    /// <summary>Whether entries of this kind have an effect; others are kept for the chain and ignored.</summary>
    public abstract bool Counts(EntryKind kind);

    /// <summary>Whether there is anybody to write to, and one may.</summary>
    public abstract bool CanWrite(AuthorTable authors, AuthorLog own);

    /// <summary>Whether an entry no longer counts, or never did.</summary>
    public virtual bool IsVoid(AuthorLog author, ulong seq, EntryKind kind) => author.IsVoid(seq, kind);

    /// <summary>Whether a person at the other end of a link is given more than control entries.</summary>
    public virtual bool Serves(PeerId person, AuthorTable authors) => true;

    /// <summary>Whether one author's recall of another's message counts: the same person's; where there are admins, theirs too.</summary>
    public virtual bool MayRecall(AuthorLog by, AuthorLog of) =>
        by == of || (by.Profile is { } profile && of.Profile?.Identity.PeerId == profile.Identity.PeerId);

    /// <summary>Whether the author belongs to the room.</summary>
    public virtual bool IsMember(AuthorLog author) =>
        author.IsBound && author.LeftAt is null && Admits(author.Profile!.Identity.PeerId);
}
