using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Signalling;

/// <summary>The keys under which peers meet, from any secret of 32 bytes: K_pair, a room's r, K_inv, K_bare.</summary>
public sealed class SignalKeys
{
    private const int SecretSize = 32;
    private readonly byte[] _tagKey;
    private readonly byte[] _signalKey;
    private readonly byte[] _knockKey;
    private readonly byte[] _bundleKey;

    private SignalKeys(ReadOnlySpan<byte> secret)
    {
        _tagKey = Digest.Sub(secret, "tag");
        _signalKey = Digest.Sub(secret, "signal");
        _knockKey = Digest.Sub(secret, "knock");
        _bundleKey = Digest.Sub(secret, "bundle");
    }

    /// <summary>K_tag = sub(K, tag): makes the daily tags.</summary>
    public ReadOnlyMemory<byte> TagKey => _tagKey;

    /// <summary>K_signal = sub(K, signal): seals offers and answers.</summary>
    public ReadOnlyMemory<byte> SignalKey => _signalKey;

    /// <summary>sub(K, knock): proved by the first flight of the hello.</summary>
    public ReadOnlyMemory<byte> KnockKey => _knockKey;

    /// <summary>sub(K, bundle): opens what is carried by hand.</summary>
    public ReadOnlyMemory<byte> BundleKey => _bundleKey;

    /// <summary>The keys of a secret.</summary>
    /// <exception cref="ArgumentException">The secret is not of 32 bytes.</exception>
    public static SignalKeys From(ReadOnlySpan<byte> secret) =>
        secret.Length == SecretSize
            ? new SignalKeys(secret)
            : throw new ArgumentException("A signalling secret has 32 bytes.", nameof(secret));
}
