using System.Buffers.Binary;

namespace PeerChat.Primitives;

/// <summary>Writes big-endian fields into bytes; the caller makes sure that there is room.</summary>
/// <param name="destination">Where to write; writing past its end throws.</param>
public ref struct SpanWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes of room left.</summary>
    public readonly int Remaining => _destination.Length - Position;

    /// <summary>The bytes written so far.</summary>
    public readonly Span<byte> Written => _destination[..Position];

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => Advance(1)[0] = value;

    /// <summary>Writes a 16-bit number.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Advance(2), value);

    /// <summary>Writes a number of at most 24 bits.</summary>
    public void WriteUInt24(int value)
    {
        var bytes = Advance(3);
        bytes[0] = (byte)((value >> 16) & 0xFF);
        bytes[1] = (byte)((value >> 8) & 0xFF);
        bytes[2] = (byte)(value & 0xFF);
    }

    /// <summary>Writes a 32-bit number.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Advance(4), value);

    /// <summary>Writes a 64-bit number.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Advance(8), value);

    /// <summary>Writes bytes as they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Advance(bytes.Length));

    /// <summary>Takes the next <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Advance(int count)
    {
        var span = _destination.Slice(Position, count);
        Position += count;
        return span;
    }
}
