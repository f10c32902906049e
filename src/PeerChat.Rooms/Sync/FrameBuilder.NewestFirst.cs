using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Sync;

/// <content>Frames of what is asked for newest first.</content>
internal sealed partial class FrameBuilder
{
    private const int Sample = 16; // entries that say how large the others will be

    // The last frame of the range. It ends at to_seq where something vouches for that, else at a signed entry, if need be behind it; it
    // begins behind a signed one where it can, so that whoever has it has signatures where we have them, and gives it on in such frames.
    private List<StoredEntry>? ReadFromEnd(AuthorLog author, Asked asked)
    {
        var to = Math.Min(asked.Range.To, author.LastGoodSeq);
        if (!(asked.OpenEnd && to == asked.Range.To) && SignedAt(author, asked.Range.From, to) is var end)
        {
            if (end == 0)
            {
                return null;
            }

            to = end;
        }

        var from = asked.Range.From;
        var sample = Read(author, Least(from, to, Sample), to);
        if (sample.Count == 0)
        {
            return null;
        }

        var count = Math.Clamp(
            (MaxRangeSize / (sample.Sum(SizeOf) / sample.Count)) + 1,
            LeastPage,
            ReceivedRange.MaxEntries
        );
        var entries = count > sample.Count ? Read(author, Least(from, to, count), to) : sample;
        var first = entries.Count - 1;
        for (var size = SizeOf(entries[first]); first > 0; first--)
        {
            size += SizeOf(entries[first - 1]);
            if (size > MaxRangeSize || entries.Count - first >= ReceivedRange.MaxEntries)
            {
                break;
            }
        }

        if (entries[first].Seq > from)
        {
            for (var at = first; at < entries.Count; at++)
            {
                if (at > 0 && !entries[at - 1].Signature.IsEmpty)
                {
                    first = at;
                    break;
                }
            }
        }

        return entries.GetRange(first, entries.Count - first);
    }

    // The first signed entry from a seq on that a frame can end at; else the last one before it; 0 where there is none.
    private ulong SignedAt(AuthorLog author, ulong from, ulong to)
    {
        foreach (var entry in room.Store.ReadRange(room.Id, author.Id, to, ReceivedRange.MaxEntries))
        {
            if (!entry.Signature.IsEmpty && entry.Seq <= author.LastGoodSeq)
            {
                return entry.Seq;
            }
        }

        var before = Read(author, Least(from, to, ReceivedRange.MaxEntries), to);
        return before.FindLast(entry => !entry.Signature.IsEmpty)?.Seq ?? 0;
    }

    private static ulong Least(ulong from, ulong to, int count) =>
        Math.Max(from, to >= (ulong)count ? to - (ulong)count + 1 : 1);

    private List<StoredEntry> Read(AuthorLog author, ulong from, ulong to) =>
        [
            .. room
                .Store.ReadRange(room.Id, author.Id, from, (int)(to - from + 1))
                .Where(entry => entry.Seq <= to),
        ];

    private static int SizeOf(StoredEntry entry) =>
        entry.Header.Length + entry.Payload.Length + entry.Signature.Length + EntryOverhead;
}
