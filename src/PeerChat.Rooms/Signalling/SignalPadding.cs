using System.Buffers.Binary;

namespace PeerChat.Rooms.Signalling;

/// <summary>Brings a body to one of two sizes before sealing: length u16 ‖ body ‖ zeros, 1,024 or 2,048 bytes in all.</summary>
internal static class SignalPadding
{
    internal const int SmallSize = 1_024;
    internal const int LargeSize = 2_048;
    private const int LengthSize = 2;

    /// <summary>Pads to the smaller size where the body fits, else to the greater.</summary>
    internal static byte[] Pad(ReadOnlySpan<byte> body)
    {
        var padded = new byte[body.Length + LengthSize <= SmallSize ? SmallSize : LargeSize];
        BinaryPrimitives.WriteUInt16BigEndian(padded, (ushort)body.Length);
        body.CopyTo(padded.AsSpan(LengthSize));
        return padded;
    }

    /// <summary>Finds the body; refuses other sizes, a length past the end, padding that is not zero, and the greater size without need.</summary>
    internal static bool TryUnpad(ReadOnlySpan<byte> padded, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (padded.Length is not (SmallSize or LargeSize))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(padded);
        var rest = padded[LengthSize..];
        if (
            length > rest.Length
            || rest[length..].ContainsAnyExcept((byte)0)
            || (padded.Length == LargeSize && length + LengthSize <= SmallSize)
        )
        {
            return false;
        }

        body = rest[..length];
        return true;
    }
}
