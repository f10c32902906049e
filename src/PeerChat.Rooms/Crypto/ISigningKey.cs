namespace PeerChat.Rooms.Crypto;

/// <summary>An ECDSA P-256 private key. Behind an interface so that a simulation can seed it.</summary>
public interface ISigningKey
{
    /// <summary>The public point, 65 bytes uncompressed SEC1.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Sign(k, use, message): ECDSA-P256-SHA256 over L(use) ‖ message; r‖s, 64 bytes, low s.</summary>
    byte[] Sign(string use, ReadOnlySpan<byte> message);

    /// <summary>The private scalar, 32 bytes, for the keystore.</summary>
    byte[] ExportScalar();
}
