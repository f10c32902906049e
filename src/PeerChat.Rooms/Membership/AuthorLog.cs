using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>What a room knows of one author: how far its log is here, and what its control entries say.</summary>
internal sealed class AuthorLog(AuthorId id)
{
    /// <summary>The author.</summary>
    public AuthorId Id { get; } = id;

    /// <summary>Seq of the last entry here; 0 before the first.</summary>
    public ulong HeadSeq { get; private set; }

    /// <summary>Id of the last entry here.</summary>
    public EntryId HeadId { get; private set; }

    /// <summary>Clock of the last entry here.</summary>
    public ulong HeadClock { get; private set; }

    /// <summary>Order clock of the last entry here.</summary>
    public ulong HeadOrderClock { get; private set; }

    /// <summary>Id of the last control entry here.</summary>
    public EntryId LastControl { get; private set; }

    /// <summary>What the first entry says.</summary>
    public JoinControl? Join { get; private set; }

    /// <summary>The HPKE key that epochs are wrapped to.</summary>
    public ReadOnlyMemory<byte> Leaf { get; private set; }

    private ulong _leafSeq;

    /// <summary>Seq of the author's leave.</summary>
    public ulong? LeftAt { get; private set; }

    /// <summary>The least seq at which two entries are proven.</summary>
    public ulong? ForkedAt { get; private set; }

    /// <summary>The proof of that fork, as it is passed on.</summary>
    public ReadOnlyMemory<byte> ForkProof { get; private set; }

    /// <summary>The newest profile record.</summary>
    public ProfileRecord? Profile { get; set; }

    /// <summary>Up to which seq one's own entries have cited this author.</summary>
    public ulong CitedSeq { get; set; }

    /// <summary>Whether the host was told that this is a member.</summary>
    public bool IsShownAsMember { get; set; }

    /// <summary>The key that verifies the author's entries; empty while neither profile nor join is known.</summary>
    public ReadOnlyMemory<byte> Key => Profile?.Key ?? Join?.Key ?? default;

    /// <summary>Whether author and identity are bound in both directions.</summary>
    public bool IsBound => Join is not null && Profile is not null && Profile.Opens(Join);

    /// <summary>The last seq that may be asked for, stated and passed on.</summary>
    public ulong LastGoodSeq => ForkedAt is { } fork ? Math.Min(HeadSeq, fork - 1) : HeadSeq;

    /// <summary>Whether an entry of this author no longer counts, or never did (crypto.md sections 3 and 4).</summary>
    public bool IsVoid(ulong seq, EntryKind kind) =>
        (kind == EntryKind.Content && seq >= ForkedAt) || seq > LeftAt;

    /// <summary>Takes in the next entry of the log.</summary>
    public void Apply(EntryHeader header, ulong orderClock)
    {
        HeadSeq = header.Seq;
        HeadId = header.Id;
        HeadClock = header.Clock;
        HeadOrderClock = orderClock;
        ApplyControl(header);
    }

    /// <summary>Sets the head from the store, when a room is opened.</summary>
    public void Restore(StoredEntry head)
    {
        HeadSeq = head.Seq;
        HeadId = head.Id;
        HeadClock = head.Clock;
        HeadOrderClock = head.OrderClock;
    }

    /// <summary>Takes in what a control entry says of its author.</summary>
    public void ApplyControl(EntryHeader header)
    {
        if (header.Kind == EntryKind.Content)
        {
            return;
        }

        LastControl = header.Id;
        ApplyKeys(header);
        if (header.Kind == EntryKind.Leave)
        {
            LeftAt ??= header.Seq;
        }
    }

    /// <summary>Takes in the keys that a control entry names, also of one that the log has not come to yet.</summary>
    public void ApplyKeys(EntryHeader header)
    {
        switch (header.Kind)
        {
            case EntryKind.Join when JoinControl.TryParse(header.Control.Span, out var join):
                SetJoin(join);
                break;
            case EntryKind.Genesis when GenesisControl.TryParse(header.Control.Span, out var genesis):
                SetJoin(genesis.AsJoin());
                break;
            case EntryKind.Key
                when header.Seq > _leafSeq && KeyControl.TryParse(header.Control.Span, out var key):
                (_leafSeq, Leaf) = (header.Seq, key.Leaf);
                break;
        }
    }

    private void SetJoin(JoinControl join)
    {
        Join ??= join;
        Leaf = Leaf.IsEmpty ? join.Leaf : Leaf;
    }

    /// <summary>Takes in a proof of a fork; false when one at least as early is known.</summary>
    public bool ApplyFork(ulong seq, ReadOnlyMemory<byte> proof)
    {
        if (ForkedAt <= seq)
        {
            return false;
        }

        ForkedAt = seq;
        ForkProof = proof;
        return true;
    }
}
