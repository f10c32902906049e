using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>What the membership rules read of one control entry (crypto.md section 4).</summary>
/// <param name="Id">The entry.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Seq">Its number in the author's log.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Previous">The author's control entry before; zeros for the first.</param>
/// <param name="Clock">Its clock; the policy is chosen by it, and what a newcomer may read of before. It decides on nobody's membership.</param>
internal sealed record ControlFact(
    EntryId Id,
    AuthorId Author,
    ulong Seq,
    EntryKind Kind,
    EntryId Previous,
    ulong Clock
)
{
    /// <summary>Of a join: the add that it names.</summary>
    public EntryId Add { get; init; }

    /// <summary>Of an add, promote, demote or remove: whom it is about.</summary>
    public AuthorId Target { get; init; }

    /// <summary>Of an add: the role it gives.</summary>
    public MemberRole Role { get; init; }

    /// <summary>Of a demote or remove: the target's last entry that still counts, and its last control entry.</summary>
    public Cut Cut { get; init; }

    /// <summary>Of a genesis or policy: what newcomers may read.</summary>
    public HistoryPolicy Policy { get; init; }

    /// <summary>Reads what counts of a header; null for content and for forms that the kind does not have.</summary>
    public static ControlFact? Of(EntryHeader header)
    {
        if (header.Kind == EntryKind.Content)
        {
            return null;
        }

        var control = header.Control.Span;
        var fact = new ControlFact(
            header.Id,
            header.Author,
            header.Seq,
            header.Kind,
            header.PreviousControl,
            header.Clock
        );
        return header.Kind switch
        {
            EntryKind.Genesis => GenesisControl.TryParse(control, out var genesis)
                ? fact with
                {
                    Policy = genesis.Policy,
                }
                : null,
            EntryKind.Join => JoinControl.TryParse(control, out var join)
                ? fact with
                {
                    Add = join.Add,
                }
                : null,
            EntryKind.Add => AddControl.TryParse(control, out var add)
                ? fact with
                {
                    Target = add.Target,
                    Role = add.Role,
                }
                : null,
            EntryKind.Promote => PromoteControl.TryParse(control, out var promote)
                ? fact with
                {
                    Target = promote.Target,
                }
                : null,
            EntryKind.Demote or EntryKind.Remove => CutControl.TryParse(control, out var cut)
                ? fact with
                {
                    Target = cut.Target,
                    Cut = cut.Cut,
                }
                : null,
            EntryKind.Policy => PolicyControl.TryParse(control, out var policy)
                ? fact with
                {
                    Policy = policy.Policy,
                }
                : null,
            _ => fact,
        };
    }
}
