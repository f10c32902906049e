using PeerChat.Primitives;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Sync;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms;

/// <content>Payloads that headers came without: asked of every link, taken from whoever has them.</content>
public sealed partial class Room
{
    private readonly List<EntryId> _missingNews = [];
    private bool _hasMissing;

    private void HandleMissing(StoredEntry entry, AuthorLog author)
    {
        if (_recalls.Contains(entry.Id, author))
        {
            _state.Store.SetPayloadState(entry.Id, PayloadState.Traceless);
            return;
        }

        _hasMissing = true;
        _missingNews.Add(entry.Id);
    }

    // Told at the end of the turn: what recalls them may come in the same frame.
    private void TellMissing()
    {
        foreach (var id in _missingNews)
        {
            if (_state.Store.Find(id) is { PayloadState: PayloadState.Missing } && Find(id) is { } message)
            {
                _state.Emit(new RoomEvent.MessageAdded(message));
            }
        }

        _missingNews.Clear();
    }

    /// <summary>Asks a link for the next missing payloads, in order of arrival; it goes on behind what it was asked for last.</summary>
    private void AskForPayloads(SyncLink link, Instant now)
    {
        if (link.IsEnded || _replication.Links.Any(other => !other.IsEnded && other.PayloadsDue > now))
        {
            return; // one link at a time, so that nothing comes twice
        }

        var page = _state.Store.ReadByState(Id, PayloadState.Missing, link.PayloadsAskedTo, MaxPayloadWants);
        foreach (var entry in page)
        {
            link.PayloadsAskedTo = entry.Arrival;
            if (
                _state.Authors.TryGet(entry.Author, out var author)
                && !_state.IsBlocked(author)
                && !_recalls.Contains(entry.Id, author)
            )
            {
                link.PayloadWantsOwed.Add(entry.Id);
                link.PayloadsDue = now + Replication.AnswerPatience;
            }
        }
    }

    private void AskAllForPayloads(Instant now)
    {
        foreach (var link in _hasMissing ? _replication.Links : [])
        {
            AskForPayloads(link, now);
        }
    }

    private void HandlePayloads(SyncLink link, Wire.PayloadList body, Instant now)
    {
        HandleAll(link, body.Payloads, HandlePayload, now);
        if (body.Done)
        {
            link.PayloadsDue = null;
        }
        else if (link.PayloadsDue is not null)
        {
            link.PayloadsDue = now + Replication.AnswerPatience;
        }
    }

    private static PeerMisbehaviour? HandlePayloadWants(SyncLink link, Wire.PayloadWantList body)
    {
        if (body.Ids.Count > MaxPayloadWants || body.Ids.Any(id => id.Length != Bytes32.Size))
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        foreach (var id in body.Ids)
        {
            if (link.PayloadsServing.Count < MaxPayloadWants)
            {
                link.PayloadsServing.Enqueue(new EntryId(new Bytes32(id.Span)));
            }
        }

        return null;
    }

    private PeerMisbehaviour? HandlePayload(Wire.Payload body)
    {
        if (body.Id.Length != Bytes32.Size)
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        if (
            _state.Store.Find(new EntryId(new Bytes32(body.Id.Span)))
                is not { PayloadState: PayloadState.Missing } entry
            || entry.Room != Id
            || !_state.Authors.TryGet(entry.Author, out var author)
        )
        {
            return null; // come from elsewhere by now, or recalled since
        }

        if (!HeaderOf(entry).Matches(body.Payload_.Span))
        {
            return PeerMisbehaviour.BadPayload;
        }

        TakePayload(entry with { Payload = body.Payload_.ToByteArray() }, author);
        return null;
    }

    private void TakePayload(StoredEntry entry, AuthorLog author)
    {
        if (_recalls.Contains(entry.Id, author))
        {
            _state.Store.SetPayloadState(entry.Id, PayloadState.Traceless);
            return;
        }

        var body = _opener.TryOpen(entry, out var lacksKey);
        var state = lacksKey ? PayloadState.Unopened : PayloadState.Held;
        _state.Store.SetPayload(entry.Id, entry.Payload, state);
        _quotas.Add(author, 0, entry.Payload.Length);
        TakeBody(entry with { PayloadState = state }, author, body);
        _state.Emit(
            body is not null && !IsShown(body)
                ? new RoomEvent.MessageHidden(entry.Id)
                : new RoomEvent.MessageChanged(entry.Id)
        );
    }
}
