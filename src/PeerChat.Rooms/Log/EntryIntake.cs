using PeerChat.Primitives;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Log;

/// <summary>Judges received ranges and stores what is good (crypto.md section 3).</summary>
internal sealed class EntryIntake(RoomState room, Quotas quotas)
{
    /// <summary>Stores as much of a range as can be stored now.</summary>
    /// <param name="range">The range.</param>
    /// <param name="now">When it came.</param>
    /// <param name="wall">What clocks are compared with.</param>
    /// <param name="passMissingHeads">Whether heads that nobody delivers are let pass; see <see cref="HoldingArea.ForkPatience"/>.</param>
    /// <param name="isVouched">Whether a verified entry names the last one as its predecessor.</param>
    public IntakeResult Take(
        ReceivedRange range,
        Instant now,
        WallTime wall,
        bool passMissingHeads,
        bool isVouched
    )
    {
        var stored = new List<(StoredEntry, EntryHeader)>();
        if (!room.Authors.TryGet(range.Author, out var author) || author.Profile is null)
        {
            return new IntakeResult(IntakeOutcome.UnknownAuthor, stored);
        }

        var conflict = FindConflict(author, range);
        if (conflict is null && range.Last.Seq <= author.HeadSeq)
        {
            KeepSignature(author, range);
            return new IntakeResult(IntakeOutcome.Done, stored);
        }

        if (range.IsOpenEnded && (conflict is not null || !isVouched))
        {
            // What contradicts the log proves nothing without a signature.
            return new IntakeResult(conflict is null ? IntakeOutcome.Unvouched : IntakeOutcome.Done, stored);
        }

        if (!range.Verify(author.Key.Span))
        {
            return Malformed(PeerMisbehaviour.BadSignature, stored);
        }

        if (conflict is { } seq)
        {
            // Without a signature over our own branch nothing can be proven; what came first stays.
            return author.ForkedAt <= seq || Prove(author, seq, range) is not { } proof
                ? new IntakeResult(IntakeOutcome.Done, stored)
                : new IntakeResult(IntakeOutcome.Forked, stored) { Proof = proof };
        }

        if (range.First.Seq > author.HeadSeq + 1)
        {
            return new IntakeResult(IntakeOutcome.Gap, stored);
        }

        foreach (var entry in range.Entries)
        {
            if (entry.Header.Seq <= author.HeadSeq)
            {
                continue;
            }

            if (entry.Header.Seq >= author.ForkedAt)
            {
                break;
            }

            if (
                Obstacle(author, entry.Header, wall, passMissingHeads, out var orderClock, out var missing) is
                { } outcome
            )
            {
                return new IntakeResult(outcome, stored)
                {
                    Reason = PeerMisbehaviour.MalformedEntry,
                    Clock = entry.Header.Clock,
                    Missing = missing,
                };
            }

            var size = entry.Header.Bytes.Length + entry.Payload.Length;
            if (quotas.Check(author, entry.Header, size, now, wall) is not null)
            {
                return new IntakeResult(IntakeOutcome.Quota, stored);
            }

            if (entry.Header.Kind == EntryKind.Content)
            {
                quotas.Add(author, 1, size);
            }

            stored.Add(
                (
                    room.Append(
                        author,
                        entry.Header,
                        orderClock,
                        entry.Payload,
                        entry.Signature,
                        entry.IsWithheld ? PayloadState.Missing : PayloadState.Held
                    ),
                    entry.Header
                )
            );
        }

        return new IntakeResult(IntakeOutcome.Done, stored);
    }

    private static IntakeResult Malformed(
        PeerMisbehaviour reason,
        IReadOnlyList<(StoredEntry, EntryHeader)> stored
    ) => new(IntakeOutcome.Malformed, stored) { Reason = reason };

    private IntakeOutcome? Obstacle(
        AuthorLog author,
        EntryHeader header,
        WallTime now,
        bool passMissingHeads,
        out ulong orderClock,
        out EntryId missing
    )
    {
        missing = default;
        orderClock = header.Clock;
        if (
            header.Clock <= author.HeadClock
            || (header.Kind != EntryKind.Content && header.PreviousControl != author.LastControl)
        )
        {
            return IntakeOutcome.Malformed;
        }

        if (
            header.Kind is EntryKind.Join or EntryKind.Genesis
            && (JoinOf(header) is not { } join || !author.Profile!.Opens(join))
        )
        {
            return IntakeOutcome.UnknownAuthor; // claims to be somebody whom its join does not name
        }

        if (HybridClock.IsTooFarAhead(header.Clock, now))
        {
            return IntakeOutcome.FutureClock;
        }

        orderClock = Math.Max(orderClock, author.HeadOrderClock + 1);
        foreach (var head in header.Heads)
        {
            if (room.Store.Find(head) is { } parent && parent.Room == room.Id)
            {
                orderClock = Math.Max(orderClock, parent.OrderClock + 1);
            }
            else if (!passMissingHeads)
            {
                missing = head;
                return IntakeOutcome.MissingHead;
            }
        }

        return null;
    }

    private static JoinControl? JoinOf(EntryHeader header) =>
        header.Kind == EntryKind.Join
            ? JoinControl.TryParse(header.Control.Span, out var join)
                ? join
                : null
            : GenesisControl.TryParse(header.Control.Span, out var genesis)
                ? genesis.AsJoin()
                : null;

    // An entry that was inside of a range is known without its signature, and nothing can be passed on that ends with it.
    private void KeepSignature(AuthorLog author, ReceivedRange range)
    {
        if (
            !range.IsOpenEnded
            && room.Store.Find(range.Last.Id) is { Signature.IsEmpty: true }
            && range.Verify(author.Key.Span)
        )
        {
            room.Store.SetSignature(range.Last.Id, range.Entries[^1].Signature);
        }
    }

    // The least seq at which the range and the log name different ids.
    private ulong? FindConflict(AuthorLog author, ReceivedRange range)
    {
        if (range.First.Seq == author.HeadSeq + 1)
        {
            return author.HeadSeq > 0 && range.First.Previous != author.HeadId ? author.HeadSeq : null;
        }

        if (range.First.Seq > author.HeadSeq)
        {
            return null;
        }

        // Where it names the log's last entry, it names all before it.
        if (
            range.Last.Seq >= author.HeadSeq
            && range.Entries[(int)(author.HeadSeq - range.First.Seq)].Header.Id == author.HeadId
        )
        {
            return null;
        }

        var known = room.Store.ReadRange(room.Id, author.Id, range.First.Seq, range.Entries.Count);
        for (var i = 0; i < known.Count && i < range.Entries.Count; i++)
        {
            if (known[i].Id != range.Entries[i].Header.Id)
            {
                return known[i].Seq;
            }
        }

        return null;
    }

    private ForkProof? Prove(AuthorLog author, ulong seq, ReceivedRange range)
    {
        var ours = new List<StoredEntry>();
        foreach (var entry in room.Store.ReadRange(room.Id, author.Id, seq, ReceivedRange.MaxEntries))
        {
            ours.Add(entry);
            if (!entry.Signature.IsEmpty)
            {
                break;
            }
        }

        return ours.Count == 0 || ours[^1].Signature.IsEmpty
            ? null
            : ForkProof.Create(
                author.Id,
                seq,
                ours.Select(e => e.Header),
                ours[^1].Signature.Span,
                range.Entries.Where(e => e.Header.Seq >= seq).Select(e => e.Header.Bytes),
                range.Entries[^1].Signature.Span
            );
    }
}
