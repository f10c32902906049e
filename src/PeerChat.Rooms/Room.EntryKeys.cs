using Google.Protobuf.Collections;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Messages;
using PeerChat.Rooms.Sync;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms;

/// <content>
/// Private rooms: keys of single messages, for newcomers. Of those from before an admission as many as the policy gives; of those from after it
/// what was written by somebody who had not heard of it, whose epoch is wrapped to nobody who came later.
/// </content>
public sealed partial class Room
{
    private void AskForKeys()
    {
        AskForEarlierKeys();
        AskForWantedKeys();
        ShowUnanswered();
    }

    private void AskForEarlierKeys()
    {
        if (
            _state.Controls is not { } controls
            || _keys.IsComplete
            || controls.Set.Roll.Policy.Mode is not (HistoryMode.Last or HistoryMode.Since)
            || controls.Set.Roll.Find(_state.Own.Id) is not { IsMember: true } own
            || own.Add.Value.IsZero
        )
        {
            return;
        }

        foreach (var link in _replication.Links.Where(l => !l.HasAskedForKeys && !l.OwesKeyRequest))
        {
            link.OwesKeyRequest = true;
        }
    }

    private void AskForWantedKeys()
    {
        if (_keys.Wanted.Count == 0)
        {
            return;
        }

        foreach (var link in _replication.Links.Where(link => link.KeysAwaited.Count == 0))
        {
            link.KeyAsksOwed.AddRange(
                _keys.Wanted.Keys.Where(id => CanBeAsked(link, id)).Take(FrameBuilder.MaxKeysInFrame)
            );
            link.KeysAsked.UnionWith(link.KeyAsksOwed);
            link.KeysAwaited.UnionWith(link.KeyAsksOwed);
        }
    }

    // Once, and only who has the entry: whoever has not could not say of which epoch it is.
    private bool CanBeAsked(SyncLink link, EntryId id) =>
        !link.IsEnded
        && !link.KeysAsked.Contains(id)
        && _keys.Wanted.TryGetValue(id, out var at)
        && link.Known.GetValueOrDefault(at.Author).Seq >= at.Seq
        && _state.Rules.Serves(link.Peer, _state.Authors);

    /// <summary>What cannot be read shows as that once everybody who is linked was asked.</summary>
    private void ShowUnanswered()
    {
        foreach (var id in _keys.Awaited.ToArray())
        {
            if (!_replication.Links.Any(link => link.KeysAwaited.Contains(id) || CanBeAsked(link, id)))
            {
                TellOpened(id);
            }
        }
    }

    // A message that was held back is told like one that has just come.
    private void TellOpened(EntryId id)
    {
        var wasHeldBack = _keys.Show(id);
        if (_state.Store.Find(id) is not { } entry || _messages.Read(entry) is not { } message)
        {
            return;
        }

        _state.Emit(
            wasHeldBack
                ? new RoomEvent.MessageAdded(message) { IsLate = true }
                : new RoomEvent.MessageChanged(id)
        );
    }

    private static PeerMisbehaviour? HandleKeyRequest(SyncLink link, Wire.EntryKeyRequest request)
    {
        var bytes = request.Entries.Span;
        if (bytes.IsEmpty)
        {
            link.AsksForEarlierKeys |= link.EntryKeysOwed is null;
            return null;
        }

        if (
            bytes.Length % Bytes32.Size != 0
            || bytes.Length / Bytes32.Size > FrameBuilder.MaxKeysInFrame
            || link.AsksForKeysOf is not null
            || link.NamedKeysOwed is not null
        )
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        link.AsksForKeysOf = new Queue<EntryId>();
        for (var at = 0; at < bytes.Length; at += Bytes32.Size)
        {
            link.AsksForKeysOf.Enqueue(new EntryId(new Bytes32(bytes.Slice(at, Bytes32.Size))));
        }

        return null;
    }

