namespace PeerChat.Rooms.Crypto;

/// <summary>An ECDH P-256 private key. Behind an interface so that a simulation can seed it.</summary>
public interface IAgreementKey
{
    /// <summary>The public point, 65 bytes uncompressed SEC1.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The x coordinate of the shared point, 32 bytes; null when the other key is not a point of the curve.</summary>
    byte[]? DeriveSharedSecret(ReadOnlySpan<byte> otherPublicKey);

    /// <summary>The private scalar, 32 bytes, for the keystore.</summary>
    byte[] ExportScalar();
}
