using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms;

/// <content>Private rooms: making them, admission, roles, removal.</content>
public sealed partial class Room
{
    private const string InfoSecret = "info";

    private RoomInfo _info = RoomInfo.Unknown;

    /// <summary>Whether members are admitted by others; otherwise the room is a direct chat or open.</summary>
    public bool IsPrivate => _state.Controls is not null;

    /// <summary>The title and topic of a private room.</summary>
    public RoomInfo Info => _info;

    /// <summary>What newcomers of a private room may read.</summary>
    public HistoryPolicy Policy => _state.Controls?.Set.Roll.Policy ?? HistoryPolicy.All;

    /// <summary>One's own role in a private room; null while or since one does not belong to it.</summary>
    public MemberRole? OwnRole => RoleOf(_state.Own.Id);

    /// <summary>Whether one was removed from the private room.</summary>
    public bool IsRemoved => _state.Controls?.Set.Roll.Find(_state.Own.Id)?.CutAt is not null;

    /// <summary>Whether one left.</summary>
    public bool HasLeft => _state.Own.Log.LeftAt is not null;

    /// <summary>Whether nobody is left who can admit, remove or promote.</summary>
    public bool HasLostItsAdmins =>
        _state.Controls?.Set.Roll is { } roll
        && roll.Authors.Count > 0
        && !roll.Authors.Values.Any(a => a is { IsMember: true, Role: MemberRole.Admin });

    /// <summary>One's own profile record, which asks for admission.</summary>
    public ReadOnlyMemory<byte> OwnProfile => _state.Own.Log.Profile!.Bytes;

    /// <summary>The room's rendezvous secrets: what members meet under now, and before it what who was away may still know.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Rendezvous(int count) => _epochs.Rendezvous(count);

    /// <summary>Makes a private room, whose creator one is.</summary>
    /// <exception cref="ArgumentException">The title is empty or too long, or the policy is none.</exception>
    public static Room CreatePrivate(
        OwnIdentity self,
        DisplayName name,
        string title,
        HistoryPolicy policy,
        IRoomStore store,
        IKeySource keys,
        IEntropy entropy,
        WallTime now
    )
    {
        if (title.Length == 0 || !RoomInfo.IsGood(title) || !policy.IsValid)
        {
            throw new ArgumentException(
                "A private room has a short title and one of the policies.",
                nameof(title)
            );
        }

        var (key, leaf) = (keys.NewSigningKey(), keys.NewAgreementKey());
        var blind = new Bytes32(entropy.Bytes(Bytes32.Size));
        var author = AuthorKey.IdOf(key.PublicKey);
        var control = new GenesisControl(
            key.PublicKey,
            leaf.PublicKey,
            IdentityCommitment.Of(self.PeerId, blind),
            policy,
            new Bytes32(entropy.Bytes(Bytes32.Size))
        );
        var clock = HybridClock.Next(now, 0);
        var prefix = new EntryPrefix(
            EntryKind.Genesis,
            default,
            author,
            1,
            default,
            clock,
            default,
            0,
            [],
            control.Write()
        );
        if (!EntryHeader.TryParse(prefix.Complete([]), out var header))
        {
            throw new System.Diagnostics.UnreachableException("One's own genesis keeps to the layout.");
        }

        var state = StateOf(header.OwnRoom, self, store, keys, entropy);
        Membership.OwnAuthor.Keep(state, key, blind);
        Epochs.LeafKeys.Keep(state, leaf);
        state.Append(state.Authors.Add(author), header, clock, default, AuthorKey.SignEntry(key, header.Id));
        var room = OpenPrivate(self, name, header.OwnRoom, store, keys, entropy, now);
        room.SetInfo(title, "", now);
        return room;
    }

    /// <summary>
    /// Opens a private room: one that was made or joined, or one whose admission is being asked for with <see cref="OwnProfile"/>.
    /// </summary>
    public static Room OpenPrivate(
        OwnIdentity self,
        DisplayName name,
        RoomId id,
        IRoomStore store,
        IKeySource keys,
        IEntropy entropy,
        WallTime now
    ) => new(StateOf(id, self, store, keys, entropy), name, null, now);

    /// <summary>Admits an author by its profile record; an author who was admitted before is given the same again.</summary>
    /// <returns>What to hand to it, for <see cref="TakeWelcome"/>; null when it cannot be admitted.</returns>
    public byte[]? Admit(ReadOnlySpan<byte> profile, MemberRole role, WallTime now)
    {
        if (
            _state.Controls is null
            || !ProfileRecord.TryParse(profile, out var record)
            || record.Room != Id
            || !record.Verify()
            || !TryAdmit(record, role, now)
        )
        {
            return null;
        }

        SettleControls(now);
        TellChanges();
        return Welcome();
    }

