using System.Buffers.Binary;

namespace PeerChat.Primitives;

/// <summary>Reads big-endian fields from bytes; a read past the end fails and leaves the position where it was.</summary>
/// <param name="source">The bytes to read.</param>
public ref struct SpanReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _source.Length - Position;

    /// <summary>Whether all bytes were read.</summary>
    public readonly bool AtEnd => Remaining == 0;

    /// <summary>The bytes not read yet, without moving.</summary>
    public readonly ReadOnlySpan<byte> Rest => _source[Position..];

    /// <summary>Reads one byte.</summary>
    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (Remaining < 1)
        {
            return false;
        }

        value = _source[Position];
        Position++;
        return true;
    }

    /// <summary>Reads a 16-bit number.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        var ok = TryReadBytes(2, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
        return ok;
    }

    /// <summary>Reads a 24-bit number.</summary>
    public bool TryReadUInt24(out int value)
    {
        var ok = TryReadBytes(3, out var bytes);
        value = ok ? (bytes[0] << 16) | (bytes[1] << 8) | bytes[2] : 0;
        return ok;
    }

    /// <summary>Reads a 32-bit number.</summary>
    public bool TryReadUInt32(out uint value)
    {
        var ok = TryReadBytes(4, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Reads a 64-bit number.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        var ok = TryReadBytes(8, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Reads <paramref name="count"/> bytes as a view over the source.</summary>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        if (count < 0 || Remaining < count)
        {
            bytes = default;
            return false;
        }

        bytes = _source.Slice(Position, count);
        Position += count;
        return true;
    }
}
