using PeerChat.Primitives;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;

namespace PeerChat.Rooms;

/// <content>Recall, and content that is not here.</content>
public sealed partial class Room
{
    /// <summary>Payloads asked of one link at once; the next are asked when these have come or it is linked anew. A guess: a frame's worth.</summary>
    internal const int MaxPayloadWants = 128;

    /// <summary>Takes one's own message back: its content, and that of its edits, is deleted here at once and everywhere that hears of it.</summary>
    /// <remarks>It is a request: whoever kept a copy and the key can read on. The header stays and verifies.</remarks>
    /// <exception cref="InvalidOperationException"><see cref="CheckRecall"/> finds a problem, or <see cref="CanWrite"/> does not hold.</exception>
    public void Recall(EntryId target, WallTime now)
    {
        if (CheckRecall(target) is { } problem || !CanWrite)
        {
            throw new InvalidOperationException("That message cannot be recalled.");
        }

        // Carriers cannot tell which entries are edits of it, so each is named
        var person = Find(target)!.From;
        EntryId[] all = [target, .. _annotations.EditsOf(target, person).Select(edit => edit.Id)];
        foreach (var id in all)
        {
            WriteRecall(id, now);
        }

        TellChanges();
    }

    /// <summary>Writes a recall, whether it will count or not.</summary>
    internal void WriteRecall(EntryId target, WallTime now) =>
        AppendOwn(
            EntryKind.Recall,
            (byte[])[.. _state.Own.Log.LastControl.Value.ToArray(), .. target.Value.ToArray()],
            now
        );

    /// <summary>Why a message cannot be recalled; null when it can.</summary>
    public TargetProblem? CheckRecall(EntryId target)
    {
        if (
            Find(target) is not { } message
            || _state.Store.Find(target) is not { } entry
            || !_state.Authors.TryGet(entry.Author, out var of)
        )
        {
            return TargetProblem.Unknown;
        }

        return message.Content == RoomMessageContent.Recalled ? TargetProblem.AlreadyRecalled
            : _state.Rules.MayRecall(_state.Own.Log, of) ? null
            : TargetProblem.NotOwn;
    }

    private void HandleRecall(EntryHeader header, AuthorLog author)
    {
        if (
            !_state.Rules.Counts(EntryKind.Recall)
            || _state.Rules.IsVoid(author, header.Seq, EntryKind.Recall)
        )
        {
            return;
        }

        var target = Recalls.TargetOf(header);
        _recalls.Add(target, author.Id, header.Seq);
        _queued.Forget(); // counted anew without it
        if (
            _state.Store.Find(target) is { } entry
            && entry.Room == Id
            && entry.Kind == (byte)EntryKind.Content
            && _state.Authors.TryGet(entry.Author, out var of)
            && _recalls.Contains(target, of)
        )
        {
            CarryOut(entry, of);
        }

        RecallAhead(target);
    }

    private void CarryOut(StoredEntry entry, AuthorLog of)
    {
        if (entry.PayloadState is PayloadState.Recalled or PayloadState.Traceless)
        {
            return;
        }

        var shows = entry.PayloadState != PayloadState.Missing && ShowsByItself(entry);
        var edits =
            shows && of.Profile is { } profile
                ? _annotations.EditsOf(entry.Id, profile.Identity.PeerId).ToList()
                : [];
        Erase([entry], shows ? PayloadState.Recalled : PayloadState.Traceless);
        Erase(edits, PayloadState.Traceless);
        if (!_missingNews.Contains(entry.Id))
        {
            _state.Emit(
                shows ? new RoomEvent.MessageChanged(entry.Id) : new RoomEvent.MessageHidden(entry.Id)
            );
        }
    }

    /// <summary>Deletes payloads; the headers stay and verify.</summary>
    private void Erase(List<StoredEntry> entries, PayloadState state)
    {
        foreach (var entry in entries)
        {
            _state.Store.SetPayload(entry.Id, default, state);
            CountErased(entry);
        }

        if (entries.Count > 0)
        {
            _keys.Forget(entries.Select(entry => entry.Id)); // a key that was handed over would open what somebody else kept
            _opener.Forget();
            _state.Emit(new RoomEvent.ContentErased(entries));
        }
    }

    private void CountErased(StoredEntry entry)
    {
        if (_state.Authors.TryGet(entry.Author, out var author))
        {
            _quotas.Add(author, 0, -entry.Payload.Length);
        }
    }

    private void RestoreRecalls(IEnumerable<EntryHeader> control)
    {
        foreach (var header in control.Where(one => one.Kind == EntryKind.Recall))
        {
            if (
                _state.Rules.Counts(EntryKind.Recall)
                && _state.Authors.TryGet(header.Author, out var author)
                && !_state.Rules.IsVoid(author, header.Seq, EntryKind.Recall)
            )
            {
                _recalls.Add(Recalls.TargetOf(header), header.Author, header.Seq);
            }
        }

        _hasMissing = _state.Store.ReadByState(Id, PayloadState.Missing, 0, 1).Count > 0;
    }
}
