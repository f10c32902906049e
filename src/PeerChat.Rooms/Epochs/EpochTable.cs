using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Epochs;

/// <summary>The epochs of a room and the writer's rule (crypto.md section 5).</summary>
internal sealed class EpochTable(RoomState room, LeafKeys leaves)
{
    /// <summary>Age at which a writer makes a new epoch (crypto.md section 5).</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    /// <summary>Entries after which a writer makes a new epoch (crypto.md section 5).</summary>
    public const ulong MaxEntries = 10_000;

    /// <summary>
    /// Spread of the writers' delays beyond the age, so that they do not all make one at once. A guess: half a day is longer than
    /// most people take to read what another wrote.
    /// </summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromHours(12);

    /// <summary>Epochs, and wraps of one, that are kept although the epoch itself has not come: as many as a room has authors.</summary>
    public const int MaxWaiting = 1_024;

    private const int StoredSize = sizeof(uint) + (2 * Bytes32.Size) + sizeof(ulong);

    private static readonly byte[] Forgotten = [0];

    private readonly Dictionary<Bytes32, Epoch> _epochs = [];
    private readonly HashSet<Bytes32> _missed = [];
    private readonly Dictionary<Bytes32, List<(EntryHeader Header, WrapControl Wrap)>> _waiting = [];
    private bool _becameReadable;

    /// <summary>Rises whenever an epoch, a wrap or a secret came, or what counts was looked at again.</summary>
    public int Changes { get; private set; }

    /// <summary>All epochs.</summary>
    public IReadOnlyCollection<Epoch> All => _epochs.Values;

    /// <summary>Sets the one secret of a room whose members make no epochs.</summary>
    public void AddFixed(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> rendezvous)
    {
        var epoch = new Epoch(room.Id.Value, default, 0, default, default, [])
        {
            Secret = new EpochSecret(0, secret, rendezvous),
        };
        _epochs.Add(epoch.Id, epoch);
    }

    /// <summary>Takes in an epoch or wrap entry, in the order of its log; other kinds do nothing.</summary>
    public void Apply(EntryHeader header, ReadOnlySpan<byte> payload)
    {
        if (!room.Rules.Counts(header.Kind))
        {
            return;
        }

        if (header.Kind == EntryKind.Epoch)
        {
            ApplyEpoch(header, payload);
        }
        else if (header.Kind == EntryKind.Wrap && WrapControl.TryParse(header.Control.Span, out var wrap))
        {
            if (_epochs.TryGetValue(wrap.Epoch, out var epoch))
            {
                ApplyWrap(header, wrap, epoch);
            }
            else
            {
                KeepWrap(header, wrap);
            }
        }
    }

    /// <summary>The secret of an entry's generation; null when it is not here.</summary>
    public byte[]? SecretOf(Bytes32 epoch, uint generation)
    {
        var secret = _epochs.TryGetValue(epoch, out var known) ? known.Secret?.At(generation) : null;
        if (secret is null)
        {
            _missed.Add(epoch);
        }

        return secret;
    }

    /// <summary>Whether something that was asked for in vain can be opened now; true once.</summary>
    public bool TakeBecameReadable()
    {
        var became = _becameReadable;
        _becameReadable = false;
        return became;
    }

    /// <summary>
    /// The epoch that a writer uses: not void, its secret held, all recipients members, the greatest (clock, id) of those.
    /// </summary>
    public bool TryFindUsable([NotNullWhen(true)] out Epoch? usable)
    {
        usable = null;
        foreach (var epoch in _epochs.Values)
        {
            if (
                epoch.Secret?.At(epoch.HighestWrapped) is not null
                && (usable is null || epoch.Position.CompareTo(usable.Position) > 0)
                && (!room.Rules.HasEpochs || (!IsVoid(epoch) && epoch.Recipients.All(IsMember)))
            )
            {
                usable = epoch;
            }
        }

        return usable is not null;
    }

    /// <summary>
    /// Whether a writer should rather make a new epoch: it is old or worn, or a member is not among the recipients. The last is
    /// stricter than the writer's rule, and spares each newcomer the wait for a wrap of what is written from now on.
    /// </summary>
    public bool ShouldReplace(Epoch epoch, WallTime now)
    {
        if (!room.Rules.HasEpochs)
        {
            return false;
        }

        var age = now - HybridClock.ToWall(epoch.Position.OrderClock);
        return (age > MaxAge && age > MaxAge + DelayOf(epoch)) // derived only where it matters
            || room.TotalEntries - Math.Min(room.TotalEntries, epoch.EntriesBefore) > MaxEntries
            || room.Authors.All.Any(a => room.Rules.IsMember(a) && !epoch.Recipients.Contains(a.Id));
    }

