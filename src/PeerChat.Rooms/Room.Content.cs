using System.Text;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;

namespace PeerChat.Rooms;

/// <content>What can be said beside plain texts: replies, edits, reactions, read marks.</content>
public sealed partial class Room
{
    /// <summary>Least time between two read marks, each of which is an entry in everybody's log. A guess at a glance.</summary>
    internal static readonly TimeSpan ReadMarkInterval = TimeSpan.FromSeconds(2);

    /// <summary>Entries looked at again at once when a key has come.</summary>
    private const int UnopenedPage = 256;

    private EntryPosition? _readTo;
    private Instant _readMarkNotBefore = new(long.MinValue);

    /// <summary>Whether a reaction may look so: 1 to 64 bytes of UTF-8 to be seen, without spaces.</summary>
    public static bool IsReaction(string emoji) => MessageBody.IsReaction(emoji);

    /// <summary>Why nothing can be said about a message; null when it can.</summary>
    /// <param name="id">The message.</param>
    /// <param name="mustBeOwn">Whether it has to be one's own person's, as for an edit.</param>
    public TargetProblem? CheckTarget(EntryId id, bool mustBeOwn) =>
        Find(id) is not { } message ? TargetProblem.Unknown
        : message.Content == RoomMessageContent.Recalled ? TargetProblem.AlreadyRecalled
        : message.Content != RoomMessageContent.Text
        && (mustBeOwn || message.Content != RoomMessageContent.File)
            ? TargetProblem.NoContent
        : mustBeOwn && !message.IsOwn ? TargetProblem.NotOwn
        : null;

    /// <summary>Answers a message with a text; the message itself is not copied.</summary>
    /// <exception cref="ArgumentException">The text is empty or has more than 64 KiB of UTF-8.</exception>
    /// <exception cref="InvalidOperationException"><see cref="CheckTarget"/> finds a problem, or <see cref="CanWrite"/> does not hold.</exception>
    public EntryId Reply(EntryId to, string text, WallTime now)
    {
        RequireTarget(to, false);
        return WriteBody(new MessageBody.Reply(to, CheckText(text)), now);
    }

    /// <summary>Announces a file; its blocks are the host's to give.</summary>
    /// <exception cref="ArgumentException">The announcement breaks a limit of its own.</exception>
    /// <exception cref="InvalidOperationException"><see cref="CanWrite"/> does not hold.</exception>
    public EntryId PostFile(FileAnnouncement file, WallTime now) =>
        file.IsSound
            ? WriteBody(new MessageBody.File(file), now)
            : throw new ArgumentException("The announcement is not sound.", nameof(file));

    /// <summary>Gives one's own message another text.</summary>
    /// <returns>The id of the edit; that of the message stays.</returns>
    /// <exception cref="ArgumentException">The text is empty or has more than 64 KiB of UTF-8.</exception>
    /// <exception cref="InvalidOperationException"><see cref="CheckTarget"/> finds a problem, or <see cref="CanWrite"/> does not hold.</exception>
    public EntryId Edit(EntryId target, string text, WallTime now)
    {
        RequireTarget(target, true);
        return WriteBody(new MessageBody.Edit(target, CheckText(text)), now);
    }

    /// <summary>Reacts to a message, or takes a reaction back.</summary>
    /// <exception cref="ArgumentException"><see cref="IsReaction"/> does not hold.</exception>
    /// <exception cref="InvalidOperationException"><see cref="CheckTarget"/> finds a problem, or <see cref="CanWrite"/> does not hold.</exception>
    public EntryId React(EntryId target, string emoji, bool remove, WallTime now)
    {
        if (!IsReaction(emoji))
        {
            throw new ArgumentException("That is no reaction.", nameof(emoji));
        }

        RequireTarget(target, false);
        return WriteBody(new MessageBody.Reaction(target, emoji, remove), now);
    }

    /// <summary>Lets the others know that one has read up to a message. Marks are gathered for a moment.</summary>
    public void MarkRead(EntryId upTo, Instant now, WallTime wall)
    {
        if (
            !CanWrite
            || _state.Store.Find(upTo) is not { } entry
            || entry.Room != Id
            || entry.Kind != (byte)EntryKind.Content
        )
        {
            return;
        }

        var position = new EntryPosition(entry.OrderClock, entry.Id);
        if (_readTo is { } owed && owed.CompareTo(position) >= 0)
        {
            return;
        }

        _readTo = position;
        if (now >= _readMarkNotBefore)
        {
            WriteReadMark(now, wall);
        }
        else
        {
            _timers.Set(RoomTimer.ReadMark, _readMarkNotBefore);
        }
    }

