using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms;

/// <summary>One chat as a state machine: its log, its members, its secrets, and the exchange with other members.</summary>
/// <remarks>
/// Open it, post, add links and hand in frames inside a transaction of the host; commit; then drain <see cref="TryTakeEvent"/>
/// and <see cref="TryTakeFrame"/>, and wait for input or <see cref="NextDeadline"/>. Frames are taken only after the commit:
/// what a frame says to be durable is so. After a transaction that was rolled back the object is thrown away.
/// </remarks>
public sealed partial class Room
{
    /// <summary>Bytes of UTF-8 a text may have (design: one content payload of 66 KiB holds it).</summary>
    public const int MaxTextBytes = 64 * 1024;

    private readonly RoomState _state;
    private readonly LeafKeys _leaves;
    private readonly EpochTable _epochs;
    private readonly Receipts _receipts;
    private readonly BodyOpener _opener;
    private readonly Annotations _annotations;
    private readonly ReadMarks _readMarks;
    private readonly Recalls _recalls;
    private readonly EntryKeys _keys;
    private readonly MessageReader _messages;
    private readonly EntryIntake _intake;
    private readonly HoldingArea _held = new();
    private readonly Quotas _quotas;
    private readonly Replication _replication;
    private readonly FrameBuilder _frames;
    private readonly QueuedCount _queued = new();
    private readonly UnsignedEntries _unsigned = new();
    private readonly WrittenKinds _written = new();
    private DisplayName _name;
    private bool _couldWrite;
    private RoomMessage? _addedLast;

    private Room(RoomState state, DisplayName name, Action<EpochTable>? addFixedEpoch, WallTime now)
    {
        _state = state;
        _name = name;
        _leaves = LeafKeys.Open(state);
        _epochs = new EpochTable(state, _leaves);
        _receipts = new Receipts(state);
        _keys = EntryKeys.Open(state);
        _opener = new BodyOpener(_epochs, _keys);
        _annotations = new Annotations(state, _opener);
        _readMarks = new ReadMarks(state);
        _recalls = new Recalls(state);
        _messages = new MessageReader(state, _opener, _annotations, _receipts, _readMarks, _recalls, _keys);
        _receipts.Shows = ShowsByItself;
        _quotas = new Quotas(state);
        _intake = new EntryIntake(state, _quotas);
        _ahead = new AheadLog(state);
        _replication = new Replication(state, _held, _ahead, _quotas);
        _frames = new FrameBuilder(state, _receipts, _epochs, _keys);
        addFixedEpoch?.Invoke(_epochs);
        Restore(now);
        RestoreRetention();
        RestoreAhead(Instant.Origin);
        _couldWrite = CanWrite;
    }

    /// <summary>The room's id.</summary>
    public RoomId Id => _state.Id;

    /// <summary>One's own author; another one after <see cref="RoomEvent.AuthorReplaced"/>.</summary>
    public AuthorId OwnAuthor => _state.Own.Id;

    /// <summary>
    /// Whether something can be written: there is somebody to write to, one has not left, and one's own log is not just being
    /// brought back from a peer that has more of it.
    /// </summary>
    public bool CanWrite =>
        _state.Own.Log.LeftAt is null
        && _recovery is null
        && _state.Rules.CanWrite(_state.Authors, _state.Own.Log);

    /// <summary>The members, in no particular order; oneself is among them.</summary>
    public IReadOnlyList<RoomMember> Members =>
        [.. _state.Authors.All.Where(_state.Rules.IsMember).Select(MemberOf)];

    /// <summary>How many of one's own messages nobody else has been given yet.</summary>
    public int QueuedOwnMessages => _queued.Count(_state.Own.Log, _messages.SentSeq, CountQueued);

    /// <summary>What others may make this machine keep of the room.</summary>
    public RoomQuota Quota
    {
        get => _quotas.Limits;
        set => _quotas.Limits = value;
    }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline =>
        Instant.Earliest(
            Instant.Earliest(
                _quotas.NextDeadline,
                Instant.Earliest(_replication.NextDeadline, _held.NextDeadline)
            ),
            Instant.Earliest(
                Instant.Earliest(_timers.NextDeadline, _recovery?.Due),
                Instant.Earliest(_overlay?.NextDeadline, _tree?.NextDeadline)
            )
        );

    /// <summary>Opens the direct chat with another identity; makes one's own author the first time.</summary>
    public static Room OpenDirect(
        OwnIdentity self,
        DisplayName name,
        PublicIdentity other,
        IRoomStore store,
        IKeySource keys,
        IEntropy entropy,
        WallTime now
    )
    {
        var id = self.PairWith(other).DirectRoomId;
        var rules = new DirectRules(self.PeerId, other.PeerId);
        return new Room(new RoomState(id, rules, self, store, keys, entropy), name, null, now);
    }

    /// <summary>Opens an open room from what its name gives: the room id, s_0 and r, 32 bytes each.</summary>
    /// <exception cref="ArgumentException">A secret has another length.</exception>
    public static Room OpenOpen(
        OwnIdentity self,
        DisplayName name,
        RoomId id,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> rendezvous,
        IRoomStore store,
        IKeySource keys,
        IEntropy entropy,
        WallTime now
    )
    {
        if (secret.Length != Bytes32.Size || rendezvous.Length != Bytes32.Size)
        {
            throw new ArgumentException("The secrets of an open room have 32 bytes each.", nameof(secret));
        }

        var (s, r) = (secret.ToArray(), rendezvous.ToArray());
        var state = new RoomState(id, new OpenRules(), self, store, keys, entropy);
        return new Room(state, name, epochs => epochs.AddFixed(s, r), now);
    }

