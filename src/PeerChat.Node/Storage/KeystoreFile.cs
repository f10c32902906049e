using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Node.Storage;

/// <summary>The bytes of the keystore, version 1 (crypto.md section 9).</summary>
/// <remarks>
/// <code>
/// 8   "PEERKEYS"
/// 2   version = 1
/// 1   key derivation: 0 none, 1 PBKDF2-HMAC-SHA-512
/// 4   rounds; 0 without derivation
/// 1   n, size of the next field
/// n   the wrapping key (32) without derivation, the salt (16) with it
///     sealed store key 32 ‖ signing scalar 32 ‖ agreement scalar 32; everything above is associated data
/// 32  SHA-256 of everything above
/// </code>
/// The hash at the end stands there in every version. It tells damage from a wrong passphrase and from a newer version;
/// it protects nothing, the sealing does.
/// </remarks>
/// <param name="Derivation">How the wrapping key comes about.</param>
/// <param name="Rounds">How many rounds the derivation takes.</param>
/// <param name="Material">The wrapping key or the salt.</param>
/// <param name="Wrapped">The sealed keys.</param>
internal sealed record KeystoreFile(KeyDerivation Derivation, uint Rounds, byte[] Material, byte[] Wrapped)
{
    /// <summary>The version this program writes and reads.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes of a salt (crypto.md section 9).</summary>
    public const int SaltSize = 16;

    /// <summary>Bytes of a wrapping key.</summary>
    public const int WrappingKeySize = 32;

    /// <summary>Bytes of the store key and the two scalars.</summary>
    public const int KeysSize = 96;

    /// <summary>The fewest rounds a file may ask for (crypto.md section 9; OWASP's figure for SHA-512 lies lower).</summary>
    public const uint MinRounds = 600_000;

    /// <summary>The most rounds a file may ask for: more would hang the program for minutes (crypto.md section 9).</summary>
    public const uint MaxRounds = 100_000_000;

    /// <summary>No keystore of any version is larger: a guess with room for many more keys.</summary>
    public const int MaxSize = 64 * 1024;

    private const int ChecksumSize = 32;
    private const int FixedSize = 8 + 2 + 1 + 4 + 1;

    /// <summary>What is authenticated beside the sealed keys.</summary>
    public byte[] AssociatedData
    {
        get
        {
            var bytes = new byte[FixedSize + Material.Length];
            var writer = new SpanWriter(bytes);
            writer.WriteBytes(Magic);
            writer.WriteUInt16(Version);
            writer.WriteByte((byte)Derivation);
            writer.WriteUInt32(Rounds);
            writer.WriteByte((byte)Material.Length);
            writer.WriteBytes(Material);
            return bytes;
        }
    }

    private static ReadOnlySpan<byte> Magic => "PEERKEYS"u8;

    /// <summary>Reads a keystore; where that fails, says whether it is damaged or newer.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out KeystoreFile? file, out StorageProblem problem)
    {
        file = null;
        problem = StorageProblem.KeysDamaged;
        if (
            source.Length is < FixedSize + ChecksumSize or > MaxSize
            || !source.StartsWith(Magic)
            || !SHA256.HashData(source[..^ChecksumSize]).AsSpan().SequenceEqual(source[^ChecksumSize..])
        )
        {
            return false;
        }

        var reader = new SpanReader(source[..^ChecksumSize]);
        reader.TryReadBytes(Magic.Length, out _);
        reader.TryReadUInt16(out var version);
        if (version > Version)
        {
            problem = StorageProblem.KeysNewer;
            return false;
        }

        reader.TryReadByte(out var derivation);
        reader.TryReadUInt32(out var rounds);
        reader.TryReadByte(out var materialSize);
        var known = (KeyDerivation)derivation switch
        {
            KeyDerivation.None => rounds == 0 && materialSize == WrappingKeySize,
            KeyDerivation.Pbkdf2Sha512 => rounds is >= MinRounds and <= MaxRounds && materialSize == SaltSize,
            _ => false,
        };
        if (
            version != Version
            || !known
            || !reader.TryReadBytes(materialSize, out var material)
            || reader.Remaining != Sealing.Overhead + KeysSize
        )
        {
            return false;
        }

        file = new KeystoreFile((KeyDerivation)derivation, rounds, material.ToArray(), reader.Rest.ToArray());
        return true;
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] Write()
    {
        byte[] content = [.. AssociatedData, .. Wrapped];
        return [.. content, .. SHA256.HashData(content)];
    }
}