    private void WriteReadMark(Instant now, WallTime wall)
    {
        if (_readTo is not { } position || !CanWrite)
        {
            return;
        }

        _readTo = null;
        var news = new List<SeqOf>();
        foreach (var author in _state.Authors.All.Where(one => !_state.IsOwn(one) && one.HeadSeq > 0))
        {
            var seq = LastSeqUpTo(author, position);
            if (seq > _readMarks.ReadTo(_state.Own.Id, author.Id) && news.Count < MessageBody.MaxReadAuthors)
            {
                news.Add(new SeqOf(author.Id, seq));
            }
        }

        if (news.Count > 0)
        {
            _readMarkNotBefore = now + ReadMarkInterval;
            WriteBody(new MessageBody.ReadMark(news), wall);
        }
    }

    // A log's places in the order rise with its seq, so halving finds the last one up to a position.
    private ulong LastSeqUpTo(AuthorLog author, EntryPosition position)
    {
        if (new EntryPosition(author.HeadOrderClock, author.HeadId).CompareTo(position) <= 0)
        {
            return author.HeadSeq;
        }

        var (low, high) = (0UL, author.HeadSeq);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var at = _state.Store.ReadRange(Id, author.Id, middle, 1);
            var isUpTo =
                at.Count == 1 && new EntryPosition(at[0].OrderClock, at[0].Id).CompareTo(position) <= 0;
            (low, high) = isUpTo ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private void RequireTarget(EntryId target, bool mustBeOwn)
    {
        if (CheckTarget(target, mustBeOwn) is { } problem)
        {
            throw new InvalidOperationException($"Nothing can be said about that message: {problem}.");
        }
    }

    // Back from bytes, so that half a surrogate pair looks the same here and elsewhere.
    private static string CheckText(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaxTextBytes
            ? Encoding.UTF8.GetString(bytes)
            : throw new ArgumentException(
                $"A message has at most {MaxTextBytes} bytes (64 KiB) of text; this one has {bytes.Length}.",
                nameof(text)
            );
    }

    /// <summary>Writes a body, whether it makes sense or not.</summary>
    internal EntryId WriteBody(MessageBody body, WallTime now)
    {
        if (!CanWrite)
        {
            throw new InvalidOperationException("There is nobody to write to yet.");
        }

        var entry = WriteContent(body.Write(), now);
        TellChanges();
        return entry.Id;
    }

    private bool ShowsByItself(StoredEntry entry) =>
        _written.Shows(entry.Author, entry.Seq) ?? (_opener.TryOpen(entry) is not { } body || IsShown(body));

    private static bool IsShown(MessageBody body) =>
        body
            is MessageBody.Plain
                or MessageBody.Reply
                or MessageBody.File
                or MessageBody.Newer { IsQuiet: false };

    /// <summary>Takes in what a content entry says, as soon as it can be read.</summary>
    private void HandleContent(StoredEntry entry, EntryHeader header, AuthorLog author, bool isNew)
    {
        if (IsTooOld(entry))
        {
            Erase([entry], PayloadState.Expired);
            return;
        }

        if (entry.PayloadState == PayloadState.Missing)
        {
            HandleMissing(entry, author);
            return;
        }

        if (_recalls.Contains(entry.Id, author))
        {
            Erase([entry], PayloadState.Traceless);
            return;
        }

        var body = _opener.TryOpen(entry, out var lacksKey, header);
        if (lacksKey)
        {
            _state.Store.SetPayloadState(entry.Id, PayloadState.Unopened);
            WantKey(entry);
        }

        TakeBody(entry, author, body);
        if (_messages.Read(entry, isNew) is { } message)
        {
            _addedLast = message;
            _state.Emit(new RoomEvent.MessageAdded(message));
        }
    }

    private void TakeBody(StoredEntry entry, AuthorLog author, MessageBody? body)
    {
        if (body is MessageBody.ReadMark mark)
        {
            TakeReadMark(entry, author, mark);
        }
        else if (body is MessageBody.Info info)
        {
            TakeInfo(entry, info);
        }
        else if (body?.About is { } target)
        {
            _state.Store.AddReference(target, entry.Id);
            TakeAnnotation(entry, author, body, target);
        }
    }

    private void TakeAnnotation(StoredEntry entry, AuthorLog author, MessageBody body, EntryId target)
    {
        if (
            _state.Store.Find(target) is not { } about
            || about.Room != Id
            || !_state.Authors.TryGet(about.Author, out var of)
        )
        {
            return; // it may come later; it is found by its reference then
        }

        if (
            body is MessageBody.Edit
            && IsSamePerson(author, of)
            && about.PayloadState is PayloadState.Recalled or PayloadState.Traceless
        )
        {
            Erase([entry], PayloadState.Traceless); // the text of something taken back
            return;
        }

        if (!_state.Rules.IsVoid(author, entry.Seq, EntryKind.Content))
        {
            _state.Emit(new RoomEvent.MessageChanged(target));
        }
    }

    private static bool IsSamePerson(AuthorLog one, AuthorLog other) =>
        one == other || (one.Profile?.Identity.PeerId is { } id && other.Profile?.Identity.PeerId == id);

    private void TakeReadMark(StoredEntry entry, AuthorLog author, MessageBody.ReadMark mark)
    {
        if (_state.Rules.IsVoid(author, entry.Seq, EntryKind.Content))
        {
            return;
        }

        var before = mark.Authors.ToDictionary(
            one => one.Author,
            one => _readMarks.ReadTo(author.Id, one.Author)
        );
        if (!_readMarks.Add(author.Id, mark))
        {
            return;
        }

        KeepReadMarks(author, entry.Seq);
        if (_state.IsOwn(author))
        {
            return;
        }

        foreach (var (of, seq) in mark.Authors)
        {
            if (_state.Authors.TryGet(of, out var log) && _state.IsOwn(log))
            {
                TellRead(log, before[of] + 1, seq);
            }
        }
    }

    private void TellRead(AuthorLog log, ulong from, ulong to)
    {
        foreach (var entry in ReadLog(log, from).TakeWhile(one => one.Seq <= to))
        {
            if (_messages.Read(entry) is { State: RoomMessageState.Read } message)
            {
                _state.Emit(new RoomEvent.StateChanged(entry.Id, RoomMessageState.Read, message.DeliveredTo));
            }
        }
    }

    // All that the author has marked so far, as one mark: marks in entries name only what is new.
    private void KeepReadMarks(AuthorLog author, ulong seq)
    {
        var all = _state
            .Authors.All.Select(of => new SeqOf(of.Id, _readMarks.ReadTo(author.Id, of.Id)))
            .Where(one => one.Seq > 0)
            .SelectMany(one => one.Author.Value.ToArray().Concat(BitConverter.GetBytes(one.Seq)))
            .ToArray();
        _state.Store.WriteStatement(Id, StatementKind.ReadMark, author.Id, seq, all);
    }

    private void RestoreReadMarks()
    {
        const int Size = Bytes32.Size + sizeof(ulong);
        foreach (var stored in _state.Store.ReadStatements(Id, StatementKind.ReadMark))
        {
            var marks = new List<SeqOf>();
            for (var at = 0; at + Size <= stored.Bytes.Length; at += Size)
            {
                var bytes = stored.Bytes.Span.Slice(at, Size);
                marks.Add(
                    new SeqOf(
                        new AuthorId(new Bytes32(bytes[..Bytes32.Size])),
                        BitConverter.ToUInt64(bytes[Bytes32.Size..])
                    )
                );
            }

            _readMarks.Add(stored.Author, new MessageBody.ReadMark(marks));
        }
    }

    /// <summary>Takes in what could not be read when it came, now that a key has.</summary>
    private void OpenUnopened()
    {
        long after = 0;
        while (
            _state.Store.ReadByState(Id, PayloadState.Unopened, after, UnopenedPage) is { Count: > 0 } page
        )
        {
            after = page[^1].Arrival;
            foreach (var entry in page)
            {
                if (Open(entry) && _keys.Awaited.Contains(entry.Id))
                {
                    TellOpened(entry.Id);
                }
            }
        }

        _keys.SaveChanges();
    }

    private bool Open(StoredEntry entry)
    {
        var body = _opener.TryOpen(entry, out var lacksKey);
        if (lacksKey || !_state.Authors.TryGet(entry.Author, out var author))
        {
            return false;
        }

        _keys.NoLongerWant(entry.Id);
        foreach (var link in _replication.Links.Where(link => link.KeysLacked.Remove(entry.Id)))
        {
            link.LateKeysOwed.Enqueue(entry.Id);
        }

        _state.Store.SetPayloadState(entry.Id, PayloadState.Held);
        TakeBody(entry with { PayloadState = PayloadState.Held }, author, body);
        return true;
    }
}
