using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Identity;

/// <summary>The number two people compare to know that they hold each other's keys: 60 digits (crypto.md section 1).</summary>
public static class SafetyNumber
{
    /// <summary>Groups of five digits.</summary>
    public const int Groups = 12;

    /// <summary>Digits of them all.</summary>
    public const int Digits = Groups * GroupDigits;

    private const int GroupDigits = 5;
    private const int GroupBytes = 5;
    private const ulong GroupModulus = 100_000;

    /// <summary>The twelve groups; the same whichever of the two ids comes first.</summary>
    public static string[] Of(PeerId one, PeerId other)
    {
        var (smaller, greater) = one.CompareTo(other) < 0 ? (one, other) : (other, one);
        var seed = Digest.Labelled("sn", smaller.Value.ToArray(), greater.Value.ToArray());
        var bytes = Digest.Expand(seed.ToArray(), [], Groups * GroupBytes);
        var groups = new string[Groups];
        for (var i = 0; i < Groups; i++)
        {
            var number = 0UL;
            foreach (var value in bytes.AsSpan(i * GroupBytes, GroupBytes))
            {
                number = (number << 8) | value;
            }

            groups[i] = (number % GroupModulus).ToString("D5");
        }

        return groups;
    }

    /// <summary>Compares a number with one that somebody copied or typed; spaces, line ends and hyphens between digits do not count.</summary>
    public static SafetyComparison Compare(string number, string given)
    {
        var digits = string.Concat(given.Where(c => !char.IsWhiteSpace(c) && c != '-'));
        return digits.Length != Digits || !digits.All(char.IsAsciiDigit) ? SafetyComparison.NotANumber
            : digits == number.Replace(" ", "", StringComparison.Ordinal) ? SafetyComparison.Same
            : SafetyComparison.Other;
    }

    /// <summary>The twelve groups with a space between two.</summary>
    public static string Format(PeerId one, PeerId other) => string.Join(' ', Of(one, other));
}