    /// <summary>Goes by another name from now on.</summary>
    public void Rename(DisplayName name, WallTime now)
    {
        if (!_name.Equals(name))
        {
            _name = name;
            WriteProfile(now);
        }
    }

    /// <summary>What to tell the user next.</summary>
    public bool TryTakeEvent([NotNullWhen(true)] out RoomEvent? happened) =>
        _state.TryTakeEvent(out happened);

    private int CountQueued(AuthorLog log, ulong from, ulong to) =>
        ReadLog(log, from)
            .TakeWhile(entry => entry.Seq <= to)
            .Count(entry => entry.Kind == (byte)EntryKind.Content && CountsAsQueued(entry));

    private bool CountsAsQueued(StoredEntry entry) =>
        entry.PayloadState is PayloadState.Held or PayloadState.Unopened && ShowsByItself(entry);

    private RoomMember MemberOf(AuthorLog author) =>
        new(author.Id, author.Profile!.Identity, author.Profile.Name, RoleOf(author.Id) ?? MemberRole.Member);

    private IEnumerable<StoredEntry> ReadLog(AuthorLog author, ulong from)
    {
        const int Page = 256;
        while (_state.Store.ReadRange(Id, author.Id, from, Page) is { Count: > 0 } page)
        {
            foreach (var entry in page)
            {
                yield return entry;
            }

            from = page[^1].Seq + 1;
        }
    }

    private void Restore(WallTime now)
    {
        _state.RestoreHeads();
        RestoreStatements();
        var control = _state.Store.ReadControl(Id);
        foreach (var header in control.Select(HeaderOf))
        {
            _state.Authors.Add(header.Author).ApplyControl(header);
        }

        RestoreReadMarks();
        RestoreRecalls(control.Select(HeaderOf));

        _state.Controls?.Restore(_state, control.Select(e => (HeaderOf(e), e.Signature)));
        var own = Membership.OwnAuthor.Restore(_state);
        _state.Own = own ?? Membership.OwnAuthor.Create(_state);
        SignHead();
        _quotas.Restore();
        foreach (var entry in control.OrderBy(e => new EntryPosition(e.OrderClock, e.Id)))
        {
            _epochs.Apply(HeaderOf(entry), entry.Payload.Span);
        }

        foreach (var stored in _state.Store.ReadStatements(Id, StatementKind.Have))
        {
            if (HaveStatement.TryRestore(stored.Bytes.Span, out var statement))
            {
                _receipts.Add(statement, false);
            }
        }

        _epochs.Recount();
        if (IsPrivate)
        {
            RestoreInfo();
            RestoreOwn(now);
            JoinWhenAdmitted(now);
            _wasMember = OwnRole is not null;
        }
        else if (own is null)
        {
            Join(now, default);
        }
        else
        {
            RestoreOwn(now);
        }

        foreach (var author in _state.Authors.All)
        {
            author.IsShownAsMember = _state.Rules.IsMember(author);
        }
    }

    private void RestoreStatements()
    {
        foreach (var stored in _state.Store.ReadStatements(Id, StatementKind.Profile))
        {
            if (ProfileRecord.TryParse(stored.Bytes.Span, out var profile))
            {
                _state.Authors.Add(stored.Author).Profile = profile;
            }
        }

        foreach (var stored in _state.Store.ReadStatements(Id, StatementKind.ForkProof))
        {
            _state.Authors.Add(stored.Author).ApplyFork(stored.Counter, stored.Bytes);
            _state.Authors.HasFork = true;
        }
    }

    private void RestoreOwn(WallTime now)
    {
        var own = _state.Own.Log;
        foreach (var sent in _state.Store.ReadStatements(Id, StatementKind.Sent))
        {
            _messages.SentSeq = sent.Author == own.Id ? sent.Counter : _messages.SentSeq;
        }

        // What was kept of that last can be older than what others have said meanwhile
        foreach (var author in _receipts.Authors.Where(author => author != own.Id))
        {
            if (_receipts.TryGet(author, out var statement))
            {
                NoteConfirmed(statement);
            }
        }

        RestoreCitations(own);
        _leaves.Forget(now);
        if (own.Profile is null || !own.Profile.Name.Equals(_name))
        {
            WriteProfile(now);
        }
    }

    // What was cited long ago is cited once more: it costs 32 bytes and says nothing wrong.
    private void RestoreCitations(AuthorLog own)
    {
        const int LookBack = 64;
        var from = own.HeadSeq > LookBack ? own.HeadSeq - LookBack : 1;
        foreach (var entry in _state.Store.ReadRange(Id, own.Id, from, LookBack + 1))
        {
            foreach (var head in HeaderOf(entry).Heads)
            {
                if (
                    _state.Store.Find(head) is { } cited
                    && _state.Authors.TryGet(cited.Author, out var author)
                )
                {
                    author.CitedSeq = Math.Max(author.CitedSeq, cited.Seq);
                }
            }
        }
    }

    private static EntryHeader HeaderOf(StoredEntry entry) =>
        EntryHeader.TryParse(entry.Header.Span, out var header)
            ? header
            : throw new InvalidOperationException("The store holds bytes that are no entry.");
}
