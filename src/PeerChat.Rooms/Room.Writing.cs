using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;

namespace PeerChat.Rooms;

/// <content>Writing to one's own log.</content>
public sealed partial class Room
{
    /// <summary>Writes a text. It goes to all links at once, and to others when they ask.</summary>
    /// <exception cref="ArgumentException">The text is empty or has more than 64 KiB of UTF-8.</exception>
    /// <exception cref="InvalidOperationException"><see cref="CanWrite"/> does not hold.</exception>
    public EntryId Post(string text, WallTime now)
    {
        return WriteBody(new MessageBody.Plain(CheckText(text)), now);
    }

    /// <summary>Leaves the room for good with this author; what was written stays.</summary>
    public void Leave(WallTime now)
    {
        if (_state.Own.Log.LeftAt is null)
        {
            AppendOwn(EntryKind.Leave, _state.Own.Log.LastControl.Value.ToArray(), now);
            SettleControls(now);
            TellChanges();
        }
    }

    private StoredEntry WriteContent(byte[] content, WallTime now)
    {
        var epoch = EpochForWriting(now);
        var generation = epoch.HighestWrapped;
        var secret = epoch.Secret!.At(generation)!;
        return AppendOwn(
            EntryKind.Content,
            default,
            now,
            epoch.Id,
            generation,
            prefix => ContentSealing.Seal(_state.Entropy, secret, prefix, content),
            content
        );
    }

    // The writer's rule (crypto.md section 5).
    private Epoch EpochForWriting(WallTime now)
    {
        if (_epochs.TryFindUsable(out var usable) && !_epochs.ShouldReplace(usable, now))
        {
            if (_state.Rules.HasEpochs)
            {
                UseLeafIn(usable, now);
            }

            return usable;
        }

        if (!_leaves.Epoch.IsZero || !_leaves.Holds(_state.Own.Log.Leaf.Span))
        {
            RenewLeaf(Bytes32.Zero, now);
        }

        var secret = _epochs.NewSecret();
        var own = _state.Own;
        var seq = own.Log.HeadSeq + 1;
        var wraps = _state
            .Authors.All.Where(_state.Rules.IsMember)
            .Select(m => SecretWrap.Seal(_state.Keys, Id, own.Id, seq, m.Id, m.Leaf.Span, secret.Wrapped)!);
        var payload = new EpochPayload([.. wraps]).Write();
        var commit = EpochSecret.CommitOf(secret.At(0)!, Id);
        var control = new EpochControl(own.Log.LastControl, commit).Write();
        var entry = AppendOwn(EntryKind.Epoch, control, now, payload: _ => payload);
        _leaves.UseIn(entry.Id.Value);
        return _epochs.TryFindUsable(out var made) && made.Id == entry.Id.Value
            ? made
            : throw new System.Diagnostics.UnreachableException("An epoch made for the members is usable.");
    }

    // An author renews its leaf at least with each epoch it writes in.
    private void UseLeafIn(Epoch epoch, WallTime now)
    {
        if (_leaves.Epoch.IsZero)
        {
            _leaves.UseIn(epoch.Id);
        }
        else if (_leaves.Epoch != epoch.Id)
        {
            RenewLeaf(epoch.Id, now);
        }
    }

    private void RenewLeaf(Bytes32 epoch, WallTime now)
    {
        var leaf = _leaves.Renew(epoch, now);
        AppendOwn(EntryKind.Key, new KeyControl(_state.Own.Log.LastControl, leaf).Write(), now);
    }

    // Each maker of an epoch gives it to members that came later; in a direct chat those are further devices.
    private void WrapForNewcomers(WallTime now)
    {
        if (IsPrivate)
        {
            WrapForAdmitted(now);
            return;
        }

        if (!_state.Rules.HasEpochs || !CanWrite)
        {
            return;
        }

        var own = _state.Own;
        foreach (var member in _state.Authors.All.Where(_state.Rules.IsMember).ToArray())
        {
            foreach (var epoch in _epochs.MissedBy(member.Id, own.Id).ToArray())
            {
                var secret = epoch.Secret!;
                var wrap = SecretWrap.Seal(
                    _state.Keys,
                    Id,
                    own.Id,
                    own.Log.HeadSeq + 1,
                    member.Id,
                    member.Leaf.Span,
                    secret.Wrapped
                )!;
                var control = new WrapControl(own.Log.LastControl, epoch.Id, secret.Generation, wrap);
                AppendOwn(EntryKind.Wrap, control.Write(), now);
            }
        }
    }

