namespace PeerChat.Rooms.Identity;

/// <summary>The letters and marks that show nothing (Default_Ignorable_Code_Point of Unicode among L* and M*).</summary>
internal static class InvisibleCharacters
{
    /// <summary>Whether the code point is one of them.</summary>
    internal static bool Contains(int codePoint) =>
        codePoint
            is 0x034F // combining grapheme joiner
                or 0x115F
                or 0x1160 // Hangul fillers
                or 0x17B4
                or 0x17B5 // Khmer inherent vowels
                or (>= 0x180B and <= 0x180D)
                or 0x180F // Mongolian variation selectors
                or 0x3164
                or 0xFFA0 // Hangul fillers again
                or (>= 0xFE00 and <= 0xFE0F)
                or (>= 0xE0100 and <= 0xE01EF); // variation selectors
}
