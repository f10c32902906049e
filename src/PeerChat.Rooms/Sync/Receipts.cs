using System.Diagnostics.CodeAnalysis;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Sync;

/// <summary>The newest have statement of each author, and what they say of one's own messages (crypto.md section 9).</summary>
internal sealed class Receipts(RoomState room)
{
    private readonly SortedDictionary<AuthorId, HaveStatement> _haves = [];
    private readonly Dictionary<(AuthorId By, AuthorId Of), ulong> _confirmed = [];

    /// <summary>Authors whose statement is here.</summary>
    public IReadOnlyCollection<AuthorId> Authors => _haves.Keys;

    /// <summary>The newest statement of an author.</summary>
    public bool TryGet(AuthorId author, [NotNullWhen(true)] out HaveStatement? statement) =>
        _haves.TryGetValue(author, out statement);

    /// <summary>Whether a statement is newer than what is here; only then is its signature worth the time.</summary>
    public bool IsNews(HaveStatement statement) =>
        !_haves.TryGetValue(statement.Author, out var known) || statement.Counter > known.Counter;

    /// <summary>Takes in a verified statement. Messages that it delivers are told to the host.</summary>
    public void Add(HaveStatement statement, bool tellHost)
    {
        _haves[statement.Author] = statement;
        foreach (var (of, head) in statement.Heads)
        {
            if (room.Authors.TryGet(of, out var log) && room.IsOwn(log))
            {
                Confirm(statement.Author, log, head, tellHost);
            }
        }
    }

    /// <summary>Looks again at what the statements say of a log of one's own identity that has grown from outside.</summary>
    public void Reconfirm(AuthorLog log)
    {
        foreach (var statement in _haves.Values)
        {
            if (statement.Heads.TryGetValue(log.Id, out var head))
            {
                Confirm(statement.Author, log, head, true);
            }
        }
    }

    /// <summary>How many other people have an entry of one's own durably.</summary>
    public int DeliveredTo(AuthorId of, ulong seq)
    {
        // Asked for each message that is written, sent or confirmed; mostly there is one other
        HashSet<PeerId>? people = null;
        foreach (var by in _haves.Keys)
        {
            if (
                _confirmed.TryGetValue((by, of), out var confirmed)
                && confirmed >= seq
                && PersonOf(by) is { } person
                && person != room.Self.PeerId
            )
            {
                (people ??= []).Add(person);
            }
        }

        return people?.Count ?? 0;
    }

    /// <summary>Up to which seq of a log any device of a person has said to have it.</summary>
    public ulong ConfirmedBy(PeerId person, AuthorId of)
    {
        ulong confirmed = 0;
        foreach (var by in _haves.Keys.Where(a => PersonOf(a) == person))
        {
            confirmed = Math.Max(confirmed, _confirmed.GetValueOrDefault((by, of)));
        }

        return confirmed;
    }

    /// <summary>Up to which seq of a log one device has said to have it.</summary>
    public ulong ConfirmedBy(AuthorId by, AuthorId of) => _confirmed.GetValueOrDefault((by, of));

    /// <summary>Whether a content entry is a message that shows by itself; only of those the host is told.</summary>
    public Func<StoredEntry, bool> Shows { get; set; } = _ => true;

    private PeerId? PersonOf(AuthorId author) =>
        room.Authors.TryGet(author, out var log) ? log.Profile?.Identity.PeerId : null;

    private void Confirm(AuthorId by, AuthorLog of, LogHead head, bool tellHost)
    {
        // A head that is not ours confirms nothing: it lies on another branch, or ahead of a log that was rolled back.
        var at = room.Store.ReadRange(room.Id, of.Id, head.Seq, 1);
        var before = _confirmed.GetValueOrDefault((by, of.Id));
        if (at.Count == 0 || at[0].Seq != head.Seq || at[0].Id != head.Id || head.Seq <= before)
        {
            return;
        }

        var person = PersonOf(by);
        var known = before;
        foreach (var other in _haves.Keys.Where(a => PersonOf(a) == person))
        {
            known = Math.Max(known, _confirmed.GetValueOrDefault((other, of.Id)));
        }

        _confirmed[(by, of.Id)] = head.Seq;
        if (!tellHost)
        {
            return;
        }

        if (person == room.Self.PeerId || known > before)
        {
            TellRecalls(of, before + 1, head.Seq); // of recalls each device counts, of messages each person
        }

        if (person == room.Self.PeerId)
        {
            return;
        }

        for (var from = known + 1; from <= head.Seq; )
        {
            var page = room.Store.ReadRange(room.Id, of.Id, from, 256);
            foreach (var entry in page.TakeWhile(e => e.Seq <= head.Seq))
            {
                if (entry.Kind == (byte)EntryKind.Recall)
                {
                    TellRecall(entry);
                }
                else if (
                    entry.Kind == (byte)EntryKind.Content
                    && !room.Rules.IsVoid(of, entry.Seq, EntryKind.Content)
                    && Shows(entry)
                )
                {
                    var count = DeliveredTo(of.Id, entry.Seq);
                    room.Emit(new RoomEvent.StateChanged(entry.Id, RoomMessageState.Delivered, count));
                }
            }

            if (page.Count == 0)
            {
                break;
            }

            from = page[^1].Seq + 1;
        }
    }

    private void TellRecalls(AuthorLog of, ulong from, ulong to)
    {
        while (from <= to && room.Store.ReadRange(room.Id, of.Id, from, 256) is { Count: > 0 } page)
        {
            foreach (var entry in page.Where(e => e.Seq <= to && e.Kind == (byte)EntryKind.Recall))
            {
                TellRecall(entry);
            }

            from = page[^1].Seq + 1;
        }
    }

    private void TellRecall(StoredEntry entry)
    {
        if (EntryHeader.TryParse(entry.Header.Span, out var header))
        {
            room.Emit(new RoomEvent.MessageChanged(Messages.Recalls.TargetOf(header)));
        }
    }
}
