using System.Security.Cryptography;

namespace PeerChat.Rooms.Crypto;

/// <summary>Keys made and kept by the framework's own cryptography.</summary>
public sealed class SystemKeySource : IKeySource
{
    /// <inheritdoc/>
    public ISigningKey NewSigningKey() => new SigningKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <inheritdoc/>
    public IAgreementKey NewAgreementKey() =>
        new AgreementKey(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <inheritdoc/>
    public ISigningKey ImportSigningKey(ReadOnlySpan<byte> scalar) =>
        new SigningKey(ECDsa.Create(Parameters(scalar)));

    /// <inheritdoc/>
    public IAgreementKey ImportAgreementKey(ReadOnlySpan<byte> scalar) =>
        new AgreementKey(ECDiffieHellman.Create(Parameters(scalar)));

    // The public point is left out; the library computes it from the scalar.
    private static ECParameters Parameters(ReadOnlySpan<byte> scalar) =>
        new() { Curve = ECCurve.NamedCurves.nistP256, D = scalar.ToArray() };

    private sealed class SigningKey(ECDsa key) : ISigningKey
    {
        public ReadOnlyMemory<byte> PublicKey { get; } = P256.WritePoint(key.ExportParameters(false).Q);

        public byte[] Sign(string use, ReadOnlySpan<byte> message)
        {
            var signature = key.SignHash(
                P256.HashOf(use, message),
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation
            );
            P256.NormalizeLowS(signature);
            return signature;
        }

        public byte[] ExportScalar() => key.ExportParameters(true).D!;
    }

    private sealed class AgreementKey(ECDiffieHellman key) : IAgreementKey
    {
        public ReadOnlyMemory<byte> PublicKey { get; } = P256.WritePoint(key.ExportParameters(false).Q);

        public byte[]? DeriveSharedSecret(ReadOnlySpan<byte> otherPublicKey)
        {
            if (!P256.TryParsePoint(otherPublicKey, out var point))
            {
                return null;
            }

            try
            {
                using var other = ECDiffieHellman.Create(
                    new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }
                );
                return key.DeriveRawSecretAgreement(other.PublicKey);
            }
            catch (CryptographicException)
            {
                return null; // not on the curve
            }
        }

        public byte[] ExportScalar() => key.ExportParameters(true).D!;
    }
}