    // Who asks may have been admitted by somebody whose add has not come here yet; it is answered when it has.
    private void AnswerForKeys()
    {
        if (_state.Controls?.Set.Roll is not { } roll)
        {
            return;
        }

        foreach (var link in _replication.Links)
        {
            if (
                (!link.AsksForEarlierKeys && link.AsksForKeysOf is null)
                || !_state.Rules.Serves(link.Peer, _state.Authors)
            )
            {
                continue;
            }

            var authors = _state
                .Authors.All.Where(a => a.Profile?.Identity.PeerId == link.Peer && _state.Rules.IsMember(a))
                .ToList();
            if (link.AsksForEarlierKeys)
            {
                link.AsksForEarlierKeys = false;
                var admitted = authors
                    .Select(a => (a.Id, Add: _state.Store.Find(roll.Find(a.Id)!.Add)))
                    .Where(a => a.Add is not null)
                    .Select(a => new EntryPosition(
                        Math.Max(a.Add!.OrderClock, roll.Find(a.Id)!.AdmittedAt),
                        a.Add.Id
                    ))
                    .ToList();
                link.EntryKeysOwed = new Queue<EntryId>(
                    admitted.Count == 0 ? [] : MessagesBefore(admitted.Max(), roll.Policy)
                );
            }

            if (link.AsksForKeysOf is { } asked)
            {
                link.AsksForKeysOf = null;
                var since =
                    authors.Count == 0 ? ulong.MaxValue : authors.Min(a => roll.Find(a.Id)!.AdmittedAt);
                link.NamedKeysOwed = new Queue<EntryId>(asked.Where(id => IsContentSince(id, since)));
            }
        }
    }

    private bool IsContentSince(EntryId id, ulong clock) =>
        _state.Store.Find(id) is { Kind: (byte)EntryKind.Content } entry
        && entry.Room == Id
        && entry.Clock >= clock;

    private IEnumerable<EntryId> MessagesBefore(EntryPosition? before, HistoryPolicy policy)
    {
        var limit = policy.Mode switch
        {
            HistoryMode.Last => (int)policy.Value,
            HistoryMode.Since => HistoryPolicy.MaxMessages,
            _ => 0,
        };
        var since =
            policy.Mode == HistoryMode.Since ? HybridClock.FromWall(new WallTime((long)policy.Value)) : 0;
        for (var count = 0; count < limit; )
        {
            var page = _state.Store.ReadLatest(Id, limit, before);
            foreach (var entry in page)
            {
                if (count < limit && entry.Clock >= since && _messages.Read(entry) is not null)
                {
                    count++;
                    yield return entry.Id;
                }
            }

            if (page.Count == 0 || page[^1].OrderClock < since)
            {
                yield break;
            }

            before = new EntryPosition(page[^1].OrderClock, page[^1].Id);
        }
    }

    private PeerMisbehaviour? HandleKeys(SyncLink link, Wire.EntryKeyList list)
    {
        if (
            _state.Controls is null
            || list.Keys.Any(k => k.Entry.Length != Bytes32.Size || k.Key.Length != Bytes32.Size)
        )
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        if (list.Named)
        {
            HandleNamedKeys(link, list.Keys);
            if (list.IsLast)
            {
                link.KeysAwaited.Clear();
                link.KeysAsked.IntersectWith(_keys.Wanted.Keys); // the rest is asked for no more
            }
        }
        else if (!_keys.IsComplete)
        {
            _keys.Add(
                list.Keys.Select(k => (new EntryId(new Bytes32(k.Entry.Span)), k.Key.Memory)),
                list.IsLast
            );
            OpenUnopened();
            _state.Emit(new RoomEvent.HistoryChanged());
        }

        return null;
    }

    // Only what was asked for, and only keys that open it: a wrong one would keep the right one out.
    private void HandleNamedKeys(SyncLink link, RepeatedField<Wire.EntryKey> keys)
    {
        foreach (var given in keys)
        {
            var id = new EntryId(new Bytes32(given.Entry.Span));
            if (
                link.KeysAsked.Contains(id)
                && _keys.Wanted.ContainsKey(id)
                && _state.Store.Find(id) is { PayloadState: PayloadState.Unopened } entry
                && ContentSealing.OpenWithKey(given.Key.Span, HeaderOf(entry), entry.Payload.Span) is not null
            )
            {
                _keys.Add(id, given.Key.Span);
                Open(entry);
                TellOpened(id);
            }
        }

        _keys.SaveChanges();
    }

    // What came from after one's own admission, and cannot be opened, is asked for; what came before it was never meant for one.
    private void WantKey(StoredEntry entry)
    {
        if (IsPrivate && OwnRole is not null && entry.Clock >= _state.OwnAdmission)
        {
            _keys.Want(entry);
        }
    }
}
