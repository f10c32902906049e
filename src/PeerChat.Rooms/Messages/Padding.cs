using System.Buffers.Binary;
using System.Numerics;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>Hides a text's exact length: to 64 bytes, above 1 KiB by Padmé (crypto.md section 3; Nikitin et al., PETS 2019).</summary>
/// <remarks>
/// Padded = u32 length ‖ bytes ‖ zeros. Padmé of the longest text would come out 80 bytes over what a content payload may
/// have, so the padded length is capped there; all lengths above 64,512 look the same.
/// </remarks>
internal static class Padding
{
    /// <summary>Bytes that a padded content may have.</summary>
    public const int MaxPadded = EntryHeader.MaxContentPayload - Sealing.Overhead;

    /// <summary>Bytes of content that fit.</summary>
    public const int MaxContent = MaxPadded - LengthSize;

    private const int LengthSize = sizeof(uint);
    private const int Block = 64;
    private const int BlocksUpTo = 1024;

    /// <summary>Pads.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxContent"/>.</exception>
    public static byte[] Pad(ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxContent)
        {
            throw new ArgumentException($"A content has at most {MaxContent} bytes.", nameof(content));
        }

        var padded = new byte[PaddedSize(LengthSize + content.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(padded, (uint)content.Length);
        content.CopyTo(padded.AsSpan(LengthSize));
        return padded;
    }

    /// <summary>Takes the padding off; false when it is not what <see cref="Pad"/> writes.</summary>
    public static bool TryUnpad(ReadOnlySpan<byte> padded, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (padded.Length is < LengthSize or > MaxPadded)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(padded);
        if (
            length > padded.Length - LengthSize
            || PaddedSize(LengthSize + (int)length) != padded.Length
            || padded[(LengthSize + (int)length)..].IndexOfAnyExcept((byte)0) >= 0
        )
        {
            return false;
        }

        content = padded.Slice(LengthSize, (int)length);
        return true;
    }

    private static int PaddedSize(int size)
    {
        if (size <= BlocksUpTo)
        {
            return (size + Block - 1) / Block * Block;
        }

        // Padmé: with E = floor(log2 L) and S = floor(log2 E) + 1, the lowest E − S bits become zero.
        var exponent = BitOperations.Log2((uint)size);
        var low = (1 << (exponent - BitOperations.Log2((uint)exponent) - 1)) - 1;
        return Math.Min((size + low) & ~low, MaxPadded);
    }
}
