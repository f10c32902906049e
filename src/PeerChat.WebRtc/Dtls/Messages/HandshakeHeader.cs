using PeerChat.Primitives;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The header of every handshake fragment (RFC 6347 section 4.2.2).</summary>
/// <remarks>
/// <code>
/// | type 1 | length 3 | message_seq 2 | fragment_offset 3 | fragment_length 3 |
/// </code>
/// </remarks>
/// <param name="Type">The kind of message; unnamed values can occur.</param>
/// <param name="Length">Bytes of the whole message without the header.</param>
/// <param name="MessageSequence">The number of the message in its sender's part of the handshake.</param>
/// <param name="FragmentOffset">Where in the message the fragment stands.</param>
/// <param name="FragmentLength">Bytes of the fragment, which follow the header.</param>
internal readonly record struct HandshakeHeader(
    HandshakeType Type,
    int Length,
    ushort MessageSequence,
    int FragmentOffset,
    int FragmentLength
)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 12;

    /// <summary>Whether the fragment is the whole message.</summary>
    public bool IsWhole => FragmentLength == Length;

    /// <summary>Reads a header, and checks that the fragment is all there and lies inside its message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out HandshakeHeader header)
    {
        header = default;
        var reader = new SpanReader(source);
        if (
            !reader.TryReadByte(out var type)
            || !reader.TryReadUInt24(out var length)
            || !reader.TryReadUInt16(out var sequence)
            || !reader.TryReadUInt24(out var offset)
            || !reader.TryReadUInt24(out var fragmentLength)
            || fragmentLength > reader.Remaining
            || offset + fragmentLength > length // 24 bits each: the sum fits
        )
        {
            return false;
        }

        header = new HandshakeHeader((HandshakeType)type, length, sequence, offset, fragmentLength);
        return true;
    }

    /// <summary>Writes the header into the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteByte((byte)Type);
        writer.WriteUInt24(Length);
        writer.WriteUInt16(MessageSequence);
        writer.WriteUInt24(FragmentOffset);
        writer.WriteUInt24(FragmentLength);
    }
}
