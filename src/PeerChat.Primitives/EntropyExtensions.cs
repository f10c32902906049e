using System.Buffers.Binary;

namespace PeerChat.Primitives;

/// <summary>Draws of common shapes from an <see cref="IEntropy"/>.</summary>
public static class EntropyExtensions
{
    /// <summary>A new array of <paramref name="length"/> random bytes.</summary>
    public static byte[] Bytes(this IEntropy entropy, int length)
    {
        var bytes = new byte[length];
        entropy.Fill(bytes);
        return bytes;
    }

    /// <summary>A uniformly random 32-bit number.</summary>
    public static uint NextUInt32(this IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[4];
        entropy.Fill(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>A uniformly random 64-bit number.</summary>
    public static ulong NextUInt64(this IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[8];
        entropy.Fill(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>A uniformly random span between two bounds, for jitter.</summary>
    public static TimeSpan NextTimeSpan(this IEntropy entropy, TimeSpan min, TimeSpan max)
    {
        var fraction = entropy.NextUInt32() / (double)uint.MaxValue;
        return min + ((max - min) * fraction);
    }
}
