using Google.Protobuf;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;

namespace PeerChat.Rooms.Sync;

/// <summary>Turns what is owed to a link into frames, the small ones first.</summary>
internal sealed partial class FrameBuilder(
    RoomState room,
    Receipts receipts,
    EpochTable epochs,
    EntryKeys keys
)
{
    /// <summary>Bytes of entries in one frame: one message of the data channel, sent within the time a chat line may wait behind it.</summary>
    public const int MaxRangeSize = 128 * 1024;

    /// <summary>Bytes a frame may have: a frame with one epoch entry of a full room.</summary>
    public const int MaxFrameSize = EntryHeader.MaxEpochPayload + EntryHeader.MaxSize + 1024;

    /// <summary>Bytes of records and statements in one frame; one statement may be larger.</summary>
    public const int MaxListSize = 64 * 1024;

    private const int EntryOverhead = 16; // tags and lengths of protobuf
    private const int Page = 128;
    private const int LeastPage = 8;

    /// <summary>The next frame for a link.</summary>
    /// <param name="link">The link.</param>
    /// <param name="writable">Whether the host would take entries now.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="ownEntries">Entries of one's own log in it.</param>
    public bool TryTake(
        SyncLink link,
        bool writable,
        out RoomFrame frame,
        out IReadOnlyList<StoredEntry> ownEntries
    )
    {
        ownEntries = [];
        var isServed = room.Rules.Serves(link.Peer, room.Authors);
        var body = TakeControlFrame(link);
        body ??= !isServed
            ? null
            : TakeSpreading(link)
                ?? TakeProfiles(link)
                ?? TakeForks(link)
                ?? TakeOwnHave(link)
                ?? TakeHaves(link)
                ?? TakeKeys(link)
                ?? TakeWants(link)
                ?? TakePayloadWants(link);
        if (body is not null)
        {
            frame = new RoomFrame(false, body.ToByteArray());
            return true;
        }

        var isOpen = writable && isServed;
        var entries = isOpen ? TakeOwnEntries(link) : null;
        var round = entries is null ? 0 : 1; // one's own entries are pushed to everybody
        if (entries is null && isOpen && TakePushed(link) is { } pushed)
        {
            (entries, round) = pushed;
        }

        entries ??= isOpen ? TakeServed(link) : null;
        if (entries is null)
        {
            frame =
                writable && isServed && TakePayloads(link) is { } payloads
                    ? new RoomFrame(true, payloads.ToByteArray())
                    : default;
            return !frame.Bytes.IsEmpty;
        }

        frame = new RoomFrame(true, Pack(entries, round).ToByteArray());
        ownEntries = entries[0].Author == room.Own.Id ? entries : [];
        return true;
    }

    private Wire.Frame Pack(List<StoredEntry> entries, int round)
    {
        var range = new Wire.EntryRange { Round = (uint)round };
        foreach (var entry in entries)
        {
            var isWithheld = IsWithheld(entry);
            var isCovered = entry.Kind == (byte)EntryKind.Content && entry != entries[^1]; // by the last one's signature
            range.Entries.Add(
                new Wire.Entry
                {
                    Header = UnsafeByteOperations.UnsafeWrap(entry.Header),
                    Payload = isWithheld ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(entry.Payload),
                    Signature = isCovered
                        ? ByteString.Empty
                        : UnsafeByteOperations.UnsafeWrap(entry.Signature),
                    Withheld = isWithheld,
                }
            );
        }

        return new Wire.Frame { Range = range };
    }

    private bool IsWithheld(StoredEntry entry) =>
        entry.Kind == (byte)EntryKind.Content
        && (
            entry.PayloadState is not (PayloadState.Held or PayloadState.Unopened)
            || (room.Authors.TryGet(entry.Author, out var author) && room.IsBlocked(author))
        );

    private static Wire.Frame? TakePayloadWants(SyncLink link)
    {
        if (link.PayloadWantsOwed.Count == 0)
        {
            return null;
        }

        var list = new Wire.PayloadWantList();
        list.Ids.AddRange(link.PayloadWantsOwed.Select(id => ByteString.CopyFrom(id.Value.ToArray())));
        link.PayloadWantsOwed.Clear();
        return new Wire.Frame { PayloadWants = list };
    }

    private Wire.Frame? TakePayloads(SyncLink link)
    {
        if (link.PayloadsServing.Count == 0)
        {
            return null;
        }

        var list = new Wire.PayloadList();
        var size = 0;
        while (size < MaxRangeSize && link.PayloadsServing.TryDequeue(out var id))
        {
            if (
                room.Store.Find(id) is { Kind: (byte)EntryKind.Content } entry
                && entry.Room == room.Id
                && !IsWithheld(entry)
                && room.Authors.TryGet(entry.Author, out var author)
                && entry.Seq <= author.LastGoodSeq
            )
            {
                list.Payloads.Add(
                    new Wire.Payload
                    {
                        Id = ByteString.CopyFrom(id.Value.ToArray()),
                        Payload_ = ByteString.CopyFrom(entry.Payload.Span),
                    }
                );
                size += entry.Payload.Length;
            }
        }

        list.Done = link.PayloadsServing.Count == 0;
        return new Wire.Frame { Payloads = list };
    }

    private Wire.Frame? TakeProfiles(SyncLink link)
    {
        var list = new Wire.ProfileList();
        var size = 0;
        while (size < MaxListSize && TryPop(link.ProfilesOwed, out var id))
        {
            if (room.Authors.TryGet(id, out var author) && author.Profile is not null)
            {
                list.Records.Add(ByteString.CopyFrom(author.Profile.Bytes.Span));
                size += author.Profile.Bytes.Length;
            }
        }

        return list.Records.Count > 0 ? new Wire.Frame { Profiles = list } : null;
    }

    private Wire.Frame? TakeForks(SyncLink link)
    {
        while (TryPop(link.ForksOwed, out var id))
        {
            if (room.Authors.TryGet(id, out var author) && !author.ForkProof.IsEmpty)
            {
                var list = new Wire.ForkList();
                list.Proofs.Add(Wire.ForkProof.Parser.ParseFrom(author.ForkProof.Span));
                return new Wire.Frame { Forks = list };
            }
        }

        return null;
    }

    private Wire.Frame? TakeOwnHave(SyncLink link)
    {
        if (!link.OwesOwnHave || !receipts.TryGet(room.Own.Id, out var statement))
        {
            return null;
        }

        link.OwesOwnHave = false;
        var list = new Wire.HaveList();
        list.Haves.Add(Pack(statement, true));
        return new Wire.Frame { Haves = list };
    }

    private Wire.Frame? TakeHaves(SyncLink link)
    {
        var list = new Wire.HaveList();
        var size = 0;
        while (size < MaxListSize && TryPop(link.HavesOwed, out var id))
        {
            if (receipts.TryGet(id, out var statement))
            {
                list.Haves.Add(Pack(statement, false));
                size += statement.Bytes.Length;
            }
        }

        return list.Haves.Count > 0 ? new Wire.Frame { Haves = list } : null;
    }

    private static Wire.Have Pack(HaveStatement statement, bool mine) =>
        new()
        {
            Statement = ByteString.CopyFrom(statement.Bytes.Span),
            Signature = ByteString.CopyFrom(statement.Signature.Span),
            Mine = mine,
        };

    private static Wire.Frame? TakeWants(SyncLink link)
    {
        if (link.WantsOwed.Count == 0)
        {
            return null;
        }

        var list = new Wire.WantList();
        foreach (var asked in link.WantsOwed)
        {
            list.Wants.Add(
                new Wire.Want
                {
                    Author = ByteString.CopyFrom(asked.Author.Value.ToArray()),
                    FromSeq = asked.Range.From,
                    ToSeq = asked.Range.To,
                    NewestFirst = asked.NewestFirst,
                    OpenEnd = asked.OpenEnd,
                }
            );
        }

        link.WantsOwed.Clear();
        return new Wire.Frame { Wants = list };
    }

    private List<StoredEntry>? TakeOwnEntries(SyncLink link)
    {
        var own = room.Own.Log;
        if (link.NextOwnSeq > own.LastGoodSeq)
        {
            return null;
        }

        var entries = ReadSigned(own, new SeqRange(link.NextOwnSeq, own.LastGoodSeq));
        link.NextOwnSeq = entries is null ? own.LastGoodSeq + 1 : entries[^1].Seq + 1;
        return entries;
    }

    private List<StoredEntry>? TakeServed(SyncLink link)
    {
        while (link.Serving.Count > 0)
        {
            var asked = link.Serving[0];
            link.Serving.RemoveAt(0);
            if (
                !room.Authors.TryGet(asked.Author, out var author)
                || asked.Range.From > author.LastGoodSeq
                || (asked.NewestFirst ? ReadFromEnd(author, asked) : ReadSigned(author, asked.Range))
                    is not { } entries
            )
            {
                continue;
            }

            if (asked.NewestFirst && entries[0].Seq > asked.Range.From)
            {
                // What was just sent vouches for the end of the next frame.
                var rest = asked.Range with
                {
                    To = entries[0].Seq - 1,
                };
                link.Serving.Insert(0, asked with { Range = rest, OpenEnd = true });
            }
            else if (!asked.NewestFirst && entries[^1].Seq < Math.Min(asked.Range.To, author.LastGoodSeq))
            {
                var rest = asked.Range with { From = entries[^1].Seq + 1 };
                link.Serving.Insert(0, asked with { Range = rest });
            }

            if (asked.Author == room.Own.Id && entries[0].Seq <= link.NextOwnSeq)
            {
                link.NextOwnSeq = Math.Max(link.NextOwnSeq, entries[^1].Seq + 1);
            }

            return entries;
        }

        return null;
    }

    // As many entries as a frame holds, ending at a signed one; past the end of the range where that is not signed. A frame
    // that was received ended at a signed entry too, so one fits between any two. Where one was taken in by halves, and the
    // other half came in another frame, two frames' worth lie between two signatures; that still fits the largest frame.
    private List<StoredEntry>? ReadSigned(AuthorLog author, SeqRange range)
    {
        var entries = new List<StoredEntry>();
        var signed = 0;
        var size = 0;
        var count = Page;
        for (var from = range.From; ; )
        {
            var page = room.Store.ReadRange(room.Id, author.Id, from, count);
            foreach (var entry in page)
            {
                size += entry.Header.Length + entry.Payload.Length + entry.Signature.Length + EntryOverhead;
                var isOver =
                    entries.Count == ReceivedRange.MaxEntries
                    || (entries.Count > 0 && size > (signed > 0 ? MaxRangeSize : MaxFrameSize))
                    || entry.Seq > author.LastGoodSeq
                    || (signed == entries.Count && entries.Count > 0 && entry.Seq > range.To);
                if (isOver)
                {
                    return Cut(entries, signed);
                }

                entries.Add(entry);
                signed = entry.Signature.IsEmpty ? signed : entries.Count;
            }

            if (page.Count < count)
            {
                return Cut(entries, signed);
            }

            // What fits beside it, going by what is read: of a page that is read in vain the next frame has to read all again.
            from = page[^1].Seq + 1;
            count = Math.Clamp((MaxRangeSize - size) * entries.Count / size, LeastPage, Page);
        }
    }

    private static List<StoredEntry>? Cut(List<StoredEntry> entries, int signed)
    {
        entries.RemoveRange(signed, entries.Count - signed);
        return signed > 0 ? entries : null;
    }

    private static bool TryPop(SortedSet<AuthorId> set, out AuthorId id)
    {
        id = set.Min;
        return set.Remove(id);
    }
}
