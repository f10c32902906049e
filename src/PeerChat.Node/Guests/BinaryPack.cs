using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace PeerChat.Node.Guests;

/// <summary>BinaryPack, the serialisation that PeerJS pages use where nobody chose another (peerjs-js-binarypack 2.1).</summary>
/// <remarks>
/// An old dialect of MessagePack: a0 to af, da and db are bytes there, b0 to bf, d8 and d9 strings. What a page packed is read as JSON,
/// which is what a chat can show; nothing of it is executed, and its size is bounded by that of the message.
/// </remarks>
internal static class BinaryPack
{
    /// <summary>How deep values may be nested; a chat message has one or two levels.</summary>
    public const int MaxDepth = 16;

    /// <summary>How many values one message may hold: more makes no line that anybody reads.</summary>
    public const int MaxValues = 4096;

    private const byte Null = 0xc0;
    private const byte Undefined = 0xc1;

    /// <summary>Reads a packed value as JSON; false where it is none.</summary>
    public static bool TryReadJson(ReadOnlySpan<byte> packed, [NotNullWhen(true)] out string? json)
    {
        json = null;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(packed.Length + 64);
        using var writer = new Utf8JsonWriter(buffer);
        var rest = packed;
        var values = 0;
        if (!TryCopy(ref rest, writer, 0, ref values) || !rest.IsEmpty)
        {
            return false;
        }

        writer.Flush();
        json = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return true;
    }

    /// <summary>Reads a piece of a longer message: a map of <c>__peerData</c>, <c>n</c>, <c>total</c> and <c>data</c>.</summary>
    public static bool TryReadPiece(ReadOnlySpan<byte> message, out BinaryPackPiece piece)
    {
        piece = default;
        var packed = message;
        if (!TryTakeCount(ref packed, 0x80, 0xde, 0xdf, out var fields) || fields != 4)
        {
            return false;
        }

        var (id, index, total) = (-1L, -1L, -1L);
        var data = ReadOnlySpan<byte>.Empty;
        for (var i = 0; i < fields; i++)
        {
            if (!TryTakeString(ref packed, out var key))
            {
                return false;
            }

            var isRead =
                key.SequenceEqual("data"u8) ? TryTakeBytes(ref packed, out data)
                : key.SequenceEqual("__peerData"u8) ? TryTakeInteger(ref packed, out id)
                : key.SequenceEqual("n"u8) ? TryTakeInteger(ref packed, out index)
                : key.SequenceEqual("total"u8) && TryTakeInteger(ref packed, out total);
            if (!isRead)
            {
                return false;
            }
        }

        if (id < 0 || index < 0 || total <= index || !packed.IsEmpty)
        {
            return false;
        }

        piece = new BinaryPackPiece(id, index, total, data.ToArray());
        return true;
    }

