using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.Rooms.Signalling;

/// <summary>The random id of one offer; the same offer keeps it on every rung it is sent by.</summary>
/// <param name="Value">The 16 bytes as a number.</param>
public readonly record struct OfferId(UInt128 Value)
{
    /// <summary>Bytes of an id.</summary>
    public const int Size = 16;

    /// <summary>A new id.</summary>
    public static OfferId Create(IEntropy entropy) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(entropy.Bytes(Size)));

    /// <summary>Reads exactly 16 bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out OfferId id)
    {
        id = source.Length == Size ? new OfferId(BinaryPrimitives.ReadUInt128BigEndian(source)) : default;
        return source.Length == Size;
    }

    /// <summary>The 16 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>The 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
