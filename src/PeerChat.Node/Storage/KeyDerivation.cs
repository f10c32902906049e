namespace PeerChat.Node.Storage;

/// <summary>How the key that wraps the keystore comes about.</summary>
internal enum KeyDerivation
{
    /// <summary>It stands in the file; a thief of the disk reads everything.</summary>
    None = 0,

    /// <summary>PBKDF2-HMAC-SHA-512 of a passphrase (crypto.md section 9).</summary>
    Pbkdf2Sha512 = 1,
}