    /// <summary>The secrets of a new epoch: r is copied from the last unless somebody was removed or left since.</summary>
    public EpochSecret NewSecret()
    {
        Epoch? last = null;
        foreach (var epoch in _epochs.Values)
        {
            if (epoch.Secret is not null && (last is null || epoch.Position.CompareTo(last.Position) > 0))
            {
                last = epoch;
            }
        }

        var rendezvous =
            last is not null && last.Recipients.All(IsMember)
                ? last.Secret!.Rendezvous.ToArray()
                : room.Entropy.Bytes(Bytes32.Size);
        return new EpochSecret(0, room.Entropy.Bytes(Bytes32.Size), rendezvous);
    }

    /// <summary>Epochs that the author made and that this member was not given.</summary>
    public IEnumerable<Epoch> MissedBy(AuthorId member, AuthorId maker) =>
        _epochs
            .Values.Where(e => e.Author == maker && e.Secret is not null && !e.Recipients.Contains(member))
            .OrderBy(e => e.Position);

    /// <summary>
    /// Epochs that a member who was admitted by the wrapper, or whose epoch it is, lacks where newcomers may read everything.
    /// </summary>
    public IEnumerable<Epoch> LackedBy(AuthorId member, AuthorId wrapper, bool isAdmitter) =>
        _epochs
            .Values.Where(e =>
                (isAdmitter || e.Author == wrapper) && e.Secret is not null && !e.Recipients.Contains(member)
            )
            .OrderBy(e => e.Position);

    /// <summary>Looks again whose wraps count; who wrote them may be no member any more, or have become one.</summary>
    public void Recount()
    {
        foreach (var epoch in _epochs.Values)
        {
            Recount(epoch);
        }
    }

    /// <summary>The room's rendezvous secrets, the one that members use now first, then those of up to so many epochs before.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Rendezvous(int count)
    {
        var ordered = _epochs
            .Values.Where(e => e.Secret is not null)
            .OrderByDescending(e => !IsVoid(e) && e.Recipients.All(IsMember))
            .ThenByDescending(e => e.Position);
        var found = new List<ReadOnlyMemory<byte>>();
        foreach (var epoch in ordered)
        {
            var r = epoch.Secret!.Rendezvous;
            if (found.Count < count && found.TrueForAll(known => !known.Span.SequenceEqual(r.Span)))
            {
                found.Add(r);
            }
        }

        return found;
    }

    // Anybody can name an epoch in a wrap; only a member's counts, or one removed author could end every epoch.
    private void Recount(Epoch epoch)
    {
        epoch.Recipients.Clear();
        epoch.Recipients.UnionWith(epoch.FirstRecipients);
        epoch.HighestWrapped = 0;
        Changes++;
        foreach (var wrap in epoch.Wraps)
        {
            if (
                room.Authors.TryGet(wrap.By, out var author)
                && !room.Rules.IsVoid(author, wrap.Seq, EntryKind.Wrap)
            )
            {
                epoch.Recipients.Add(wrap.Recipient);
                epoch.HighestWrapped = Math.Max(epoch.HighestWrapped, wrap.Generation);
            }
        }
    }

    private void ApplyEpoch(EntryHeader header, ReadOnlySpan<byte> payload)
    {
        if (
            !EpochControl.TryParse(header.Control.Span, out var control)
            || !EpochPayload.TryParse(payload, out var wraps)
        )
        {
            return;
        }

        var epoch = new Epoch(
            header.Id.Value,
            header.Author,
            header.Seq,
            new EntryPosition(header.Clock, header.Id),
            control.Commit,
            wraps.Wraps.Select(w => w.Recipient)
        )
        {
            EntriesBefore = room.TotalEntries,
        };
        Changes++;
        if (_epochs.TryGetValue(epoch.Id, out var known))
        {
            known.EntriesBefore = Math.Max(known.EntriesBefore, epoch.EntriesBefore); // read ahead of its log before
            return;
        }

        _epochs.Add(epoch.Id, epoch);
        if (!TryRestore(epoch))
        {
            LearnFrom(epoch, wraps);
        }

        if (_waiting.Remove(epoch.Id, out var early))
        {
            foreach (var (from, wrap) in early)
            {
                ApplyWrap(from, wrap, epoch);
            }
        }
    }

    private void LearnFrom(Epoch epoch, EpochPayload wraps)
    {
        var own = wraps.Wraps.FirstOrDefault(w => w.Recipient == room.Own.Id);
        if (own is not null)
        {
            Learn(epoch, 0, leaves.TryOpen(own, epoch.Author, epoch.Seq));
        }
    }

