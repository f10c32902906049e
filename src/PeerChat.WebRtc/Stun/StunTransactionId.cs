using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Stun;

/// <summary>The 96 random bits that tie a response to its request (RFC 8489 section 5).</summary>
/// <param name="High">The first four bytes.</param>
/// <param name="Low">The other eight.</param>
internal readonly record struct StunTransactionId(uint High, ulong Low)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 12;

    /// <summary>A new, unpredictable id.</summary>
    public static StunTransactionId Create(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[Size];
        entropy.Fill(bytes);
        return Read(bytes);
    }

    /// <summary>Reads the id from the first <see cref="Size"/> bytes.</summary>
    public static StunTransactionId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[4..]));

    /// <summary>Writes the id into the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], Low);
    }
}
