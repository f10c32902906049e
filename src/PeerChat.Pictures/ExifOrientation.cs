using System.Buffers.Binary;

namespace PeerChat.Pictures;

/// <summary>How a camera was held (Exif 2.32, tag 0x0112 of the first directory).</summary>
internal static class ExifOrientation
{
    private const int EntrySize = 12;
    private const ushort Tag = 0x0112;

    /// <summary>Reads it from an APP1 segment; null where it does not say.</summary>
    public static int? Read(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8) || segment.Length < 14)
        {
            return null;
        }

        var tiff = segment[6..];
        var isBig = tiff[0] == 'M';
        var offset = isBig
            ? BinaryPrimitives.ReadUInt32BigEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]);
        if (offset > (uint)tiff.Length - 2)
        {
            return null;
        }

        var directory = tiff[(int)offset..];
        var count = Number(directory, isBig);
        directory = directory[2..];
        for (var index = 0; index < count && directory.Length >= EntrySize; index++)
        {
            if (Number(directory, isBig) == Tag)
            {
                return Number(directory[8..], isBig) is >= 1 and <= 8 and var orientation
                    ? orientation
                    : null;
            }

            directory = directory[EntrySize..];
        }

        return null;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