    // Of a history that comes newest first a wrap may come before its epoch.
    private void KeepWrap(EntryHeader header, WrapControl wrap)
    {
        if (_waiting.Count < MaxWaiting || _waiting.ContainsKey(wrap.Epoch))
        {
            if (!_waiting.TryGetValue(wrap.Epoch, out var early))
            {
                _waiting.Add(wrap.Epoch, early = []);
            }

            if (early.Count < MaxWaiting)
            {
                early.Add((header, wrap));
            }
        }
    }

    private void ApplyWrap(EntryHeader header, WrapControl wrap, Epoch epoch)
    {
        var later = new LaterWrap(header.Author, header.Seq, wrap.Wrap.Recipient, wrap.Generation);
        if (epoch.Wraps.Contains(later))
        {
            return; // read ahead of its log before
        }

        epoch.Wraps.Add(later);
        Recount(epoch);
        if (
            wrap.Wrap.Recipient == room.Own.Id
            && room.Store.ReadSecret(NameOf(epoch)) is not { Length: 1 }
            && (epoch.Secret is null || epoch.Secret.Generation > wrap.Generation)
        )
        {
            Learn(epoch, wrap.Generation, leaves.TryOpen(wrap.Wrap, header.Author, header.Seq));
        }
    }

    private void Learn(Epoch epoch, uint generation, byte[]? secrets)
    {
        if (
            secrets is not { Length: 2 * Bytes32.Size }
            || (
                generation == 0
                && EpochSecret.CommitOf(secrets.AsSpan(0, Bytes32.Size), room.Id) != epoch.Commit
            )
        )
        {
            return; // for another key, or not what the maker committed to: unreadable, and never written in
        }

        epoch.Secret = new EpochSecret(
            generation,
            secrets.AsSpan(0, Bytes32.Size),
            secrets.AsSpan(Bytes32.Size)
        );
        Changes++;
        var stored = new byte[StoredSize];
        var writer = new SpanWriter(stored);
        writer.WriteUInt32(generation);
        writer.WriteBytes(secrets);
        writer.WriteUInt64(epoch.EntriesBefore);
        room.Store.WriteSecret(NameOf(epoch), stored);
        _becameReadable |= _missed.Remove(epoch.Id);
    }

    /// <summary>
    /// Forgets the secrets of epochs in which nothing is kept any more and nobody writes: older than a clock by the time that writers stay
    /// in an epoch, so that what comes late can be read.
    /// </summary>
    public void ForgetBefore(ulong clock, IReadOnlySet<Bytes32> inUse)
    {
        TryFindUsable(out var usable);
        var newest = _epochs.Values.MaxBy(epoch => epoch.Position);
        var oldest = HybridClock.FromWall(HybridClock.ToWall(clock) + -(MaxAge + MaxDelay));
        foreach (var epoch in _epochs.Values)
        {
            if (
                epoch.Secret is not null
                && epoch != usable
                && epoch != newest
                && epoch.Position.OrderClock < oldest
                && !inUse.Contains(epoch.Id)
            )
            {
                epoch.Secret = null;
                room.Store.WriteSecret(NameOf(epoch), Forgotten); // or an old leaf key would open it again
                Changes++;
            }
        }
    }

    private bool TryRestore(Epoch epoch)
    {
        if (room.Store.ReadSecret(NameOf(epoch)) is not { } stored)
        {
            return false;
        }

        if (stored.Length != StoredSize)
        {
            return true; // forgotten
        }

        var secrets = stored.AsSpan(sizeof(uint));
        epoch.Secret = new EpochSecret(
            BinaryPrimitives.ReadUInt32BigEndian(stored),
            secrets[..Bytes32.Size],
            secrets.Slice(Bytes32.Size, Bytes32.Size)
        );
        epoch.EntriesBefore = BinaryPrimitives.ReadUInt64BigEndian(secrets[(2 * Bytes32.Size)..]);
        return true;
    }

    private string NameOf(Epoch epoch) => room.SecretName($"epoch/{epoch.Id}");

    private bool IsMember(AuthorId id) =>
        room.Authors.TryGet(id, out var author) && room.Rules.IsMember(author);

    // A forked author's epoch could be another one elsewhere; what follows a leave never counts.
    private bool IsVoid(Epoch epoch) =>
        !room.Authors.TryGet(epoch.Author, out var author)
        || room.Rules.IsVoid(author, epoch.Seq, EntryKind.Content)
        || !room.Rules.IsMember(author);

    // Each author has its own delay for each epoch: random to others, the same after a restart.
    private TimeSpan DelayOf(Epoch epoch)
    {
        var hash = Digest.Labelled("epoch delay", room.Own.Id.Value.ToArray(), epoch.Id.ToArray());
        return MaxDelay * (BinaryPrimitives.ReadUInt16BigEndian(hash.ToArray()) / (double)ushort.MaxValue);
    }
}
