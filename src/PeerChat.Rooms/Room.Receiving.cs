using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Sync;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms;

/// <content>Frames in.</content>
public sealed partial class Room
{
    private bool _sentIsStale;
    private ulong _recoveredSeq;

    /// <summary>Takes in a frame. Frames of an unknown or ended link are dropped: they may have been under way.</summary>
    public void HandleFrame(int link, ReadOnlySpan<byte> frame, Instant now, WallTime wall)
    {
        if (_replication.Find(link) is not { } from)
        {
            return;
        }

        if (TryParse(frame, out var body))
        {
            Handle(from, body, now, wall);
        }
        else
        {
            Misbehave(from, PeerMisbehaviour.MalformedFrame, now);
        }

        Settle(now, wall);
    }

    private static bool TryParse(ReadOnlySpan<byte> frame, out Wire.Frame body)
    {
        body = new Wire.Frame();
        if (frame.Length > FrameBuilder.MaxFrameSize)
        {
            return false;
        }

        try
        {
            body.MergeFrom(frame);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private void Handle(SyncLink link, Wire.Frame body, Instant now, WallTime wall)
    {
        switch (body.BodyCase)
        {
            case Wire.Frame.BodyOneofCase.Profiles:
                HandleAll(link, body.Profiles.Records, r => HandleProfile(link, r.Span, now, wall), now);
                break;
            case Wire.Frame.BodyOneofCase.Haves:
                HandleAll(link, body.Haves.Haves, h => HandleHave(link, h, now), now);
                break;
            case Wire.Frame.BodyOneofCase.Wants:
                HandleAll(link, body.Wants.Wants, w => HandleWant(link, w), now);
                break;
            case Wire.Frame.BodyOneofCase.Range:
                HandleRange(link, body.Range, now, wall);
                break;
            case Wire.Frame.BodyOneofCase.Forks:
                HandleAll(link, body.Forks.Proofs, p => HandleFork(p, wall), now);
                break;
            case Wire.Frame.BodyOneofCase.PayloadWants
                when HandlePayloadWants(link, body.PayloadWants) is { } reason:
                Misbehave(link, reason, now);
                break;
            case Wire.Frame.BodyOneofCase.Payloads:
                HandlePayloads(link, body.Payloads, now);
                break;
            case Wire.Frame.BodyOneofCase.ControlDigest:
                HandleAll(link, [body.ControlDigest], d => HandleControlDigest(link, d.Span), now);
                break;
            case Wire.Frame.BodyOneofCase.ControlIds:
                HandleAll(link, [body.ControlIds], ids => HandleControlIds(link, ids), now);
                break;
            case Wire.Frame.BodyOneofCase.Controls:
                HandleAll(link, body.Controls.Entries, e => HandleControl(e, wall), now);
                break;
            case Wire.Frame.BodyOneofCase.EntryKeyRequest:
                HandleAll(link, [body.EntryKeyRequest], request => HandleKeyRequest(link, request), now);
                break;
            case Wire.Frame.BodyOneofCase.EntryKeys:
                HandleAll(link, [body.EntryKeys], list => HandleKeys(link, list), now);
                break;
            case Wire.Frame.BodyOneofCase.Overlay:
                HandleAll(link, [body.Overlay], o => HandleOverlay(link, o, now), now);
                break;
            case Wire.Frame.BodyOneofCase.Announced:
                HandleAll(link, [body.Announced], a => HandleAnnounced(link, a, now), now);
                break;
            case Wire.Frame.BodyOneofCase.Pulled:
                HandleAll(link, [body.Pulled], p => HandlePulled(link, p), now);
                break;
            case Wire.Frame.BodyOneofCase.Tree:
                HandleAll(link, [body.Tree], t => HandleTree(link, t), now);
                break;
            default:
                break; // of a later version
        }
    }

    private void HandleAll<T>(
        SyncLink link,
        IEnumerable<T> items,
        Func<T, PeerMisbehaviour?> handle,
        Instant now
    )
    {
        foreach (var item in items)
        {
            if (handle(item) is { } reason)
            {
                Misbehave(link, reason, now);
                return;
            }
        }
    }

    private PeerMisbehaviour? HandleProfile(
        SyncLink link,
        ReadOnlySpan<byte> record,
        Instant now,
        WallTime wall
    )
    {
        if (IsKnownProfile(record))
        {
            return null;
        }

        if (!ProfileRecord.TryParse(record, out var profile) || profile.Room != Id)
        {
            return PeerMisbehaviour.BadProfile;
        }

        _state.Authors.TryGet(profile.Author, out var known);
        if (
            profile.Author == _state.Own.Id
            || known?.Profile?.Counter >= profile.Counter
            || !_state.Rules.Admits(profile.Identity.PeerId)
        )
        {
            return null;
        }

        if (!profile.Verify())
        {
            return PeerMisbehaviour.BadProfile;
        }

        if (_state.Authors.GetOrAdd(profile.Author) is { } author)
        {
            TakeProfile(author, profile, link);
            ReadmitMember(link, profile, wall);
            _replication.Reconsider(author.Id, now);
        }

        return null;
    }

    // A new link sends all that it has; most of it is here already and need not be checked again.
    private bool IsKnownProfile(ReadOnlySpan<byte> record)
    {
        const int KeyEnd = Bytes32.Size + P256.PointSize;
        return record.Length > KeyEnd
            && _state.Authors.TryGet(AuthorKey.IdOf(record[Bytes32.Size..KeyEnd].ToArray()), out var known)
            && known.Profile is not null
            && known.Profile.Bytes.Span.SequenceEqual(record);
    }

    private void TakeProfile(AuthorLog author, ProfileRecord profile, SyncLink? from)
    {
        var isRenamed = author.Profile is { } old && !old.Name.Equals(profile.Name);
        if (author.Profile is null)
        {
            _quotas.Forget(profile.Identity.PeerId);
        }

        author.Profile = profile;
        _state.Store.WriteStatement(Id, StatementKind.Profile, author.Id, profile.Counter, profile.Bytes);
        foreach (var link in _replication.Links.Where(l => l != from))
        {
            link.ProfilesOwed.Add(author.Id);
        }

        TellMember(author, isRenamed);
    }

    private PeerMisbehaviour? HandleHave(SyncLink link, Wire.Have have, Instant now)
    {
        if (
            !HaveStatement.TryParse(have.Statement.Span, have.Signature.Span, out var statement)
            || statement.Room != Id
        )
        {
            return PeerMisbehaviour.BadStatement;
        }

        if (
            statement.Author == _state.Own.Id
            || !_state.Authors.TryGet(statement.Author, out var author)
            || author.Profile is null
        )
        {
            return null;
        }

        if (have.Mine && author.Profile.Identity.PeerId != link.Peer)
        {
            return PeerMisbehaviour.BadStatement;
        }

        var isNews = _receipts.IsNews(statement);
        if (isNews || have.Mine)
        {
            var isKnown =
                _receipts.TryGet(statement.Author, out var known)
                && known.Bytes.Span.SequenceEqual(statement.Bytes.Span);
            if (!isKnown && !statement.Verify(author.Key.Span))
            {
                return PeerMisbehaviour.BadStatement;
            }
        }

        if (isNews)
        {
            _receipts.Add(statement, true);
            _state.Store.WriteStatement(
                Id,
                StatementKind.Have,
                statement.Author,
                statement.Counter,
                statement.Stored
            );
            NoteConfirmed(statement);
            OweRelay(statement.Author, link.Id, now);
        }

        if (have.Mine)
        {
            HandlePeerHas(link, statement, now);
        }

        return null;
    }

    // What somebody else has went out, whichever way it came there: over a link of another's, or by hand
    private void NoteConfirmed(HaveStatement statement)
    {
        if (
            statement.Heads.TryGetValue(_state.Own.Id, out var head)
            && head.Seq > _messages.SentSeq
            && head.Seq <= _state.Own.Log.HeadSeq
        )
        {
            _messages.SentSeq = head.Seq;
            _sentIsStale = true;
            _queued.Forget();
        }
    }

    private void HandlePeerHas(SyncLink link, HaveStatement statement, Instant now)
    {
        var before = new Dictionary<AuthorId, LogHead>(link.Known);
        link.Known.Clear();
        foreach (var (of, head) in statement.Heads)
        {
            link.Known[of] = head;
            if (
                _state.Authors.TryGet(of, out var author)
                && before.GetValueOrDefault(of) != head
                && IsAtOddsWith(author, head)
            )
            {
                // Not a proof: the statement is the peer's. The entries that it has are one, if they hold.
                link.Want(new Asked(of, new SeqRange(head.Seq, head.Seq)));
            }

            _replication.Reconsider(of, now);
        }

        if (
            statement.Heads.TryGetValue(_state.Own.Id, out var own)
            && own.Seq > _state.Own.Log.HeadSeq
            && _recovery is null
            && !link.IsDoubted
        )
        {
            _recovery = new OwnLogRecovery(link.Id, own.Seq, now + OwnLogRecovery.Patience);
        }
    }

    private bool IsAtOddsWith(AuthorLog author, LogHead head)
    {
        if (author.ForkedAt is not null || head.Seq > author.HeadSeq)
        {
            return false;
        }

        if (head.Seq == author.HeadSeq)
        {
            return head.Id != author.HeadId;
        }

        var here = _state.Store.ReadRange(Id, author.Id, head.Seq, 1);
        return here.Count == 1 && here[0].Seq == head.Seq && here[0].Id != head.Id;
    }

    private PeerMisbehaviour? HandleWant(SyncLink link, Wire.Want want)
    {
        if (want.Author.Length != Bytes32.Size || want.FromSeq == 0 || want.FromSeq > want.ToSeq)
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        // Authors that are not here cannot be asked for.
        var author = new AuthorId(new Bytes32(want.Author.Span));
        if (_state.Authors.TryGet(author, out _))
        {
            link.Serve(
                new Asked(author, new SeqRange(want.FromSeq, want.ToSeq), want.NewestFirst, want.OpenEnd)
            );
        }

        return null;
    }

    private PeerMisbehaviour? HandleFork(Wire.ForkProof body, WallTime wall)
    {
        if (!ForkProof.TryParse(body, out var proof))
        {
            return PeerMisbehaviour.BadForkProof;
        }

        if (
            !_state.Authors.TryGet(proof.Author, out var author)
            || author.Key.IsEmpty
            || author.ForkedAt <= proof.Seq
        )
        {
            return null;
        }

        if (!proof.Verify(Id, author.Key.Span))
        {
            return PeerMisbehaviour.BadForkProof;
        }

        TakeFork(author, proof, wall);
        return null;
    }

    private void TakeFork(AuthorLog author, ForkProof proof, WallTime wall)
    {
        var bytes = proof.Body.ToByteArray();
        if (!author.ApplyFork(proof.Seq, bytes))
        {
            return;
        }

        _state.Authors.HasFork = true;
        _ahead.Drop(author.Id, proof.Seq);
        _state.Store.WriteStatement(Id, StatementKind.ForkProof, author.Id, proof.Seq, bytes);
        foreach (var link in _replication.Links)
        {
            link.ForksOwed.Add(author.Id);
        }

        _state.Emit(new RoomEvent.AuthorForked(author.Id));
        foreach (var entry in ReadLog(author, proof.Seq))
        {
            if (entry.Kind == (byte)EntryKind.Content)
            {
                _state.Emit(new RoomEvent.MessageHidden(entry.Id));
            }
        }

        _haveIsStale = true;
        _haveIsOwed = true;
        if (author == _state.Own.Log)
        {
            ReplaceOwnAuthor(wall);
        }
    }

    private void HandleRange(SyncLink link, Wire.EntryRange body, Instant now, WallTime wall)
    {
        if (!ReceivedRange.TryParse(body, Id, out var range, out var reason))
        {
            Misbehave(link, reason, now);
            return;
        }

        Replication.NoteKnown(link, range.Author, new LogHead(range.Last.Seq, range.Last.Id));
        var result = Take(range, link.Id, false, now, wall);
        var isAsked = _replication.MayEndUnsigned(link.Id, range.Author, range.Last.Seq);
        _replication.NoteArrived(link.Id, range.Author, range.First.Seq, range.Last.Seq, now);
        if (result.IsNotYet)
        {
            _held.Add(Held(range, link.Id, now, result, now, wall) with { IsAsked = isAsked });
        }

        if (result.Outcome == IntakeOutcome.Unvouched && !isAsked)
        {
            _replication.NoteUseless(link.Id, range.Author);
        }

        Spread(link, range, body.Round, result, now);

        _replication.Reconsider(range.Author, now);
    }

    private static HeldRange Held(
        ReceivedRange range,
        int link,
        Instant since,
        IntakeResult result,
        Instant now,
        WallTime wall
    )
    {
        Instant? retryAt = result.Outcome switch
        {
            IntakeOutcome.FutureClock => now
                + (HybridClock.ToWall(result.Clock) - (wall + HybridClock.MaxAhead))
                + TimeSpan.FromMilliseconds(1),
            IntakeOutcome.MissingHead => since + HoldingArea.ForkPatience,
            _ => null,
        };
        return new HeldRange(range, link, since, result.Outcome, retryAt > now ? retryAt : null);
    }

    private IntakeResult Take(
        ReceivedRange range,
        int linkId,
        bool passMissingHeads,
        Instant now,
        WallTime wall
    )
    {
        var result = _intake.Take(range, now, wall, passMissingHeads, IsVouched(range));
        if (result.Outcome == IntakeOutcome.Gap && TryKeepAhead(range, linkId, now, wall))
        {
            result = result with { Outcome = IntakeOutcome.Done };
        }

        if (result.Stored.Count > 0 && _state.Authors.TryGet(range.Author, out var author))
        {
            foreach (var (entry, header) in result.Stored)
            {
                HandleStored(entry, header, author);
            }

            _haveIsOwed = true;
            if (_state.IsOwn(author))
            {
                _receipts.Reconfirm(author);
            }
        }

        if (result.Outcome is IntakeOutcome.Forked or IntakeOutcome.Done)
        {
            KeepOtherBranch(range, wall);
        }

        if (result.Outcome == IntakeOutcome.Malformed && _replication.Find(linkId) is { } link)
        {
            Misbehave(link, result.Reason, now);
        }
        else if (result.Proof is { } proof && _state.Authors.TryGet(proof.Author, out var forked))
        {
            TakeFork(forked, proof, wall);
        }

        return result;
    }

    // Of what was written this moment nothing can be said yet: its id was not known before
    private void HandleStored(StoredEntry entry, EntryHeader header, AuthorLog author, bool isNew = false)
    {
        _haveIsStale = true;
        _epochs.Apply(header, entry.Payload.Span);
        if (header.Kind == EntryKind.Content)
        {
            HandleContent(entry, header, author, isNew);
        }
        else if (header.Kind == EntryKind.Recall)
        {
            HandleRecall(header, author);
        }

        if (header.Kind is EntryKind.Join or EntryKind.Leave)
        {
            TellMember(author, false);
        }
        else if (header.Kind == EntryKind.Genesis)
        {
            TellMember(author, false);
        }
        else if (header.Kind > EntryKind.Leave)
        {
            _state.Emit(new RoomEvent.NewerVersionNeeded(author.Id));
        }
    }

    private void Settle(Instant now, WallTime wall)
    {
        RetryHeld(now, wall);
        TakeAhead(now, wall);
        TellAhead(now);
        if (_recovery is { } recovery)
        {
            FollowRecovery(recovery, now);
        }

        SettleControls(wall);
        WrapForNewcomers(wall);
        SettleControls(wall);
        if (_sentIsStale && _timers[RoomTimer.Sent] is null)
        {
            _timers.Set(RoomTimer.Sent, now + SentInterval);
        }

        _quotas.Save();
        TellMissing();
        AskAllForPayloads(now);
        _spreadNow = now;
        PumpOverlay();
        if (!StatesAtTurnEnd)
        {
            StateReceived(now, wall);
        }

        TellChanges();
    }

    private void FollowRecovery(OwnLogRecovery recovery, Instant now)
    {
        var head = _state.Own.Log.HeadSeq;
        if (head >= recovery.Seq)
        {
            _recovery = null;
        }
        else if (head > _recoveredSeq)
        {
            _recovery = recovery with { Due = now + OwnLogRecovery.Patience };
        }

        _recoveredSeq = head;
    }

    private void RetryHeld(Instant now, WallTime wall)
    {
        for (var isMoving = _held.All.Count > 0; isMoving; )
        {
            isMoving = false;
            foreach (var held in _held.All.ToArray())
            {
                var passes =
                    (_state.Authors.HasFork || _quotas.HoldsBack)
                    && held.Outcome == IntakeOutcome.MissingHead
                    && now - held.Since >= HoldingArea.ForkPatience;
                var result = Take(held.Range, held.Link, passes, now, wall);
                isMoving |= result.Stored.Count > 0;
                if (result.Outcome == IntakeOutcome.Unvouched && IsContradicted(held.Range))
                {
                    _held.Remove(held);
                    _replication.NoteUseless(held.Link, held.Range.Author);
                    _replication.Reconsider(held.Range.Author, now);
                }
                else if (result.IsNotYet)
                {
                    var again = Held(held.Range, held.Link, held.Since, result, now, wall);
                    _held.Replace(held, again with { IsTold = held.IsTold, IsAsked = held.IsAsked });
                }
                else
                {
                    _held.Remove(held);
                    _replication.Reconsider(held.Range.Author, now);
                }

                if (result.Stored.Count > 0)
                {
                    _replication.Reconsider(held.Range.Author, now);
                }
            }
        }
    }

    private void TellMember(AuthorLog author, bool isRenamed)
    {
        var isMember = author.Profile is not null && _state.Rules.IsMember(author);
        if (isMember != author.IsShownAsMember || (isMember && isRenamed))
        {
            author.IsShownAsMember = isMember;
            _state.Emit(new RoomEvent.MemberChanged(MemberOf(author), isMember));
        }
    }

    private void TellChanges()
    {
        TellRendezvous();
        if (_epochs.TakeBecameReadable())
        {
            OpenUnopened();
            _state.Emit(new RoomEvent.HistoryChanged());
        }

        if (CanWrite != _couldWrite)
        {
            _couldWrite = CanWrite;
            _state.Emit(new RoomEvent.CanWriteChanged(_couldWrite));
        }
    }
}
