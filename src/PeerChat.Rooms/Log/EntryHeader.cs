using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Log;

/// <summary>The header of an entry, read from its exact bytes (crypto.md section 3).</summary>
/// <remarks>
/// <code>
/// version 1 | kind 1 | room 32 | author 32 | seq 8 | prev 32 | clock 8 | epoch 32 | generation 4
/// | h 1 | heads 32·h | c 2 | control c | payload size 4 | H(payload) 32
/// </code>
/// Everything before the payload size is the associated data of the payload's sealing, see <see cref="EntryPrefix"/>.
/// </remarks>
internal sealed class EntryHeader
{
    /// <summary>The only version there is.</summary>
    public const byte Version = 1;

    /// <summary>Bytes of a header without heads and control.</summary>
    public const int FixedSize = 189;

    /// <summary>Where the epoch id begins.</summary>
    public const int EpochOffset = 114;

    /// <summary>Bytes of the two payload fields at the end.</summary>
    public const int PayloadFieldsSize = 36;

    /// <summary>Bytes a header may have (crypto.md section 3).</summary>
    public const int MaxSize = 2048;

    /// <summary>Heads an entry may cite (crypto.md section 3).</summary>
    public const int MaxHeads = 16;

    /// <summary>Bytes of control (crypto.md section 3).</summary>
    public const int MaxControlSize = 1024;

    /// <summary>Bytes of a content payload (crypto.md section 3): a text of 64 KiB with its sealing and padding.</summary>
    public const int MaxContentPayload = 66 * 1024;

    /// <summary>Bytes of an epoch payload (crypto.md section 3): 1,024 wraps and room to spare.</summary>
    public const int MaxEpochPayload = 256 * 1024;

