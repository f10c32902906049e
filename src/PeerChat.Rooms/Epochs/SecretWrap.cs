using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Epochs;

/// <summary>An epoch's secrets sealed to one author's leaf key: author id 32, enc 65, ct 80 (crypto.md section 5).</summary>
/// <param name="Recipient">Who can open it.</param>
/// <param name="EncapsulatedKey">The HPKE encapsulated key.</param>
/// <param name="Ciphertext">The sealed s ‖ r.</param>
internal sealed record SecretWrap(
    AuthorId Recipient,
    ReadOnlyMemory<byte> EncapsulatedKey,
    ReadOnlyMemory<byte> Ciphertext
)
{
    /// <summary>Bytes of a wrap.</summary>
    public const int Size = Bytes32.Size + Hpke.EncapsulatedKeySize + CiphertextSize;

    private const int CiphertextSize = (2 * Bytes32.Size) + Hpke.TagSize;

    /// <summary>Reads a wrap.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out SecretWrap? wrap)
    {
        wrap = null;
        if (source.Length != Size)
        {
            return false;
        }

        wrap = new SecretWrap(
            new AuthorId(new Bytes32(source[..Bytes32.Size])),
            source.Slice(Bytes32.Size, Hpke.EncapsulatedKeySize).ToArray(),
            source[(Bytes32.Size + Hpke.EncapsulatedKeySize)..].ToArray()
        );
        return true;
    }

    /// <summary>Seals s ‖ r for one author; null when the leaf is no point of the curve.</summary>
    public static SecretWrap? Seal(
        IKeySource keys,
        RoomId room,
        AuthorId sender,
        ulong senderSeq,
        AuthorId recipient,
        ReadOnlySpan<byte> leaf,
        ReadOnlySpan<byte> secrets
    )
    {
        var box = Hpke.Seal(keys, leaf, InfoOf(room, sender, senderSeq, recipient), [], secrets);
        return box is { } b ? new SecretWrap(recipient, b.EncapsulatedKey, b.Ciphertext) : null;
    }

    /// <summary>Opens the wrap with the recipient's leaf key; null when it is not for that key.</summary>
    public byte[]? Open(IAgreementKey leaf, RoomId room, AuthorId sender, ulong senderSeq) =>
        Hpke.Open(
            leaf,
            EncapsulatedKey.Span,
            InfoOf(room, sender, senderSeq, Recipient),
            [],
            Ciphertext.Span
        );

    /// <summary>Writes the wrap.</summary>
    public void Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        Recipient.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteBytes(EncapsulatedKey.Span);
        writer.WriteBytes(Ciphertext.Span);
    }

    private static byte[] InfoOf(RoomId room, AuthorId sender, ulong senderSeq, AuthorId recipient)
    {
        var label = Label.Of("wrap");
        var info = new byte[label.Length + (3 * Bytes32.Size) + sizeof(ulong)];
        var writer = new SpanWriter(info);
        writer.WriteBytes(label);
        room.Value.CopyTo(writer.Advance(Bytes32.Size));
        sender.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt64(senderSeq);
        recipient.Value.CopyTo(writer.Advance(Bytes32.Size));
        return info;
    }
}