    /// <summary>The author that a profile record speaks of, where it is by this person and for this room.</summary>
    public AuthorId? AuthorOf(ReadOnlySpan<byte> profile, PeerId person) =>
        ProfileRecord.TryParse(profile, out var record)
        && record.Room == Id
        && record.Identity.PeerId == person
        && record.Verify()
            ? record.Author
            : null;

    /// <summary>Whether an author belongs to the private room already.</summary>
    public bool IsMember(AuthorId author) => _state.Controls?.Set.Roll.IsMember(author) == true;

    /// <summary>Whether an author was admitted, be it that its first entry has not come yet.</summary>
    public bool WasAdmitted(AuthorId author) =>
        _state.Controls?.Set is { } set
        && set.All.Select(r => ControlFact.Of(r.Header))
            .Any(f => f is { Kind: EntryKind.Add } && f.Target == author && set.Roll.Counts(f.Id));

    /// <summary>Whether a person is or was a member, as far as is known here.</summary>
    public bool Knows(PeerId person) =>
        _state.Authors.All.Any(a => a.Profile?.Identity.PeerId == person && a.Join is not null);

    /// <summary>Takes what an inviter hands over; false when it does not admit one to this room.</summary>
    public bool TakeWelcome(ReadOnlySpan<byte> bytes, WallTime now)
    {
        Wire.Welcome welcome;
        try
        {
            welcome = Wire.Welcome.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }

        if (_state.Controls is null)
        {
            return false;
        }

        foreach (var entry in welcome.Controls)
        {
            if (_state.Controls.Take(_state, entry.Header.Span, entry.Signature.Span, now) is not null)
            {
                return false;
            }
        }

        foreach (var bytesOf in welcome.Profiles)
        {
            if (
                ProfileRecord.TryParse(bytesOf.Span, out var profile)
                && profile.Room == Id
                && profile.Author != _state.Own.Id
                && profile.Verify()
                && _state.Authors.GetOrAdd(profile.Author) is { } author
                && !(author.Profile?.Counter >= profile.Counter)
            )
            {
                TakeProfile(author, profile, null);
            }
        }

        if (_info == RoomInfo.Unknown && RoomInfo.IsGood(welcome.Title) && RoomInfo.IsGood(welcome.Topic))
        {
            SaveInfo(new RoomInfo(welcome.Title, welcome.Topic, default));
        }

        SettleControls(now);
        TellChanges();
        return _state.Own.Log.HeadSeq > 0 && OwnRole is not null;
    }

    /// <summary>Whether one may remove, promote or demote a member.</summary>
    public bool IsOver(AuthorId target) =>
        _state.Controls?.Set.Roll.IsOver(_state.Own.Id, target) == true && target != _state.Own.Id;

    /// <summary>Removes a member. What it wrote so far stays; what is written from now on it cannot read.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsOver"/> does not hold.</exception>
    public void Remove(AuthorId target, WallTime now) => CutOff(EntryKind.Remove, target, now);

    /// <summary>Takes a member's role away, for good.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsOver"/> does not hold.</exception>
    public void Demote(AuthorId target, WallTime now) => CutOff(EntryKind.Demote, target, now);

    /// <summary>Makes a member an admin.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsOver"/> does not hold, or it was demoted.</exception>
    public void Promote(AuthorId target, WallTime now)
    {
        Demand(IsOver(target) && _state.Controls!.Set.Roll.Find(target) is { IsDemoted: false });
        var control = new PromoteControl(_state.Own.Log.LastControl, target);
        AppendOwn(EntryKind.Promote, control.Write(), now);
        AfterControl(now);
    }

    /// <summary>Whether a member was not demoted before, which is for good.</summary>
    public bool CanPromote(AuthorId target) => _state.Controls?.Set.Roll.Find(target) is { IsDemoted: false };

    /// <summary>
    /// Lets go of one's own author, which was removed or has left; the room has to be opened again, and then waits for the admission of
    /// a new one.
    /// </summary>
    public void BeginAnew()
    {
        Demand(IsRemoved || HasLeft);
        Membership.OwnAuthor.Forget(_state);
    }

    /// <summary>Sets what newcomers may read.</summary>
    /// <exception cref="InvalidOperationException">One is no admin.</exception>
    public void SetPolicy(HistoryPolicy policy, WallTime now)
    {
        Demand(OwnRole == MemberRole.Admin && policy.IsValid);
        AppendOwn(EntryKind.Policy, new PolicyControl(_state.Own.Log.LastControl, policy).Write(), now);
        AfterControl(now);
    }

