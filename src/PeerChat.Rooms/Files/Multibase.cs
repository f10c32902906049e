namespace PeerChat.Rooms.Files;

/// <summary>The one multibase that CIDv1 texts are written in here: <c>b</c>, then base 32 of RFC 4648 in lower case without padding.</summary>
internal static class Multibase
{
    private const char Base32Prefix = 'b';
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Writes bytes with the prefix.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[1 + (((bytes.Length * 8) + 4) / 5)];
        text[0] = Base32Prefix;
        var (buffer, bits, at) = (0, 0, 1);
        foreach (var value in bytes)
        {
            buffer = ((buffer & 0x1F) << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(buffer >> bits) & 0x1F];
            }
        }

        if (bits > 0)
        {
            text[at] = Alphabet[(buffer << (5 - bits)) & 0x1F];
        }

        return new string(text);
    }

    /// <summary>Reads a text into exactly as many bytes as the destination has; the unused last bits must be zero.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length != 1 + (((destination.Length * 8) + 4) / 5) || text[0] != Base32Prefix)
        {
            return false;
        }

        var (buffer, bits, at) = (0, 0, 0);
        foreach (var character in text[1..])
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            buffer = ((buffer & 0xFF) << 5) | digit;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                destination[at++] = (byte)((buffer >> bits) & 0xFF);
            }
        }

        return (buffer & ((1 << bits) - 1)) == 0;
    }
}
