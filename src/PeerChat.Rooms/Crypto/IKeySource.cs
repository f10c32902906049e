namespace PeerChat.Rooms.Crypto;

/// <summary>Makes keys and restores them from the keystore.</summary>
public interface IKeySource
{
    /// <summary>A new signing key.</summary>
    ISigningKey NewSigningKey();

    /// <summary>A new agreement key.</summary>
    IAgreementKey NewAgreementKey();

    /// <summary>The signing key with this private scalar.</summary>
    ISigningKey ImportSigningKey(ReadOnlySpan<byte> scalar);

    /// <summary>The agreement key with this private scalar.</summary>
    IAgreementKey ImportAgreementKey(ReadOnlySpan<byte> scalar);
}
