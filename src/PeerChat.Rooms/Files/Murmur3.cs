using System.Buffers.Binary;
using System.Numerics;

namespace PeerChat.Rooms.Files;

/// <summary>The first 64 bits of MurmurHash3 x64-128 with seed 0 (multihash 0x22): where an entry lies in a HAMT. No protection against anything.</summary>
internal static class Murmur3
{
    private const ulong First = 0x87C37B91114253D5;
    private const ulong Second = 0x4CF5AD432745937F;

    /// <summary>Hashes.</summary>
    public static ulong Hash64(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            var (one, two) = (0UL, 0UL);
            var length = (ulong)bytes.Length;
            while (bytes.Length >= 16)
            {
                one ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                one = ((BitOperations.RotateLeft(one, 27) + two) * 5) + 0x52DCE729;
                two ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
                two = ((BitOperations.RotateLeft(two, 31) + one) * 5) + 0x38495AB5;
                bytes = bytes[16..];
            }

            Span<byte> tail = stackalloc byte[16];
            bytes.CopyTo(tail);
            two ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
            one ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(tail));
            one ^= length;
            two ^= length;
            one += two;
            two += one;
            return Finish(one) + Finish(two);
        }
    }

    private static ulong MixFirst(ulong part) =>
        unchecked(BitOperations.RotateLeft(part * First, 31) * Second);

    private static ulong MixSecond(ulong part) =>
        unchecked(BitOperations.RotateLeft(part * Second, 33) * First);

    private static ulong Finish(ulong value)
    {
        unchecked
        {
            value ^= value >> 33;
            value *= 0xFF51AFD7ED558CCD;
            value ^= value >> 33;
            value *= 0xC4CEB9FE1A85EC53;
            return value ^ (value >> 33);
        }
    }
}
