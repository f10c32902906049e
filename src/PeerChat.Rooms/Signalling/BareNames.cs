using System.Security.Cryptography;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Signalling;

/// <summary>Meeting by two bare names, without anything else in common (crypto.md section 7).</summary>
/// <remarks>
/// Names can be guessed, so what is sealed under these keys counts as public: on the local network only, unless the user
/// asks for more. The many rounds only make collecting names dear.
/// </remarks>
public static class BareNames
{
    /// <summary>Rounds of PBKDF2-HMAC-SHA256, as the specification says.</summary>
    public const int Rounds = 600_000;

    internal const int SecretSize = 32;
    private static readonly byte[] Salt = "peerchat/1 bare"u8.ToArray();

    /// <summary>
    /// Derives the keys of two names; takes tenths of a second by design, so keep the result.
    /// K = PBKDF2-HMAC-SHA256(password = smaller name ‖ 0x00 ‖ greater name, salt = ASCII "peerchat/1 bare", 600,000,
    /// 32 bytes), names in Form C and UTF-8, compared byte by byte; then the sub keys of K.
    /// </summary>
    public static SignalKeys DeriveExpensively(DisplayName one, DisplayName other) =>
        SignalKeys.From(SecretOf(one, other, Rounds));

    internal static byte[] SecretOf(DisplayName one, DisplayName other, int rounds)
    {
        var (smaller, greater) = (one.ToUtf8(), other.ToUtf8());
        if (smaller.AsSpan().SequenceCompareTo(greater) > 0)
        {
            (smaller, greater) = (greater, smaller);
        }

        byte[] password = [.. smaller, 0, .. greater];
        return Rfc2898DeriveBytes.Pbkdf2(password, Salt, rounds, HashAlgorithmName.SHA256, SecretSize);
    }
}
