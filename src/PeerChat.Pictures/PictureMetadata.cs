using System.Buffers.Binary;

namespace PeerChat.Pictures;

/// <summary>Takes out of a picture what says where, when and with what it was made, and leaves what it looks like as it is.</summary>
/// <remarks>
/// Nothing is encoded anew. Of a JPEG stay the image, its colour profile and which side is up; of a PNG what the standard needs to draw it; of a GIF its
/// frames. Everything behind the end goes too: telephones put films and depths there.
/// </remarks>
public static class PictureMetadata
{
    private const byte Marker = 0xFF;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte Comment = 0xFE;
    private const byte FirstApplication = 0xE0;
    private const byte Exif = 0xE1;
    private const byte ColorProfile = 0xE2;
    private const byte Adobe = 0xEE;
    private const byte LastApplication = 0xEF;

    private static readonly HashSet<string> KeptChunks = new(
        [
            "IHDR",
            "PLTE",
            "IDAT",
            "IEND",
            "tRNS",
            "gAMA",
            "cHRM",
            "sRGB",
            "iCCP",
            "sBIT",
            "bKGD",
            "pHYs",
            "cICP",
            "mDCV",
            "cLLI",
            "acTL",
            "fcTL",
            "fdAT",
        ],
        StringComparer.Ordinal
    );

    /// <summary>Whether this is a picture of a kind that can be cleaned.</summary>
    /// <param name="first">Its first bytes, 8 at least.</param>
    public static bool IsKnown(ReadOnlySpan<byte> first) =>
        first.StartsWith(JpegDecoder.Signature)
        || first.StartsWith(PngDecoder.Signature)
        || first.StartsWith(GifDecoder.Signature);

    /// <summary>Cleans a picture; null where it is not of its format's form, so that nobody can say what is in it.</summary>
    /// <param name="file">The whole file.</param>
    public static byte[]? Strip(ReadOnlySpan<byte> file) =>
        file.StartsWith(JpegDecoder.Signature) ? StripJpeg(file)
        : file.StartsWith(PngDecoder.Signature) ? StripPng(file)
        : file.StartsWith(GifDecoder.Signature) ? StripGif(file)
        : null;

    private static byte[]? StripJpeg(ReadOnlySpan<byte> file)
    {
        using var output = new MemoryStream(file.Length);
        output.Write(file[..2]);
        var rest = file[2..];
        var turned = false;
        while (rest.Length >= 2)
        {
            var marker = rest[1];
            if (rest[0] != Marker)
            {
                return null;
            }

            if (marker == Marker)
            {
                rest = rest[1..];
                continue;
            }

            if (marker == EndOfImage)
            {
                output.Write(rest[..2]);
                return output.ToArray();
            }

            if (
                rest.Length < 4
                || BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) is var length
                    && (length < 2 || length > rest.Length - 2)
            )
            {
                return null;
            }

            var segment = rest[..(2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))];
            rest = rest[segment.Length..];
            if (marker == Exif && !turned && ExifOrientation.Read(segment[4..]) is > 1 and var orientation)
            {
                output.Write(Turned((byte)orientation));
                turned = true;
            }

            if (IsKept(marker, segment[4..]))
            {
                output.Write(segment);
            }

            if (marker == StartOfScan)
            {
                var end = EndOfScan(rest);
                output.Write(rest[..end]);
                rest = rest[end..];
            }
        }

        return rest.IsEmpty ? output.ToArray() : null; // cut off, but all that is there is known
    }

    private static bool IsKept(byte marker, ReadOnlySpan<byte> body) =>
        marker switch
        {
            FirstApplication => body.StartsWith("JFIF\0"u8),
            ColorProfile => body.StartsWith("ICC_PROFILE\0"u8),
            Adobe => body.StartsWith("Adobe"u8),
            Comment or (>= FirstApplication and <= LastApplication) => false,
            _ => true,
        };

    private static int EndOfScan(ReadOnlySpan<byte> data)
    {
        for (var at = 0; at + 1 < data.Length; at++)
        {
            if (data[at] == Marker && data[at + 1] is not (0 or (>= 0xD0 and <= 0xD7) or Marker))
            {
                return at;
            }
        }

        return data.Length;
    }

    // An Exif segment that says which side is up and nothing else
    private static byte[] Turned(byte orientation) =>
        [
            Marker,
            Exif,
            0,
            34,
            .. "Exif\0\0MM\0*"u8,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            orientation,
            0,
            0,
            0,
            0,
            0,
            0,
        ];

    private static byte[]? StripPng(ReadOnlySpan<byte> file)
    {
        const int Around = 12; // length, type, sum
        using var output = new MemoryStream(file.Length);
        output.Write(file[..PngDecoder.Signature.Length]);
        var rest = file[PngDecoder.Signature.Length..];
        while (rest.Length >= Around)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > (uint)rest.Length - Around)
            {
                return null;
            }

            var chunk = rest[..(Around + (int)length)];
            var type = System.Text.Encoding.Latin1.GetString(chunk.Slice(4, 4));
            rest = rest[chunk.Length..];
            if (KeptChunks.Contains(type))
            {
                output.Write(chunk);
            }

            if (type == "IEND")
            {
                return output.ToArray();
            }
        }

        return null;
    }

    private static byte[]? StripGif(ReadOnlySpan<byte> file)
    {
        const int ScreenSize = 13;
        const int FrameSize = 10;
        if (file.Length < ScreenSize)
        {
            return null;
        }

        using var output = new MemoryStream(file.Length);
        var at = ScreenSize + TableSize(file[10]);
        if (at > file.Length)
        {
            return null;
        }

        output.Write(file[..at]);
        while (at < file.Length)
        {
            var (from, isKept) = (at, true);
            switch (file[at])
            {
                case 0x3B:
                    output.WriteByte(0x3B);
                    return output.ToArray();
                case 0x2C when at + FrameSize < file.Length:
                    at += FrameSize + TableSize(file[at + 9]) + 1;
                    break;
                case 0x21 when at + 2 < file.Length:
                    // Of what others may write between frames only how long each is shown, and whether they go round, is kept
                    isKept =
                        file[at + 1] == 0xF9
                        || (file[at + 1] == 0xFF && file[(at + 3)..].StartsWith("NETSCAPE2.0"u8));
                    at += 2;
                    break;
                default:
                    return null;
            }

            while (at < file.Length && file[at] != 0)
            {
                at += file[at] + 1;
            }

            if (++at > file.Length)
            {
                return null;
            }

            if (isKept)
            {
                output.Write(file[from..at]);
            }
        }

        return null;
    }

    private static int TableSize(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
