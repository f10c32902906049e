using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Invitations;

/// <summary>Bytes as text that people copy: base 32 with a checksum, so that a slip is told from a text of another kind.</summary>
/// <remarks>The bytes are followed by H[0..4] over them and filled up with zeros to a multiple of five, a whole number of digits.</remarks>
public static class LinkText
{
    private const int ChecksumSize = 4;
    private const int Block = 5; // bytes that are a whole number of digits

    /// <summary>Writes bytes behind a scheme.</summary>
    public static string Write(string scheme, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[(content.Length + ChecksumSize + Block - 1) / Block * Block];
        content.CopyTo(bytes);
        Digest.Hash(content).ToArray().AsSpan(0, ChecksumSize).CopyTo(bytes.AsSpan(content.Length));
        return scheme + Base32.Encode(bytes);
    }

    /// <summary>The bytes of a text, with or without its scheme; spaces and line ends do not matter. Null where it is no such text.</summary>
    public static byte[]? Read(string scheme, string text, int maxDigits)
    {
        var digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (digits.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[scheme.Length..];
        }

        var bytes = new byte[digits.Length * Block / 8];
        return
            digits.Length > 0
            && digits.Length <= maxDigits
            && digits.Length % 8 == 0
            && Base32.TryDecode(digits, bytes)
            ? bytes
            : null;
    }

    /// <summary>Whether what a parser has left of the bytes is the checksum of what it read, and zeros.</summary>
    public static bool EndsWell(ReadOnlySpan<byte> bytes, ref SpanReader reader)
    {
        var content = bytes[..(bytes.Length - reader.Remaining)];
        return reader.TryReadBytes(ChecksumSize, out var checksum)
            && Digest.Hash(content).ToArray().AsSpan(0, ChecksumSize).SequenceEqual(checksum)
            && reader.Remaining < Block
            && reader.Rest.IndexOfAnyExcept((byte)0) < 0;
    }
}