    /// <summary>Packs a string.</summary>
    public static byte[] Pack(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Head(0xb0, 0xd8, 0xd9, bytes.Length), .. bytes];
    }

    /// <summary>Packs the word by which PeerJS pages close a connection once all is sent.</summary>
    public static byte[] PackClose() =>
        [0x81, .. Pack("__peerData"), 0x81, .. Pack("type"), .. Pack("close")];

    /// <summary>Packs a piece of a longer message.</summary>
    public static byte[] Pack(BinaryPackPiece piece) =>
        [
            0x84,
            .. Pack("__peerData"),
            .. PackNumber(piece.Id),
            .. Pack("n"),
            .. PackNumber(piece.Index),
            .. Pack("data"),
            .. Head(0xa0, 0xda, 0xdb, piece.Data.Length),
            .. piece.Data,
            .. Pack("total"),
            .. PackNumber(piece.Total),
        ];

    private static byte[] PackNumber(long number)
    {
        if (number < 0x80)
        {
            return [(byte)number];
        }

        var bytes = new byte[5];
        bytes[0] = 0xce;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), checked((uint)number));
        return bytes;
    }

    private static byte[] Head(byte small, byte two, byte four, int length)
    {
        if (length < 16)
        {
            return [(byte)(small | length)];
        }

        var isShort = length <= ushort.MaxValue;
        var bytes = new byte[isShort ? 3 : 5];
        bytes[0] = isShort ? two : four;
        if (isShort)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), (ushort)length);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), (uint)length);
        }

        return bytes;
    }

    private static bool TryCopy(
        scoped ref ReadOnlySpan<byte> from,
        Utf8JsonWriter to,
        int depth,
        ref int values
    )
    {
        if (from.IsEmpty || depth > MaxDepth || ++values > MaxValues)
        {
            return false;
        }

        if (TryTakeCount(ref from, 0x80, 0xde, 0xdf, out var count))
        {
            to.WriteStartObject();
            for (var i = 0L; i < count; i++)
            {
                if (!TryTakeString(ref from, out var key) || !System.Text.Unicode.Utf8.IsValid(key))
                {
                    return false;
                }

                to.WritePropertyName(key);
                if (!TryCopy(ref from, to, depth + 1, ref values))
                {
                    return false;
                }
            }

            to.WriteEndObject();
            return true;
        }

        if (TryTakeCount(ref from, 0x90, 0xdc, 0xdd, out count))
        {
            to.WriteStartArray();
            for (var i = 0L; i < count; i++)
            {
                if (!TryCopy(ref from, to, depth + 1, ref values))
                {
                    return false;
                }
            }

            to.WriteEndArray();
            return true;
        }

        return TryCopyPlain(ref from, to);
    }

    private static bool TryCopyPlain(scoped ref ReadOnlySpan<byte> from, Utf8JsonWriter to)
    {
        if (TryTakeString(ref from, out var text))
        {
            if (!System.Text.Unicode.Utf8.IsValid(text))
            {
                return false;
            }

            to.WriteStringValue(text);
            return true;
        }

        if (TryTakeBytes(ref from, out var bytes))
        {
            to.WriteStringValue($"({bytes.Length} bytes)"); // of no use in a line
            return true;
        }

        if (TryTakeInteger(ref from, out var number))
        {
            to.WriteNumberValue(number);
            return true;
        }

        return TryCopyOther(ref from, to);
    }

    private static bool TryCopyOther(scoped ref ReadOnlySpan<byte> from, Utf8JsonWriter to)
    {
        var kind = from[0];
        from = from[1..];
        switch (kind)
        {
            case Null or Undefined or (>= 0xd4 and <= 0xd7):
                to.WriteNullValue();
                return true;
            case 0xc2 or 0xc3:
                to.WriteBooleanValue(kind == 0xc3);
                return true;
            case 0xca when from.Length >= 4:
                Write(BinaryPrimitives.ReadSingleBigEndian(from));
                from = from[4..];
                return true;
            case 0xcb when from.Length >= 8:
                Write(BinaryPrimitives.ReadDoubleBigEndian(from));
                from = from[8..];
                return true;
            default:
                return false;
        }

        void Write(double value)
        {
            if (double.IsFinite(value))
            {
                to.WriteNumberValue(value);
            }
            else
            {
                to.WriteNullValue(); // as JSON.stringify does
            }
        }
    }

    private static bool TryTakeString(scoped ref ReadOnlySpan<byte> from, out ReadOnlySpan<byte> text) =>
        TryTakeBlock(ref from, 0xb0, 0xd8, 0xd9, out text);

    private static bool TryTakeBytes(scoped ref ReadOnlySpan<byte> from, out ReadOnlySpan<byte> bytes) =>
        TryTakeBlock(ref from, 0xa0, 0xda, 0xdb, out bytes);

    private static bool TryTakeBlock(
        scoped ref ReadOnlySpan<byte> from,
        byte small,
        byte two,
        byte four,
        out ReadOnlySpan<byte> block
    )
    {
        block = default;
        var rest = from;
        if (!TryTakeCount(ref rest, small, two, four, out var length) || length > rest.Length)
        {
            return false;
        }

        block = rest[..(int)length];
        from = rest[(int)length..];
        return true;
    }

    // The head of everything that has a length: in the low nibble, in two bytes, in four
    private static bool TryTakeCount(
        scoped ref ReadOnlySpan<byte> from,
        byte small,
        byte two,
        byte four,
        out long count
    )
    {
        count = 0;
        if (from.IsEmpty)
        {
            return false;
        }

        if ((from[0] & 0xf0) == small)
        {
            count = from[0] & 0x0f;
            from = from[1..];
            return true;
        }

        if (from[0] == two && from.Length >= 3)
        {
            count = BinaryPrimitives.ReadUInt16BigEndian(from[1..]);
            from = from[3..];
            return true;
        }

        if (from[0] == four && from.Length >= 5)
        {
            count = BinaryPrimitives.ReadUInt32BigEndian(from[1..]);
            from = from[5..];
            return true;
        }

        return false;
    }

    private static bool TryTakeInteger(scoped ref ReadOnlySpan<byte> from, out long number)
    {
        number = 0;
        if (from.IsEmpty)
        {
            return false;
        }

        var kind = from[0];
        if (kind is <= 0x7f or >= 0xe0)
        {
            number = unchecked((sbyte)kind);
            from = from[1..];
            return true;
        }

        if (kind is not ((>= 0xcc and <= 0xcf) or (>= 0xd0 and <= 0xd3)))
        {
            return false;
        }

        var size = 1 << (kind & 3);
        if (from.Length <= size)
        {
            return false;
        }

        var bytes = from.Slice(1, size);
        from = from[(1 + size)..];
        number = (kind < 0xd0, size) switch
        {
            (true, 1) => bytes[0],
            (true, 2) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            (true, 4) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            (true, _) => unchecked((long)BinaryPrimitives.ReadUInt64BigEndian(bytes)),
            (false, 1) => unchecked((sbyte)bytes[0]),
            (false, 2) => BinaryPrimitives.ReadInt16BigEndian(bytes),
            (false, 4) => BinaryPrimitives.ReadInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadInt64BigEndian(bytes),
        };
        return true;
    }
}
