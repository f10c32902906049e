namespace PeerChat.Rooms.Identity;

/// <summary>Base 32 in Crockford's alphabet: no i, l, o or u, so that a read-out or hand-copied id survives.</summary>
internal static class Base32
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Writes bytes as lower-case digits; the number of bits must be a multiple of 5.</summary>
    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length * 8 / 5];
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var value in bytes)
        {
            buffer = ((buffer & 0x1F) << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at] = Alphabet[(buffer >> bits) & 0x1F];
                at++;
            }
        }

        return new string(text);
    }

    /// <summary>Reads digits of either case into exactly as many bytes as the destination has; i and l count as 1, o as 0.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length * 5 != destination.Length * 8)
        {
            return false;
        }

        var (buffer, bits, at) = (0, 0, 0);
        foreach (var character in text)
        {
            var digit = DigitOf(character);
            if (digit < 0)
            {
                return false;
            }

            buffer = ((buffer & 0xFF) << 5) | digit;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                destination[at] = (byte)((buffer >> bits) & 0xFF);
                at++;
            }
        }

        return true;
    }

    private static int DigitOf(char character) =>
        char.ToLowerInvariant(character) switch
        {
            'i' or 'l' => 1,
            'o' => 0,
            // Only ASCII: a Kelvin sign is not a k.
            var lower when char.IsAscii(character) => Alphabet.IndexOf(lower, StringComparison.Ordinal),
            _ => -1,
        };
}
