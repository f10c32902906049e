using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;
using PeerChat.Rooms.Sync;
using MessagesWire = PeerChat.Rooms.Messages.Wire;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms;

/// <content>Private rooms: control entries as a set, newcomers.</content>
public sealed partial class Room
{
    private const string CutOffSecret = "cut-off";

    private bool? _hasCutOff;
    private bool _wasMember;
    private int _cuts;
    private int _toldEpochs = -1;
    private ReadOnlyMemory<byte> _toldRendezvous;

    // What membership was worked out from has changed: everything that depends on it is looked at again.
    private void SettleControls(WallTime now)
    {
        if (_state.Controls is not { } controls)
        {
            return;
        }

        var hasFresh = false;
        while (controls.TryTakeFresh(out var id))
        {
            hasFresh = true;
            OweControl(controls.Set.Find(id)!);
        }

        if (hasFresh)
        {
            _epochs.Recount();
            var cuts = controls.Set.Roll.Authors.Values.Count(a => a.CutAt is not null);
            var isRewritten = cuts != _cuts;
            _cuts = cuts;
            foreach (var author in _state.Authors.All)
            {
                var wasMember = author.IsShownAsMember;
                TellMember(author, false);
                isRewritten |= author.IsShownAsMember && !wasMember && author.HeadSeq > 1;
            }

            if (isRewritten)
            {
                _state.Emit(new RoomEvent.HistoryChanged());
            }

            _state.Emit(new RoomEvent.RollChanged());
            JoinWhenAdmitted(now);
        }

        var isMember = controls.Set.Roll.IsMember(_state.Own.Id);
        if (isMember && CanWrite)
        {
            RewriteCutOff(now);
        }

        if (_wasMember && !isMember && IsRemoved)
        {
            _state.Emit(new RoomEvent.Removed());
        }

        _wasMember = isMember;
        AskForKeys();
        AnswerForKeys();
    }

    // Members get control entries with the logs; only what lies ahead of a log or on another branch is pushed to them.
    private void OweControl(ControlRecord record)
    {
        var isInLog = _state.Store.Find(record.Header.Id) is not null;
        foreach (var link in _replication.Links)
        {
            if (!isInLog || !_state.Rules.Serves(link.Peer, _state.Authors))
            {
                link.ControlsOwed.Add((record.Header.Clock, record.Header.Id));
            }
        }
    }

    // Of a forked log the control entries of every branch are judged as a set.
    private void KeepOtherBranch(ReceivedRange range, WallTime wall)
    {
        foreach (var entry in _state.Controls is null ? [] : range.Entries)
        {
            if (entry.Header.Kind != EntryKind.Content && !_state.Controls!.Set.Contains(entry.Header.Id))
            {
                _ = _state.Controls.Take(_state, entry.Header.Bytes.Span, entry.Signature.Span, wall);
            }
        }
    }

    private void JoinWhenAdmitted(WallTime now)
    {
        var own = _state.Own.Log;
        var roll = _state.Controls!.Set.Roll;
        if (own.HeadSeq > 0)
        {
            return;
        }

        var add = _state
            .Controls.Set.All.Select(r => ControlFact.Of(r.Header))
            .Where(f => f is { Kind: EntryKind.Add } && f.Target == own.Id && roll.Counts(f.Id))
            .MinBy(f => (f!.Seq, f.Id));
        if (add is not null)
        {
            Join(now, add.Id);
            SettleControls(now);
        }
    }

    private PeerMisbehaviour? HandleControlDigest(SyncLink link, ReadOnlySpan<byte> digest)
    {
        if (_state.Controls?.Set is not { } set || digest.Length != Bytes32.Size)
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        if (new Bytes32(digest) != set.Digest())
        {
            link.ControlIdsOwed ??= new Queue<EntryId>(set.All.Select(r => r.Header.Id));
        }

        return null;
    }

    private PeerMisbehaviour? HandleControlIds(SyncLink link, Wire.ControlIds body)
    {
        var bytes = body.Ids.Span;
        if (
            _state.Controls?.Set is not { } set
            || bytes.Length % Bytes32.Size != 0
            || link.ControlIdsListed.Count + (bytes.Length / Bytes32.Size) > ControlSet.MaxEntries
        )
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        for (var at = 0; at < bytes.Length; at += Bytes32.Size)
        {
            link.ControlIdsListed.Add(new EntryId(new Bytes32(bytes.Slice(at, Bytes32.Size))));
        }

        if (body.IsLast)
        {
            foreach (var record in set.All.Where(r => !link.ControlIdsListed.Contains(r.Header.Id)))
            {
                link.ControlsOwed.Add((record.Header.Clock, record.Header.Id));
            }

            link.ControlIdsListed.Clear();
        }

        return null;
    }