    private StoredEntry AppendOwn(
        EntryKind kind,
        ReadOnlyMemory<byte> control,
        WallTime now,
        Bytes32 epoch = default,
        uint generation = 0,
        Func<EntryPrefix, byte[]>? payload = null,
        byte[]? content = null
    )
    {
        var own = _state.Own;
        var cited = kind == EntryKind.Join ? [] : Uncited();
        var prefix = new EntryPrefix(
            kind,
            Id,
            own.Id,
            own.Log.HeadSeq + 1,
            own.Log.HeadId,
            HybridClock.Next(now, _state.GreatestClock),
            epoch,
            generation,
            [.. cited.Select(a => a.HeadId).Order()],
            control
        );
        var bytes = payload?.Invoke(prefix) ?? [];
        if (!EntryHeader.TryParse(prefix.Complete(bytes), out var header))
        {
            throw new System.Diagnostics.UnreachableException("One's own entries keep to the layout.");
        }

        var signature = _unsigned.MayWait(header, bytes.Length, SignsAtTurnEnd)
            ? []
            : AuthorKey.SignEntry(own.Key, header.Id);
        var entry = _state.Append(own.Log, header, header.Clock, bytes, signature);
        foreach (var author in cited)
        {
            author.CitedSeq = author.HeadSeq;
        }

        if (content is not null && _opener.Keep(entry, content) is { } body)
        {
            _written.Note(own.Id, entry.Seq, IsShown(body));
        }

        SpreadOwn(entry);
        HandleStored(entry, header, own.Log, isNew: true);
        return entry;
    }

    /// <summary>Signs what was written since the last commit, with one signature behind it (<see cref="SignsAtTurnEnd"/>).</summary>
    public void SignWritten()
    {
        if (_unsigned.Take() is { } last)
        {
            _state.Store.SetSignature(last, AuthorKey.SignEntry(_state.Own.Key, last));
        }
    }

    // Who was blocked, or whatever else closed the chat, in the very turn in which it was written to
    private void SignHead()
    {
        var own = _state.Own;
        if (
            own.Log.HeadSeq > 0
            && _state.Store.ReadRange(Id, own.Id, own.Log.HeadSeq, 1) is [{ Signature.IsEmpty: true } head]
        )
        {
            _state.Store.SetSignature(head.Id, AuthorKey.SignEntry(own.Key, head.Id));
        }
    }

    // The newest entries of others that no own entry cites; more than a header holds wait for the next one.
    private AuthorLog[] Uncited() =>
        [
            .. _state
                .Authors.All.Where(a => a != _state.Own.Log && a.HeadSeq > a.CitedSeq && a.ForkedAt is null)
                .OrderByDescending(a => a.HeadOrderClock)
                .Take(EntryHeader.MaxHeads),
        ];

    private void Join(WallTime now, EntryId add)
    {
        var own = _state.Own;
        var leaf = _leaves.Renew(Bytes32.Zero, now);
        var commit = IdentityCommitment.Of(_state.Self.PeerId, own.Blind);
        AppendOwn(EntryKind.Join, new JoinControl(own.Key.PublicKey, leaf, commit, add).Write(), now);
        _messages.SentSeq = 0;
        WriteProfile(now);
    }

    private void WriteProfile(WallTime now)
    {
        var own = _state.Own;
        var counter = NextCounter(own.Log.Profile?.Counter, now);
        var profile = ProfileRecord.Create(_state.Self, _name, Id, own.Key, own.Blind, counter);
        TakeProfile(own.Log, profile, null);
    }

    // Counters follow the wall clock, so that they go on rising where the store was rolled back.
    private static ulong NextCounter(ulong? last, WallTime now) =>
        Math.Max((last ?? 0) + 1, (ulong)Math.Max(0, now.UnixMilliseconds));

    // One's own key signed two entries at one place, which a store brought back from a copy does. The key is spent; a new
    // author goes on, and writes again what the others no longer count.
    private void ReplaceOwnAuthor(WallTime now)
    {
        SignWritten(); // with the old author's key
        var old = _state.Own.Log;
        var said = ReadLog(old, old.ForkedAt!.Value)
            .Select(entry => (entry.Id, Body: _opener.TryOpen(entry)!))
            .Where(one => one.Body is not null and not MessageBody.ReadMark)
            .ToArray();
        _state.Own = Membership.OwnAuthor.Create(_state);
        _recovery = null;
        if (IsPrivate)
        {
            KeepCutOff(said);
            said = [];
            WriteProfile(now); // asks for the admission; the join follows it
        }
        else
        {
            Join(now, default);
        }

        foreach (var link in _replication.Links)
        {
            link.NextOwnSeq = 1;
        }

        _state.Emit(new RoomEvent.AuthorReplaced(old.Id, _state.Own.Id));
        WriteAgain(CanWrite ? said : [], now);
    }

    private void WriteAgain(IEnumerable<(EntryId Id, MessageBody Body)> said, WallTime now)
    {
        var written = new Dictionary<EntryId, EntryId>();
        foreach (var (id, body) in said)
        {
            written[id] = WriteBody(WithNewTarget(body, written), now);
        }
    }

    // What was said about a message that was written again is said about its new entry.
    private static MessageBody WithNewTarget(MessageBody body, Dictionary<EntryId, EntryId> written) =>
        body switch
        {
            MessageBody.Reply reply => reply with
            {
                Target = written.GetValueOrDefault(reply.Target, reply.Target),
            },
            MessageBody.Edit edit => edit with
            {
                Target = written.GetValueOrDefault(edit.Target, edit.Target),
            },
            MessageBody.Reaction reaction => reaction with
            {
                Target = written.GetValueOrDefault(reaction.Target, reaction.Target),
            },
            _ => body,
        };
}
