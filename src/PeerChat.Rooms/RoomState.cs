using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms;

/// <summary>What the parts of one room share: its authors, its clock, and the means that the host gave.</summary>
internal sealed class RoomState(
    RoomId id,
    RoomRules rules,
    OwnIdentity self,
    IRoomStore store,
    IKeySource keys,
    IEntropy entropy
)
{
    private readonly Queue<RoomEvent> _events = new();
    private ControlIntake? _controls;

    /// <summary>The room.</summary>
    public RoomId Id { get; } = id;

    /// <summary>Who belongs and what counts.</summary>
    public RoomRules Rules { get; } = rules;

    /// <summary>One's own identity.</summary>
    public OwnIdentity Self { get; } = self;

    /// <summary>Where all is kept.</summary>
    public IRoomStore Store { get; } = store;

    /// <summary>Where keys come from.</summary>
    public IKeySource Keys { get; } = keys;

    /// <summary>Where random bytes come from.</summary>
    public IEntropy Entropy { get; } = entropy;

    /// <summary>One's own author.</summary>
    public OwnAuthor Own { get; set; } = null!; // set before the room is handed out

    /// <summary>The authors.</summary>
    public AuthorTable Authors { get; } = new();

    /// <summary>People whose content is hidden and passed on to nobody.</summary>
    public IReadOnlySet<PeerId> Blocked { get; set; } = new HashSet<PeerId>();

    /// <summary>Whether an author is of somebody blocked.</summary>
    public bool IsBlocked(AuthorLog author) =>
        Blocked.Count > 0 && author.Profile is { } profile && Blocked.Contains(profile.Identity.PeerId);

    /// <summary>The greatest order clock of any entry here; the next own entry is later.</summary>
    public ulong GreatestClock { get; private set; }

    /// <summary>The control entries of a private room; null in others.</summary>
    public ControlIntake? Controls
    {
        get => _controls;
        init => _controls = value;
    }

    /// <summary>The clock of one's own admission to a private room; 0 for its creator and in other rooms.</summary>
    public ulong OwnAdmission => _controls?.Set.Roll.Find(Own.Id)?.AdmittedAt ?? 0;

    /// <summary>Notes the clock of an entry that is here although its log has not come so far.</summary>
    public void NoteClock(ulong clock) => GreatestClock = Math.Max(GreatestClock, clock);

    /// <summary>How many entries there are: each log counts from 1 without gaps.</summary>
    public ulong TotalEntries { get; private set; }

    /// <summary>The name under which the store keeps a secret of this room.</summary>
    public string SecretName(string part) => SecretNameOf(Id, part);

    /// <summary>The name under which the store keeps a secret of a room.</summary>
    public static string SecretNameOf(RoomId room, string part) => $"room/{room}/{part}";

    /// <summary>Appends the next entry of a log.</summary>
    public StoredEntry Append(
        AuthorLog author,
        EntryHeader header,
        ulong orderClock,
        ReadOnlyMemory<byte> payload,
        ReadOnlyMemory<byte> signature,
        PayloadState payloadState = PayloadState.Held
    )
    {
        var entry = new StoredEntry(
            header.Id,
            Id,
            header.Author,
            header.Seq,
            header.Clock,
            orderClock,
            (byte)header.Kind,
            header.Bytes,
            payload,
            signature,
            PayloadState: payloadState
        );
        entry = entry with { Arrival = Store.Append(entry) };
        author.Apply(header, orderClock);
        _controls?.TakeOwnLog(header, signature);
        GreatestClock = Math.Max(GreatestClock, orderClock);
        TotalEntries++;
        return entry;
    }

    /// <summary>Takes the heads of all logs from the store, when the room is opened.</summary>
    public void RestoreHeads()
    {
        foreach (var head in Store.ReadHeads(Id))
        {
            Authors.Add(head.Author).Restore(head);
            GreatestClock = Math.Max(GreatestClock, head.OrderClock);
            TotalEntries += head.Seq;
        }
    }

    /// <summary>Whether the author is one of one's own identity, on this device or another.</summary>
    public bool IsOwn(AuthorLog author) => author.Profile?.Identity.PeerId == Self.PeerId;

    /// <summary>Tells the host something.</summary>
    public void Emit(RoomEvent happened) => _events.Enqueue(happened);

    /// <summary>What to tell the host next.</summary>
    public bool TryTakeEvent([NotNullWhen(true)] out RoomEvent? happened) => _events.TryDequeue(out happened);
}
