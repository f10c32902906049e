using System.Buffers;
using System.Text;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>User name fragment and password of one agent (RFC 8445 section 5.3).</summary>
internal sealed class IceCredentials
{
    /// <summary>The shortest fragment allowed (RFC 8839 section 5.4).</summary>
    public const int MinUfragLength = 4;

    /// <summary>The shortest password allowed (RFC 8839 section 5.4).</summary>
    public const int MinPasswordLength = 22;

    /// <summary>The longest of either (RFC 8839 section 5.4).</summary>
    public const int MaxLength = 256;

    private const int OwnUfragLength = 8; // 48 bits: also tells the connections of one socket apart
    private const int OwnPasswordLength = 24; // 144 bits; RFC 8445 section 5.3 wants 128
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly SearchValues<char> IceCharSet = SearchValues.Create(IceChars);

    /// <summary>Takes credentials that <see cref="IsUfrag"/> and <see cref="IsPassword"/> accept.</summary>
    public IceCredentials(string ufrag, string password)
    {
        Ufrag = ufrag;
        Password = password;
        Key = Encoding.ASCII.GetBytes(password);
    }

    /// <summary>The user name fragment.</summary>
    public string Ufrag { get; }

    /// <summary>The password.</summary>
    public string Password { get; }

    /// <summary>The password as the key of MESSAGE-INTEGRITY (RFC 8489 section 9.1.1).</summary>
    public byte[] Key { get; }

    /// <summary>New random credentials.</summary>
    public static IceCredentials Create(IEntropy entropy) =>
        new(RandomText(entropy, OwnUfragLength), RandomText(entropy, OwnPasswordLength));

    /// <summary>Whether a text may be a user name fragment.</summary>
    public static bool IsUfrag(string text) =>
        text.Length is >= MinUfragLength and <= MaxLength && AreIceChars(text);

    /// <summary>Whether a text may be a password.</summary>
    public static bool IsPassword(string text) =>
        text.Length is >= MinPasswordLength and <= MaxLength && AreIceChars(text);

    /// <summary>Whether a text holds only the characters that ICE allows (RFC 8839 section 5.1).</summary>
    public static bool AreIceChars(string text) => text.AsSpan().IndexOfAnyExcept(IceCharSet) < 0;

    private static string RandomText(IEntropy entropy, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        entropy.Fill(bytes);
        Span<char> text = stackalloc char[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = IceChars[bytes[i] % IceChars.Length]; // 64 divides 256: uniform
        }

        return new string(text);
    }
}
