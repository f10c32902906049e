using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Bundles;

/// <summary>A secret that opens bundles, as it is in one bundle: its hint and its wrapping key.</summary>
/// <param name="hint">Tells the reader which of the wraps is for this secret, and nobody else anything.</param>
/// <param name="key">What the bundle's own key is wrapped under.</param>
internal sealed class BundleKeys(byte[] hint, byte[] key)
{
    /// <summary>Bytes of a hint: two of a thousand differ, and a false match only costs one opening.</summary>
    public const int HintSize = 8;

    /// <summary>The hint.</summary>
    public ReadOnlySpan<byte> Hint => hint;

    /// <summary>The wrapping key.</summary>
    public ReadOnlySpan<byte> Key => key;

    /// <summary>From K_pair's or r's bundle key, sub(K, bundle), and the bundle's salt.</summary>
    public static BundleKeys Of(ReadOnlySpan<byte> bundleKey, ReadOnlySpan<byte> salt) =>
        new(Digest.Mac(bundleKey, "bundle hint", salt.ToArray())[..HintSize], bundleKey.ToArray());
}
