using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>What members tell each other of an author: whose it is, and what that person is called (crypto.md section 1).</summary>
/// <remarks>
/// <code>
/// room 32 | author key 65 | S 65 | A 65 | blind 32 | certificate 64 | counter 8 | n 1 | name n | signature 64
/// </code>
/// The author key stands for the author id, which is its hash, so that a record can be checked before the join has come.
/// The certificate is by S over the author id; the signature is by the author key over all before it (label "profile").
/// With the join's commitment both directions are bound: nobody can claim another's author key, nor another's identity.
/// </remarks>
internal sealed class ProfileRecord
{
    /// <summary>Bytes a record may have.</summary>
    public const int MaxSize = FixedSize + DisplayName.MaxBytes;

    private const string Use = "profile";
    private const int FixedSize =
        Bytes32.Size + (3 * P256.PointSize) + Bytes32.Size + (2 * P256.SignatureSize) + sizeof(ulong) + 1;

    private Bytes32? _commitment; // asked for with every message, of everybody

    private ProfileRecord(
        RoomId room,
        ReadOnlyMemory<byte> key,
        PublicIdentity identity,
        Bytes32 blind,
        ReadOnlyMemory<byte> certificate,
        ulong counter,
        DisplayName name,
        ReadOnlyMemory<byte> bytes
    )
    {
        Room = room;
        Key = key;
        Author = AuthorKey.IdOf(key);
        Identity = identity;
        Blind = blind;
        Certificate = certificate;
        Counter = counter;
        Name = name;
        Bytes = bytes;
    }

    /// <summary>The room it is about.</summary>
    public RoomId Room { get; }

    /// <summary>The author.</summary>
    public AuthorId Author { get; }

    /// <summary>The author's key.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Whose author it is.</summary>
    public PublicIdentity Identity { get; }

    /// <summary>What opens the join's commitment.</summary>
    public Bytes32 Blind { get; }

    /// <summary>Sign(S, "author", room id ‖ author id).</summary>
    public ReadOnlyMemory<byte> Certificate { get; }

    /// <summary>The newer record has the greater counter.</summary>
    public ulong Counter { get; }

    /// <summary>What the person is called.</summary>
    public DisplayName Name { get; }

    /// <summary>The exact bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Makes one's own record.</summary>
    public static ProfileRecord Create(
        OwnIdentity self,
        DisplayName name,
        RoomId room,
        ISigningKey key,
        Bytes32 blind,
        ulong counter
    )
    {
        var certificate = self.CertifyAuthor(room, AuthorKey.IdOf(key.PublicKey));
        var nameBytes = name.ToUtf8();
        var bytes = new byte[FixedSize + nameBytes.Length];
        var writer = new SpanWriter(bytes);
        room.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteBytes(key.PublicKey.Span);
        self.Public.Write(writer.Advance(PublicIdentity.Size));
        blind.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteBytes(certificate);
        writer.WriteUInt64(counter);
        writer.WriteByte((byte)nameBytes.Length);
        writer.WriteBytes(nameBytes);
        writer.WriteBytes(key.Sign(Use, writer.Written));
        return new ProfileRecord(room, key.PublicKey, self.Public, blind, certificate, counter, name, bytes);
    }

    /// <summary>Reads a record without believing it; see <see cref="Verify"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out ProfileRecord? record)
    {
        record = null;
        var reader = new SpanReader(source);
        if (
            source.Length > MaxSize
            || !reader.TryReadBytes(Bytes32.Size, out var room)
            || !reader.TryReadBytes(P256.PointSize, out var key)
            || !P256.IsPoint(key)
            || !reader.TryReadBytes(PublicIdentity.Size, out var keys)
            || !PublicIdentity.TryParse(keys, out var identity)
            || !reader.TryReadBytes(Bytes32.Size, out var blind)
            || !reader.TryReadBytes(P256.SignatureSize, out var certificate)
            || !reader.TryReadUInt64(out var counter)
            || !reader.TryReadByte(out var nameSize)
            || !reader.TryReadBytes(nameSize, out var nameBytes)
            || !DisplayName.TryParse(nameBytes, out var name, out _)
            || reader.Remaining != P256.SignatureSize
        )
        {
            return false;
        }

        record = new ProfileRecord(
            new RoomId(new Bytes32(room)),
            key.ToArray(),
            identity,
            new Bytes32(blind),
            certificate.ToArray(),
            counter,
            name,
            source.ToArray()
        );
        return true;
    }

    /// <summary>Whether author and identity both say so.</summary>
    public bool Verify() =>
        Identity.VerifyAuthor(Room, Author, Certificate.Span)
        && P256.Verify(Key.Span, Use, Bytes.Span[..^P256.SignatureSize], Bytes.Span[^P256.SignatureSize..]);

    /// <summary>Whether this is whom the join committed to.</summary>
    public bool Opens(JoinControl join) =>
        (_commitment ??= IdentityCommitment.Of(Identity.PeerId, Blind)) == join.IdCommit;
}
