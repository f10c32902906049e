namespace PeerChat.Pictures;

/// <summary>Decodes pictures of strangers: PNG, JPEG (baseline and progressive) and the first frame of GIF, in bounds, never throwing.</summary>
public static class PictureDecoder
{
    /// <summary>Decodes a file to a picture of at most so many pixels.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="maxWidth">The greatest width of the result, at least 1.</param>
    /// <param name="maxHeight">Its greatest height, at least 1.</param>
    /// <param name="picture">The picture; what is cut off shows as far as it goes.</param>
    /// <param name="problem">Why there is none.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> file,
        int maxWidth,
        int maxHeight,
        out Picture picture,
        out PictureProblem problem
    )
    {
        var span = file.Span;
        var decoded =
            span.StartsWith(PngDecoder.Signature) ? PngDecoder.Decode(file, maxWidth, maxHeight, out problem)
            : span.StartsWith(JpegDecoder.Signature)
                ? new JpegDecoder(file).Decode(maxWidth, maxHeight, out problem)
            : span.StartsWith(GifDecoder.Signature)
                ? GifDecoder.Decode(span, maxWidth, maxHeight, out problem)
            : None(out problem);
        picture = decoded ?? new Picture(1, 1, new byte[Picture.PixelSize]);
        return decoded is not null;
    }

    /// <summary>Whether a picture of these dimensions is decoded at all.</summary>
    internal static bool IsBounded(int width, int height, int maxPixels) =>
        width is >= 1 and <= PictureLimits.MaxSide
        && height is >= 1 and <= PictureLimits.MaxSide
        && (long)width * height <= maxPixels;

    private static Picture? None(out PictureProblem problem)
    {
        problem = PictureProblem.UnknownFormat;
        return null;
    }
}
