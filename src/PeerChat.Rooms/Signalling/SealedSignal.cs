using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Signalling;

/// <summary>A signal as a service sees it: Seal(K_signal, "signal", tag, "", padded body), 1,104 or 2,128 bytes.</summary>
public static class SealedSignal
{
    /// <summary>Bytes of a blob with a body of up to 1,022 bytes.</summary>
    public const int SmallSize = SignalPadding.SmallSize + Sealing.Overhead;

    /// <summary>Bytes of a blob with a longer body.</summary>
    public const int LargeSize = SignalPadding.LargeSize + Sealing.Overhead;

    internal const string Use = "signal";

    /// <summary>Seals a signal for one tag.</summary>
    public static byte[] Seal(IEntropy entropy, SignalKeys keys, SignalTag tag, SignalBody body) =>
        Sealing.Seal(entropy, keys.SignalKey.Span, Use, tag.ToArray(), [], SignalPadding.Pad(body.ToArray()));
}
