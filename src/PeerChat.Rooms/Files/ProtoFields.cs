using System.Buffers;

namespace PeerChat.Rooms.Files;

/// <summary>Fields of protobuf messages as dag-pb and UnixFS have them; written by hand since the bytes are hashed.</summary>
internal static class ProtoFields
{
    /// <summary>Wire type of a number.</summary>
    public const int Number = 0;

    /// <summary>Wire type of bytes with their length before.</summary>
    public const int Bytes = 2;

    /// <summary>Writes a number field.</summary>
    public static void WriteNumber(ArrayBufferWriter<byte> output, int field, ulong value)
    {
        WriteVarint(output, ((ulong)field << 3) | Number);
        WriteVarint(output, value);
    }

    /// <summary>Writes a field of bytes.</summary>
    public static void WriteBytes(ArrayBufferWriter<byte> output, int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(output, ((ulong)field << 3) | Bytes);
        WriteVarint(output, (ulong)value.Length);
        output.Write(value);
    }

    /// <summary>Reads the next field; false when the bytes are no field of these two types.</summary>
    public static bool TryRead(
        ref ReadOnlySpan<byte> source,
        out int field,
        out int type,
        out ulong number,
        out ReadOnlySpan<byte> bytes
    )
    {
        (field, type, number) = (0, 0, 0);
        bytes = default;
        if (!Varint.TryRead(ref source, out var tag) || tag >> 3 is 0 or > 15)
        {
            return false;
        }

        (field, type) = ((int)(tag >> 3), (int)(tag & 7));
        if (type is not (Number or Bytes) || !Varint.TryRead(ref source, out number))
        {
            return false;
        }

        if (type == Number)
        {
            return true;
        }

        if (number > (ulong)source.Length)
        {
            return false;
        }

        bytes = source[..(int)number];
        source = source[(int)number..];
        return true;
    }

    private static void WriteVarint(ArrayBufferWriter<byte> output, ulong value) =>
        output.Advance(Varint.Write(output.GetSpan(Varint.MaxSize), value));
}
