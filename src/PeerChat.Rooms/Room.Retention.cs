using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Messages;

namespace PeerChat.Rooms;

/// <content>How long content is kept here: payloads, epoch secrets and old leaf keys go together (crypto.md section 5).</content>
public sealed partial class Room
{
    /// <summary>The shortest time that content can be kept: what goes sooner is read by nobody. A guess.</summary>
    public static readonly TimeSpan MinRetention = TimeSpan.FromSeconds(10);

    /// <summary>The longest; beyond it nobody has a history yet, and clocks of entries end (48 bits of milliseconds).</summary>
    public static readonly TimeSpan MaxRetention = TimeSpan.FromDays(36_500);

    /// <summary>Entries deleted in one turn, so that nobody waits for the rest. A guess: some 20 ms of the loop.</summary>
    internal const int ExpiryPage = 512;

    /// <summary>Between two looks at what is due, at most: leaf keys grow old without anything being written.</summary>
    internal static readonly TimeSpan MaxExpiryPause = TimeSpan.FromHours(1);

    /// <summary>Least time between two looks, so that a room that is written in does not look for each message.</summary>
    internal static readonly TimeSpan MinExpiryPause = TimeSpan.FromSeconds(1);

    private const int RetentionSize = (3 * sizeof(long)) + Bytes32.Size;
    private const int RetentionClockSize = RetentionSize + (2 * sizeof(long));

    private TimeSpan? _retention;
    private EntryPosition? _expiredTo;
    private ulong _keptOwnFrom; // the first of one's own that was too old but not handed over yet; 0 for none

    /// <summary>How long content is kept here; null for as long as there is room.</summary>
    public TimeSpan? Retention => _retention;

    /// <summary>How many messages a time would delete now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is too short or too long.</exception>
    public int CountOlder(TimeSpan keep, WallTime wall)
    {
        CheckRetention(keep);
        var (count, after) = (0, (EntryPosition?)null);
        while (ReadExpiring(after, keep, wall) is { Count: > 0 } page)
        {
            count += page.Count(entry => MayExpire(entry) && ShowsByItself(entry));
            after = new EntryPosition(page[^1].OrderClock, page[^1].Id);
        }

        return count;
    }

    /// <summary>
    /// Keeps content for so long from now on, and deletes what is older, here alone: a page in each <see cref="HandleDeadline"/>, the first
    /// of which is due at once. Null keeps all that is left.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is too short or too long.</exception>
    public void SetRetention(TimeSpan? keep, Instant now)
    {
        if (keep is { } time)
        {
            CheckRetention(time);
        }

        if (keep > _retention || keep is null || _retention is null)
        {
            _expiredTo = null; // looked at once more from the beginning, which costs reading alone
        }

        _retention = keep;
        TrustClock(); // whoever sets it was told what it deletes by this clock
        SaveRetention();
        if (keep is null)
        {
            _timers.Clear(RoomTimer.Expiry);
        }
        else
        {
            _timers.Set(RoomTimer.Expiry, now);
        }
    }

