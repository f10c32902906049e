namespace PeerChat.Terminal.Text;

/// <summary>How a character that must not reach the terminal is spelled: <c>^[</c> or <c>&lt;U+202E&gt;</c>.</summary>
internal static class VisibleForm
{
    /// <summary>Room for the longest form, <c>&lt;U+10FFFF&gt;</c>.</summary>
    public const int MaxLength = 10;

    /// <summary>Writes the form of a code point (a lone surrogate too) and returns its length, which is also its columns.</summary>
    public static int Write(int codePoint, Span<char> destination)
    {
        if (codePoint is < 0x20 or 0x7F)
        {
            destination[0] = '^';
            destination[1] = (char)(codePoint ^ 0x40);
            return 2;
        }

        "<U+".CopyTo(destination);
        _ = codePoint.TryFormat(destination[3..], out var digits, "X4");
        destination[3 + digits] = '>';
        return digits + 4;
    }

    /// <summary>Columns that the form takes.</summary>
    public static int Columns(int codePoint) =>
        codePoint switch
        {
            < 0x20 or 0x7F => 2,
            < 0x10000 => 8,
            < 0x100000 => 9,
            _ => 10,
        };
}