    /// <summary>Sets the title and the topic.</summary>
    /// <exception cref="InvalidOperationException">One is no admin, or they are too long.</exception>
    public void SetInfo(string title, string topic, WallTime now)
    {
        Demand(OwnRole == MemberRole.Admin && RoomInfo.IsGood(title) && RoomInfo.IsGood(topic));
        WriteContent(new MessageBody.Info(title, topic).Write(), now);
        AfterControl(now);
    }

    private static RoomState StateOf(
        RoomId id,
        OwnIdentity self,
        IRoomStore store,
        IKeySource keys,
        IEntropy entropy
    )
    {
        var controls = new ControlSet(id);
        return new RoomState(id, new PrivateRules(controls), self, store, keys, entropy)
        {
            Controls = new ControlIntake(controls),
        };
    }

    private static void Demand(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("The room's rules do not allow this.");
        }
    }

    private MemberRole? RoleOf(AuthorId author) =>
        _state.Controls?.Set.Roll.Find(author) is { IsMember: true } entry ? entry.Role : null;

    private void CutOff(EntryKind kind, AuthorId target, WallTime now)
    {
        Demand(IsOver(target));
        var head = _state.Authors.TryGet(target, out var author) ? HeadOf(author) : null;
        var control = _state.Controls!.Set.LastOf(target)?.Header.Id ?? default;
        var cut = new Cut(head?.Seq ?? 0, head?.Id ?? default, control);
        AppendOwn(kind, new CutControl(_state.Own.Log.LastControl, target, cut).Write(), now);
        AfterControl(now);
        if (kind == EntryKind.Remove && CanWrite)
        {
            EpochForWriting(now); // at once: the members meet under a new r from now on
            TellChanges();
        }
    }

    private void AfterControl(WallTime now)
    {
        SettleControls(now);
        TellChanges();
    }

    private bool TryAdmit(ProfileRecord profile, MemberRole role, WallTime now)
    {
        var roll = _state.Controls!.Set.Roll;
        if (roll.Find(profile.Author) is { } known)
        {
            return known.IsMember;
        }

        if (_state.Authors.GetOrAdd(profile.Author) is not { } author || _recovery is not null)
        {
            return false;
        }

        if (!WasAdmitted(profile.Author))
        {
            var may =
                OwnRole == MemberRole.Admin || (OwnRole == MemberRole.Inviter && role < MemberRole.Admin);
            if (!may || HasLeft)
            {
                return false;
            }

            var add = new AddControl(_state.Own.Log.LastControl, profile.Author, role);
            AppendOwn(EntryKind.Add, add.Write(), now);
        }

        if (!(author.Profile?.Counter >= profile.Counter))
        {
            TakeProfile(author, profile, null);
        }

        return true;
    }

    private byte[] Welcome()
    {
        var welcome = new Wire.Welcome { Title = _info.Title, Topic = _info.Topic };
        foreach (var record in _state.Controls!.Set.All.OrderBy(r => (r.Header.Clock, r.Header.Id)))
        {
            welcome.Controls.Add(
                new Wire.Entry
                {
                    Header = ByteString.CopyFrom(record.Header.Bytes.Span),
                    Signature = ByteString.CopyFrom(record.Signature.Span),
                }
            );
        }

        foreach (var author in _state.Authors.All.Where(_state.Rules.IsMember))
        {
            welcome.Profiles.Add(ByteString.CopyFrom(author.Profile!.Bytes.Span));
        }

        return welcome.ToByteArray();
    }

    private void SaveInfo(RoomInfo info)
    {
        _info = info;
        _state.Store.WriteSecret(_state.SecretName(InfoSecret), info.Write());
        _state.Emit(new RoomEvent.RollChanged());
    }

    private void RestoreInfo() =>
        _info = _state.Store.ReadSecret(_state.SecretName(InfoSecret)) is { } stored
            ? RoomInfo.Read(stored)
            : RoomInfo.Unknown;

    // The newest of whoever is an admin when it comes.
    private void TakeInfo(StoredEntry entry, MessageBody.Info info)
    {
        var position = new EntryPosition(entry.Clock, entry.Id);
        if (
            _state.Controls?.Set.Roll.Find(entry.Author) is { Role: MemberRole.Admin } author
            && !(entry.Seq > author.CutAt)
            && position.CompareTo(_info.Position) > 0
        )
        {
            SaveInfo(new RoomInfo(info.Title, info.Topic, position));
        }
    }
}