    private PeerMisbehaviour? HandleControl(Wire.Entry entry, WallTime wall) =>
        _state.Controls is { } controls
            ? controls.Take(_state, entry.Header.Span, entry.Signature.Span, wall)
            : PeerMisbehaviour.MalformedFrame;

    // A restored or copied profile goes on under a new author; whoever may admit does so by itself for a member's identity.
    private void ReadmitMember(SyncLink link, ProfileRecord profile, WallTime now)
    {
        if (
            _state.Controls?.Set.Roll is not { } roll
            || profile.Identity.PeerId != link.Peer
            || roll.Find(profile.Author) is not null
            || OwnRole is not (MemberRole.Admin or MemberRole.Inviter)
        )
        {
            return;
        }

        var roles = _state
            .Authors.All.Where(a => a.Profile?.Identity.PeerId == link.Peer && _state.Rules.IsMember(a))
            .Select(a => roll.Find(a.Id)!)
            .ToList();
        if (roles.Count == 0)
        {
            return;
        }

        // Not more than it had, nor than one can give; an admin's copy is an admin only if an admin says so.
        var role = roles.Max(r => r.Role);
        _ = TryAdmit(profile, role > OwnRole ? OwnRole.Value : role, now);
    }

    private void WrapForAdmitted(WallTime now)
    {
        if (_state.Controls?.Set.Roll is not { } roll || !CanWrite)
        {
            return;
        }

        var own = _state.Own;
        foreach (
            var member in _state.Authors.All.Where(a => a != own.Log && _state.Rules.IsMember(a)).ToArray()
        )
        {
            var isAdmitter = roll.Find(member.Id)!.AddedBy == own.Id;
            if (roll.Policy.Mode == HistoryMode.All)
            {
                foreach (var epoch in _epochs.LackedBy(member.Id, own.Id, isAdmitter).ToArray())
                {
                    WrapFor(member, epoch, epoch.Secret!.Generation, now);
                }
            }
            else if (
                isAdmitter
                && _epochs.TryFindUsable(out var usable)
                && !usable.Recipients.Contains(member.Id)
            )
            {
                WrapFor(member, usable, usable.HighestWrapped + 1, now);
            }
        }
    }

    private void WrapFor(AuthorLog member, Epoch epoch, uint generation, WallTime now)
    {
        var own = _state.Own;
        if (epoch.Secret!.At(generation) is not { } secret)
        {
            return;
        }

        var wrap = SecretWrap.Seal(
            _state.Keys,
            Id,
            own.Id,
            own.Log.HeadSeq + 1,
            member.Id,
            member.Leaf.Span,
            [.. secret, .. epoch.Secret.Rendezvous.Span]
        )!;
        AppendOwn(
            EntryKind.Wrap,
            new WrapControl(own.Log.LastControl, epoch.Id, generation, wrap).Write(),
            now
        );
    }

    // A new author in place of a forked one waits for its admission; so does what it has to write again.
    private void KeepCutOff(IEnumerable<(EntryId Id, MessageBody Body)> said)
    {
        var list = new MessagesWire.CutOffBodies();
        if (_state.Store.ReadSecret(_state.SecretName(CutOffSecret)) is { } earlier)
        {
            list.MergeFrom(earlier);
        }

        list.Bodies.AddRange(
            said.Select(one => new MessagesWire.CutOffBody
            {
                Entry = ByteString.CopyFrom(one.Id.Value.ToArray()),
                Body = ByteString.CopyFrom(one.Body.Write()),
            })
        );
        if (list.Bodies.Count > 0)
        {
            _state.Store.WriteSecret(_state.SecretName(CutOffSecret), list.ToByteArray());
        }

        _hasCutOff = list.Bodies.Count > 0;
    }

    private void RewriteCutOff(WallTime now)
    {
        if (_hasCutOff == false || _state.Store.ReadSecret(_state.SecretName(CutOffSecret)) is not { } kept)
        {
            _hasCutOff = false;
            return;
        }

        _hasCutOff = false;
        _state.Store.DeleteSecret(_state.SecretName(CutOffSecret));
        WriteAgain(
            MessagesWire
                .CutOffBodies.Parser.ParseFrom(kept)
                .Bodies.Select(one =>
                    (new EntryId(new Bytes32(one.Entry.Span)), MessageBody.TryParse(one.Body.Span)!)
                )
                .ToList(),
            now
        );
    }

    private void TellRendezvous()
    {
        if (!IsPrivate || _toldEpochs == _epochs.Changes)
        {
            return;
        }

        _toldEpochs = _epochs.Changes;
        if (_epochs.Rendezvous(1) is [var r] && !r.Span.SequenceEqual(_toldRendezvous.Span))
        {
            _toldRendezvous = r;
            _state.Emit(new RoomEvent.RendezvousChanged());
        }
    }
}
