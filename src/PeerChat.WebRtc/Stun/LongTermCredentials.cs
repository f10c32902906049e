using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace PeerChat.WebRtc.Stun;

/// <summary>A user name and password at a server, and what the server wants to see of them (RFC 8489 section 9.2).</summary>
/// <remarks>Texts are taken as they were given: a user whose server prepares them otherwise writes them in the prepared form (RFC 8265).</remarks>
internal sealed class LongTermCredentials(string username, string password)
{
    /// <summary>The longest user name, in bytes of UTF-8 (RFC 8489 section 14.3: fewer than 509).</summary>
    public const int MaxUsernameBytes = 508;

    /// <summary>The longest realm and the longest nonce, in bytes (RFC 8489 sections 14.9 and 14.10: fewer than 763).</summary>
    public const int MaxTextBytes = 762;

    /// <summary>So many bytes of PASSWORD-ALGORITHMS are repeated to the server; two algorithms take eight (guess).</summary>
    private const int MaxAlgorithmBytes = 64;

    private const ushort Md5 = 1; // RFC 8489 section 18.5.1
    private const ushort Sha256 = 2;
    private const int FeatureCharacters = 4; // 24 bits in Base64
    private const int PasswordAlgorithmsFeature = 1 << 23; // bit 0 is the first one on the wire (section 18.1)
    private const int AnonymityFeature = 1 << 22;

    private string _realm = "";
    private byte[] _nonce = [];
    private byte[] _algorithms = [];
    private byte[] _key = [];
    private bool _hidesName;

    /// <summary>Whether the server has said what it wants to see; requests are signed from then on.</summary>
    public bool IsChallenged { get; private set; }

    /// <summary>Whether requests are signed with SHA-256.</summary>
    public bool UsesSha256 { get; private set; }

    private static ReadOnlySpan<byte> Cookie => "obMatJos2"u8; // RFC 8489 section 9.2

    /// <summary>Takes the realm and nonce of a 401 or 438 in; false when a request cannot be made from them.</summary>
    /// <remarks>A nonce that promises password algorithms without any being listed was tampered with (RFC 8489 section 9.2.5).</remarks>
    public bool TryTake(in StunServerMessage challenge)
    {
        if (
            challenge.Realm.Length is 0 or > MaxTextBytes
            || challenge.Nonce.Length is 0 or > MaxTextBytes
            || challenge.PasswordAlgorithms.Length > MaxAlgorithmBytes
        )
        {
            return false;
        }

        var features = ReadFeatures(challenge.Nonce);
        var chosen = Md5;
        if ((features & PasswordAlgorithmsFeature) != 0)
        {
            chosen = Choose(challenge.PasswordAlgorithms);
            if (chosen == 0)
            {
                return false;
            }
        }

        _algorithms =
            (features & PasswordAlgorithmsFeature) != 0 ? challenge.PasswordAlgorithms.ToArray() : [];
        _hidesName = (features & AnonymityFeature) != 0;
        _realm = Encoding.UTF8.GetString(challenge.Realm);
        _nonce = challenge.Nonce.ToArray();
        UsesSha256 = chosen == Sha256;
        _key = DeriveKey(username, _realm, password, UsesSha256);
        IsChallenged = true;
        return true;
    }

    /// <summary>Writes what goes with a signed request.</summary>
    public void Write(ref StunMessageWriter writer)
    {
        if (_hidesName)
        {
            writer.WriteRaw(StunAttributeType.UserHash, HashUser(username, _realm));
        }
        else
        {
            writer.WriteText(StunAttributeType.Username, username);
        }

        writer.WriteText(StunAttributeType.Realm, _realm);
        writer.WriteRaw(StunAttributeType.Nonce, _nonce);
        if (_algorithms.Length > 0)
        {
            writer.WriteRaw(StunAttributeType.PasswordAlgorithms, _algorithms);
            // The number, and no parameters
            writer.WriteNumber(StunAttributeType.PasswordAlgorithm, (uint)(UsesSha256 ? Sha256 : Md5) << 16);
        }
    }

    /// <summary>Signs a request.</summary>
    public ReadOnlySpan<byte> Finish(ref StunMessageWriter writer) =>
        _algorithms.Length > 0 ? writer.FinishSha256(_key) : writer.Finish(_key);

    /// <summary>Whether an answer is signed as the request was.</summary>
    public bool Verify(in StunServerMessage response) =>
        _algorithms.Length > 0 ? response.VerifySha256(_key) : response.VerifyIntegrity(_key);

    /// <summary>The key that a password gives (RFC 8489 sections 9.2.2 and 18.5.1).</summary>
    [SuppressMessage(
        "Security",
        "CA5351",
        Justification = "RFC 8489 section 18.5.1.1; servers without anything newer are the rule."
    )]
    public static byte[] DeriveKey(string username, string realm, string password, bool useSha256)
    {
        var text = Encoding.UTF8.GetBytes($"{username}:{realm}:{password}");
        return useSha256 ? SHA256.HashData(text) : MD5.HashData(text);
    }

    /// <summary>What stands in for a user name that must not be seen (RFC 8489 section 14.4).</summary>
    public static byte[] HashUser(string username, string realm) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{username}:{realm}"));

    private static int ReadFeatures(ReadOnlySpan<byte> nonce)
    {
        Span<byte> bits = stackalloc byte[3];
        return
            nonce.Length >= Cookie.Length + FeatureCharacters
            && nonce.StartsWith(Cookie)
            && Convert.TryFromBase64String(
                Encoding.ASCII.GetString(nonce.Slice(Cookie.Length, FeatureCharacters)),
                bits,
                out var written
            )
            && written == bits.Length
            ? (bits[0] << 16) | (bits[1] << 8) | bits[2]
            : 0;
    }

    // The better of those known here; 0 when there is none.
    private static ushort Choose(ReadOnlySpan<byte> algorithms)
    {
        ushort chosen = 0;
        while (algorithms.Length >= 4)
        {
            var algorithm = BinaryPrimitives.ReadUInt16BigEndian(algorithms);
            var parameters = (BinaryPrimitives.ReadUInt16BigEndian(algorithms[2..]) + 3) & ~3;
            if (parameters > algorithms.Length - 4)
            {
                return 0;
            }

            chosen = algorithm is Md5 or Sha256 ? Math.Max(chosen, algorithm) : chosen;
            algorithms = algorithms[(4 + parameters)..];
        }

        return chosen;
    }
}
