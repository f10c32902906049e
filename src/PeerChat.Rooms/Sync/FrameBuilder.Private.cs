using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Messages;

namespace PeerChat.Rooms.Sync;

/// <content>What only private rooms send: the set of control entries, and keys of single messages.</content>
internal sealed partial class FrameBuilder
{
    /// <summary>Ids in one page: a little under the size of a list.</summary>
    public const int MaxIdsInFrame = 2_000;

    /// <summary>Keys in one page, and entries that one request names: half of what a policy can give, under the size of a list.</summary>
    public const int MaxKeysInFrame = HistoryPolicy.MaxMessages / 2;

    private Wire.Frame? TakeControlFrame(SyncLink link)
    {
        if (room.Controls?.Set is not { } set)
        {
            return null;
        }

        if (link.OwesControlDigest)
        {
            link.OwesControlDigest = false;
            return new Wire.Frame { ControlDigest = ByteString.CopyFrom(set.Digest().ToArray()) };
        }

        if (link.ControlIdsOwed is { } ids)
        {
            var bytes = new byte[Math.Min(MaxIdsInFrame, ids.Count) * Bytes32.Size];
            for (var at = 0; at < bytes.Length; at += Bytes32.Size)
            {
                ids.Dequeue().Value.CopyTo(bytes.AsSpan(at));
            }

            var isLast = ids.Count == 0;
            link.ControlIdsOwed = isLast ? null : ids;
            return new Wire.Frame
            {
                ControlIds = new Wire.ControlIds
                {
                    Ids = UnsafeByteOperations.UnsafeWrap(bytes),
                    IsLast = isLast,
                },
            };
        }

        var list = new Wire.ControlList();
        var size = 0;
        while (size < MaxListSize && link.ControlsOwed.Count > 0)
        {
            var next = link.ControlsOwed.Min;
            link.ControlsOwed.Remove(next);
            if (set.Find(next.Id) is { } record)
            {
                list.Entries.Add(
                    new Wire.Entry
                    {
                        Header = ByteString.CopyFrom(record.Header.Bytes.Span),
                        Signature = ByteString.CopyFrom(record.Signature.Span),
                    }
                );
                size += record.Header.Bytes.Length + record.Signature.Length;
            }
        }

        return list.Entries.Count > 0 ? new Wire.Frame { Controls = list } : null;
    }

    private Wire.Frame? TakeKeys(SyncLink link)
    {
        if (link.OwesKeyRequest)
        {
            link.OwesKeyRequest = false;
            link.HasAskedForKeys = true;
            return new Wire.Frame { EntryKeyRequest = new Wire.EntryKeyRequest() };
        }

        if (link.KeyAsksOwed.Count > 0)
        {
            var ids = new byte[link.KeyAsksOwed.Count * Bytes32.Size];
            foreach (var (index, id) in link.KeyAsksOwed.Index())
            {
                id.Value.CopyTo(ids.AsSpan(index * Bytes32.Size));
            }

            link.KeyAsksOwed.Clear();
            return new Wire.Frame
            {
                EntryKeyRequest = new Wire.EntryKeyRequest { Entries = UnsafeByteOperations.UnsafeWrap(ids) },
            };
        }

        if (link.NamedKeysOwed is { } named)
        {
            var answer = TakeKeys(named, link.KeysLacked);
            answer.Named = true;
            link.NamedKeysOwed = answer.IsLast ? null : named;
            return new Wire.Frame { EntryKeys = answer };
        }

        if (link.LateKeysOwed.Count > 0)
        {
            var late = TakeKeys(link.LateKeysOwed, null);
            (late.Named, late.IsLast) = (true, false); // it ends no answer
            return new Wire.Frame { EntryKeys = late };
        }

        if (link.EntryKeysOwed is not { } earlier)
        {
            return null;
        }

        var list = TakeKeys(earlier, null);
        link.EntryKeysOwed = list.IsLast ? null : earlier;
        return new Wire.Frame { EntryKeys = list };
    }

    private Wire.EntryKeyList TakeKeys(Queue<EntryId> owed, HashSet<EntryId>? lacked)
    {
        var list = new Wire.EntryKeyList();
        while (list.Keys.Count < MaxKeysInFrame && owed.TryDequeue(out var id))
        {
            if (KeyOf(id) is { } key)
            {
                list.Keys.Add(
                    new Wire.EntryKey
                    {
                        Entry = ByteString.CopyFrom(id.Value.ToArray()),
                        Key = ByteString.CopyFrom(key),
                    }
                );
            }
            else if (lacked?.Count < EntryKeys.MaxWanted)
            {
                lacked.Add(id);
            }
        }

        list.IsLast = owed.Count == 0;
        return list;
    }

    private byte[]? KeyOf(EntryId id)
    {
        if (room.Store.Find(id) is not { } entry || !EntryHeader.TryParse(entry.Header.Span, out var header))
        {
            return null;
        }

        return epochs.SecretOf(header.Epoch, header.Generation) is { } secret
                ? ContentSealing.KeyOf(secret, header, entry.Payload.Span)
            : keys.TryGet(id, out var key) ? key
            : null;
    }
}
