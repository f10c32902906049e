using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Sync;

/// <summary>What an author has of a room, durably: receipt and digest in one (crypto.md section 9).</summary>
/// <remarks>
/// <code>
/// room 32 | author 32 | counter 8 | n × (author 32 | seq 8 | id 32), strictly ascending by author
/// </code>
/// The last entry of each log is named; the chain makes it stand for all before it.
/// </remarks>
internal sealed class HaveStatement
{
    /// <summary>Bytes a statement may have.</summary>
    public const int MaxSize = FixedSize + (AuthorTable.MaxAuthors * ItemSize);

    private const string Use = "have";
    private const int FixedSize = (2 * Bytes32.Size) + sizeof(ulong);
    private const int ItemSize = (2 * Bytes32.Size) + sizeof(ulong);

    private readonly Dictionary<AuthorId, LogHead> _heads;

    private HaveStatement(
        RoomId room,
        AuthorId author,
        ulong counter,
        Dictionary<AuthorId, LogHead> heads,
        ReadOnlyMemory<byte> bytes,
        ReadOnlyMemory<byte> signature
    )
    {
        Room = room;
        Author = author;
        Counter = counter;
        _heads = heads;
        Bytes = bytes;
        Signature = signature;
    }

    /// <summary>The room.</summary>
    public RoomId Room { get; }

    /// <summary>Who says so.</summary>
    public AuthorId Author { get; }

    /// <summary>The newer statement has the greater counter.</summary>
    public ulong Counter { get; }

    /// <summary>The last entry of each log.</summary>
    public IReadOnlyDictionary<AuthorId, LogHead> Heads => _heads;

    /// <summary>The exact bytes that are signed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Sign(author key, "have", bytes).</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Bytes and signature in one, as the store keeps them.</summary>
    public byte[] Stored => [.. Bytes.Span, .. Signature.Span];

    /// <summary>Makes one's own statement; the heads are ascending by author.</summary>
    public static HaveStatement Create(
        RoomId room,
        ISigningKey key,
        ulong counter,
        IReadOnlyList<KeyValuePair<AuthorId, LogHead>> heads
    )
    {
        var author = AuthorKey.IdOf(key.PublicKey);
        var bytes = new byte[FixedSize + (heads.Count * ItemSize)];
        var writer = new SpanWriter(bytes);
        room.Value.CopyTo(writer.Advance(Bytes32.Size));
        author.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt64(counter);
        foreach (var (of, head) in heads)
        {
            of.Value.CopyTo(writer.Advance(Bytes32.Size));
            writer.WriteUInt64(head.Seq);
            head.Id.Value.CopyTo(writer.Advance(Bytes32.Size));
        }

        return new HaveStatement(room, author, counter, new(heads), bytes, key.Sign(Use, bytes));
    }

    /// <summary>Reads a statement without believing it; see <see cref="Verify"/>.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> signature,
        [NotNullWhen(true)] out HaveStatement? statement
    )
    {
        statement = null;
        if (
            source.Length is < FixedSize or > MaxSize
            || (source.Length - FixedSize) % ItemSize != 0
            || signature.Length != P256.SignatureSize
        )
        {
            return false;
        }

        var reader = new SpanReader(source);
        _ = reader.TryReadBytes(Bytes32.Size, out var room);
        _ = reader.TryReadBytes(Bytes32.Size, out var author);
        _ = reader.TryReadUInt64(out var counter);
        var heads = new Dictionary<AuthorId, LogHead>();
        AuthorId? last = null;
        while (!reader.AtEnd)
        {
            _ = reader.TryReadBytes(Bytes32.Size, out var of);
            _ = reader.TryReadUInt64(out var seq);
            _ = reader.TryReadBytes(Bytes32.Size, out var id);
            var next = new AuthorId(new Bytes32(of));
            if (seq == 0 || last?.CompareTo(next) >= 0)
            {
                return false;
            }

            heads.Add(next, new LogHead(seq, new EntryId(new Bytes32(id))));
            last = next;
        }

        statement = new HaveStatement(
            new RoomId(new Bytes32(room)),
            new AuthorId(new Bytes32(author)),
            counter,
            heads,
            source.ToArray(),
            signature.ToArray()
        );
        return true;
    }

    /// <summary>Reads what <see cref="Stored"/> wrote.</summary>
    public static bool TryRestore(ReadOnlySpan<byte> stored, [NotNullWhen(true)] out HaveStatement? statement)
    {
        statement = null;
        return stored.Length > P256.SignatureSize
            && TryParse(stored[..^P256.SignatureSize], stored[^P256.SignatureSize..], out statement);
    }

    /// <summary>Whether its author signed it.</summary>
    public bool Verify(ReadOnlySpan<byte> key) => P256.Verify(key, Use, Bytes.Span, Signature.Span);
}
