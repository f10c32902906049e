using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Identity;

/// <summary>A PeerId as text: the full form that is copied and read out, and the short form beside a name.</summary>
/// <remarks>
/// Full form: "pc1", then base 32 of the 32 bytes and a checksum of 3 bytes, H(L("id text") ‖ PeerId)[0..3]: 59
/// characters without spare bits. One wrong text in 16 million passes. The short form is the first 40 bits; such an id can be
/// ground out within hours, so it is for display only, and nothing pins or accepts by it.
/// </remarks>
public static class PeerIdText
{
    /// <summary>Characters of the full form.</summary>
    public const int Length = 59;

    private const string Prefix = "pc1";
    private const int ChecksumSize = 3;
    private const int ShortSize = 5;

    /// <summary>The full form, "pc1" and 56 characters.</summary>
    public static string Format(PeerId id)
    {
        var bytes = new byte[Bytes32.Size + ChecksumSize];
        id.Value.CopyTo(bytes);
        WriteChecksum(id, bytes.AsSpan(Bytes32.Size));
        return Prefix + Base32.Encode(bytes);
    }

    /// <summary>Reads the full form in either case; hyphens between characters are skipped.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerId id)
    {
        id = default;
        Span<char> digits = stackalloc char[Length];
        var length = 0;
        foreach (var character in text)
        {
            if (character == '-')
            {
                continue;
            }

            if (length == Length)
            {
                return false;
            }

            digits[length] = character;
            length++;
        }

        Span<byte> bytes = stackalloc byte[Bytes32.Size + ChecksumSize];
        if (
            length != Length
            || !((ReadOnlySpan<char>)digits).StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || !Base32.TryDecode(digits[Prefix.Length..], bytes)
        )
        {
            return false;
        }

        var read = new PeerId(new Bytes32(bytes[..Bytes32.Size]));
        Span<byte> checksum = stackalloc byte[ChecksumSize];
        WriteChecksum(read, checksum);
        if (!checksum.SequenceEqual(bytes[Bytes32.Size..]))
        {
            return false;
        }

        id = read;
        return true;
    }

    /// <summary>The short form, such as "7f3k-9qzt"; display only.</summary>
    public static string ShortForm(PeerId id)
    {
        var text = Base32.Encode(id.Value.ToArray().AsSpan(0, ShortSize));
        return $"{text[..4]}-{text[4..]}";
    }

    /// <summary>A name with the short form, such as "alice~7f3k-9qzt"; display only.</summary>
    public static string Display(DisplayName name, PeerId id) => $"{name}~{ShortForm(id)}";

    private static void WriteChecksum(PeerId id, Span<byte> destination) =>
        Digest.Labelled("id text", id.Value.ToArray()).ToArray().AsSpan(0, ChecksumSize).CopyTo(destination);
}