    private EntryHeader(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>The exact bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>H(L("entry") ‖ header).</summary>
    public EntryId Id { get; private init; }

    /// <summary>What the entry is.</summary>
    public EntryKind Kind { get; private init; }

    /// <summary>The room as it stands in the bytes; zeros in a genesis.</summary>
    public RoomId Room { get; private init; }

    /// <summary>The room it belongs to: a genesis makes the room of its own id.</summary>
    public RoomId OwnRoom => Kind == EntryKind.Genesis ? new RoomId(Id.Value) : Room;

    /// <summary>Who wrote it.</summary>
    public AuthorId Author { get; private init; }

    /// <summary>Its number in the author's log, from 1.</summary>
    public ulong Seq { get; private init; }

    /// <summary>The id of the author's entry before; zeros for the first.</summary>
    public EntryId Previous { get; private init; }

    /// <summary>The author's hybrid clock.</summary>
    public ulong Clock { get; private init; }

    /// <summary>The epoch that seals the payload; zeros where none does.</summary>
    public Bytes32 Epoch { get; private init; }

    /// <summary>The generation within the epoch.</summary>
    public uint Generation { get; private init; }

    /// <summary>Entries by others, strictly ascending.</summary>
    public IReadOnlyList<EntryId> Heads { get; private init; } = [];

    /// <summary>The clear control bytes; empty for content.</summary>
    public ReadOnlyMemory<byte> Control { get; private init; }

    /// <summary>Bytes of payload.</summary>
    public int PayloadSize { get; private init; }

    /// <summary>The payload's hash; zeros if there is none.</summary>
    public Bytes32 PayloadHash { get; private init; }

    /// <summary>The part of the header that the payload's sealing authenticates.</summary>
    public ReadOnlySpan<byte> AssociatedData => Bytes.Span[..^PayloadFieldsSize];

    /// <summary>The id of the author's control entry before this one, with which all control bytes begin.</summary>
    public EntryId PreviousControl => new(new Bytes32(Control.Span[..Bytes32.Size]));

    /// <summary>Reads a header; refuses every deviation from the layout, whoever signed it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out EntryHeader? header)
    {
        header = null;
        var reader = new SpanReader(source);
        if (
            source.Length is < FixedSize or > MaxSize
            || !reader.TryReadByte(out var version)
            || version != Version
            || !reader.TryReadByte(out var kind)
            || !reader.TryReadBytes(Bytes32.Size, out var room)
            || !reader.TryReadBytes(Bytes32.Size, out var author)
            || !reader.TryReadUInt64(out var seq)
            || !reader.TryReadBytes(Bytes32.Size, out var previous)
            || !reader.TryReadUInt64(out var clock)
            || !reader.TryReadBytes(Bytes32.Size, out var epoch)
            || !reader.TryReadUInt32(out var generation)
            || !TryReadHeads(ref reader, out var heads)
            || !reader.TryReadUInt16(out var controlSize)
            || controlSize > MaxControlSize
            || !reader.TryReadBytes(controlSize, out var control)
            || !reader.TryReadUInt32(out var payloadSize)
            || payloadSize > MaxEpochPayload
            || !reader.TryReadBytes(Bytes32.Size, out var payloadHash)
            || !reader.AtEnd
        )
        {
            return false;
        }

        var bytes = source.ToArray();
        var controlStart = bytes.Length - PayloadFieldsSize - controlSize;
        var parsed = new EntryHeader(bytes)
        {
            Id = new EntryId(Digest.Labelled("entry", bytes)),
            Kind = (EntryKind)kind,
            Room = new RoomId(new Bytes32(room)),
            Author = new AuthorId(new Bytes32(author)),
            Seq = seq,
            Previous = new EntryId(new Bytes32(previous)),
            Clock = clock,
            Epoch = new Bytes32(epoch),
            Generation = generation,
            Heads = heads,
            Control = bytes.AsMemory(controlStart, controlSize),
            PayloadSize = (int)payloadSize,
            PayloadHash = new Bytes32(payloadHash),
        };
        header = parsed.IsConsistent() ? parsed : null;
        return header is not null;
    }

    /// <summary>Whether these bytes are the payload that the header announces.</summary>
    public bool Matches(ReadOnlySpan<byte> payload) =>
        payload.Length == PayloadSize && (payload.IsEmpty || Digest.Hash(payload) == PayloadHash);

    private static bool TryReadHeads(ref SpanReader reader, out EntryId[] heads)
    {
        heads = [];
        if (
            !reader.TryReadByte(out var count)
            || count > MaxHeads
            || !reader.TryReadBytes(count * Bytes32.Size, out var bytes)
        )
        {
            return false;
        }

        heads = new EntryId[count];
        for (var i = 0; i < count; i++)
        {
            heads[i] = new EntryId(new Bytes32(bytes.Slice(i * Bytes32.Size, Bytes32.Size)));
            if (i > 0 && heads[i].CompareTo(heads[i - 1]) <= 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsConsistent()
    {
        var isFirst = Kind is EntryKind.Genesis or EntryKind.Join;
        var isContent = Kind == EntryKind.Content;
        var isKnown = Kind <= EntryKind.Leave;
        return Seq > 0
            && (Seq == 1) == Previous.Value.IsZero
            && (Seq == 1) == isFirst
            && (Kind == EntryKind.Genesis) == Room.Value.IsZero
            && (PayloadSize > 0 || PayloadHash.IsZero)
            && PayloadSize <= MaxPayload(Kind)
            && (!isContent || PayloadSize >= Sealing.Overhead)
            && (Kind != EntryKind.Epoch || PayloadSize > 0)
            && (!isKnown || isContent == !Epoch.IsZero)
            && (!Epoch.IsZero || Generation == 0)
            && (isContent ? Control.IsEmpty : Control.Length >= Bytes32.Size);
    }

    private static int MaxPayload(EntryKind kind) =>
        kind switch
        {
            EntryKind.Content => MaxContentPayload,
            EntryKind.Epoch => MaxEpochPayload,
            <= EntryKind.Leave => 0,
            _ => MaxContentPayload, // of a kind that a later version defines
        };
}