    private static void CheckRetention(TimeSpan keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, MinRetention);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keep, MaxRetention);
    }

    private void RestoreRetention()
    {
        if (
            _state.Store.ReadSecret(_state.SecretName("retention"))
            is not { Length: RetentionSize or RetentionClockSize } stored
        )
        {
            return;
        }

        var keep = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64BigEndian(stored));
        var clock = BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(sizeof(long)));
        _retention = keep;
        _expiredTo =
            clock == 0
                ? null
                : new EntryPosition(
                    clock,
                    new EntryId(new Bytes32(stored.AsSpan(3 * sizeof(long), Bytes32.Size)))
                );
        _keptOwnFrom = BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(2 * sizeof(long)));
        RestoreClock(stored.AsSpan(RetentionSize));
        // Due with the first turn: the program may not have run for months
        _timers.Set(RoomTimer.Expiry, Instant.Origin);
    }

    private void SaveRetention()
    {
        var name = _state.SecretName("retention");
        if (_retention is not { } keep)
        {
            _state.Store.DeleteSecret(name);
            return;
        }

        var bytes = new byte[RetentionClockSize];
        var writer = new SpanWriter(bytes);
        writer.WriteUInt64((ulong)keep.TotalMilliseconds);
        writer.WriteUInt64(_expiredTo?.OrderClock ?? 0);
        writer.WriteUInt64(_keptOwnFrom);
        (_expiredTo?.Id.Value ?? Bytes32.Zero).CopyTo(writer.Advance(Bytes32.Size));
        WriteClock(ref writer);
        _state.Store.WriteSecret(name, bytes);
    }

    private static ulong CutoffOf(TimeSpan keep, WallTime wall) => HybridClock.FromWall(wall + -keep);

    private IReadOnlyList<StoredEntry> ReadExpiring(EntryPosition? after, TimeSpan keep, WallTime wall) =>
        _state.Store.ReadOldest(Id, after, CutoffOf(keep, wall), ExpiryPage);

    // One's own that nobody else has been given waits: deleting it would break the promise that it is sent.
    private bool MayExpire(StoredEntry entry) =>
        entry.PayloadState is PayloadState.Held or PayloadState.Unopened or PayloadState.Missing
        && !IsOwnQueued(entry);

    private bool IsOwnQueued(StoredEntry entry) =>
        entry.Author == _state.Own.Id
        && entry.Seq > _messages.SentSeq
        && entry.PayloadState is PayloadState.Held or PayloadState.Unopened;

    // What was too old before it was handed over, and has been since
    private List<StoredEntry> TakeHandedOver()
    {
        if (_keptOwnFrom == 0 || _keptOwnFrom > _messages.SentSeq)
        {
            return [];
        }

        var old = ReadLog(_state.Own.Log, _keptOwnFrom)
            .TakeWhile(IsTooOld)
            .Where(entry => entry.Kind == (byte)EntryKind.Content)
            .ToList();
        _keptOwnFrom = old.Find(IsOwnQueued)?.Seq ?? 0;
        return [.. old.Where(MayExpire)];
    }

    /// <summary>Whether an entry that comes now is older than anything that is kept here.</summary>
    private bool IsTooOld(StoredEntry entry) =>
        _expiredTo is { } to && new EntryPosition(entry.OrderClock, entry.Id).CompareTo(to) <= 0;

    private void Expire(Instant now, WallTime wall)
    {
        if (_retention is not { } keep)
        {
            return;
        }

        wall = RetentionTime(now, wall);
        ExpireAhead(keep, now, wall);
        var page = ReadExpiring(_expiredTo, keep, wall);
        ErasePage([.. TakeHandedOver(), .. page.Where(MayExpire)]);
        if (page.Count > 0)
        {
            var kept = page.FirstOrDefault(entry => IsOwnQueued(entry));
            _keptOwnFrom = _keptOwnFrom == 0 ? kept?.Seq ?? 0 : _keptOwnFrom;
            _expiredTo = new EntryPosition(page[^1].OrderClock, page[^1].Id);
            SaveRetention();
        }

        if (page.Count == ExpiryPage)
        {
            _timers.Set(RoomTimer.Expiry, now);
            return;
        }

        ForgetOldKeys(keep, wall);
        _timers.Set(RoomTimer.Expiry, now + PauseBeforeExpiry(keep, wall));
    }

    private void ErasePage(List<StoredEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var texts = entries
            .Where(entry => entry.PayloadState == PayloadState.Held)
            .Select(entry => TextOf(_opener.TryOpen(entry)))
            .OfType<string>()
            .ToList();
        foreach (var entry in entries)
        {
            _state.Store.SetPayload(entry.Id, default, PayloadState.Expired);
            CountErased(entry);
        }

        _keys.Forget(entries.Select(entry => entry.Id));
        _opener.Forget();
        _state.Emit(new RoomEvent.ContentExpired(entries, texts));
    }

    private static string? TextOf(MessageBody? body) =>
        body switch
        {
            MessageBody.Plain plain => plain.Text,
            MessageBody.Reply reply => reply.Text,
            MessageBody.Edit edit => edit.Text,
            _ => null,
        };

    private TimeSpan PauseBeforeExpiry(TimeSpan keep, WallTime wall)
    {
        var next = _state.Store.ReadOldest(Id, _expiredTo, ulong.MaxValue, 1);
        var pause =
            next.Count == 0
                ? MaxExpiryPause
                : HybridClock.ToWall(next[0].OrderClock) + keep - wall + MinExpiryPause;
        return pause < MinExpiryPause ? MinExpiryPause
            : pause > MaxExpiryPause ? MaxExpiryPause
            : pause;
    }

    // An epoch whose content is gone has no use any more, and neither have the leaf keys that its secret was wrapped to.
    private void ForgetOldKeys(TimeSpan keep, WallTime wall)
    {
        if (!_state.Rules.HasEpochs)
        {
            return; // the secret of an open room is its name
        }

        var leafAge = LeafKeys.AgeUnder(keep);
        if (CanWrite && LeafMadeAt() is { } made && wall - made > leafAge)
        {
            RenewLeaf(Bytes32.Zero, wall);
        }

        _leaves.KeepFor(leafAge, wall);
        _epochs.ForgetBefore(CutoffOf(keep, wall), _state.Store.ReadEpochsInUse(Id));
    }

    private WallTime? LeafMadeAt() =>
        _state
            .Store.ReadControl(Id)
            .Where(entry =>
                entry.Author == _state.Own.Id
                && (EntryKind)entry.Kind is EntryKind.Genesis or EntryKind.Join or EntryKind.Key
            )
            .Select(entry => (WallTime?)HybridClock.ToWall(entry.Clock))
            .LastOrDefault();
}
