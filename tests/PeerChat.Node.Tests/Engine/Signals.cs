using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Signalling;
using PeerChat.TestKit;
using PeerChat.WebRtc;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Opens and makes sealed signals with keys that an attacker has, too.</summary>
internal sealed class Signals(SignalKeys keys)
{
    private readonly SeededEntropy _entropy = new(99);

    /// <summary>The body and the description in a datagram, where these keys open it.</summary>
    public (SignalDatagram Signal, SignalBody Body, SessionDescription Description)? Open(byte[] datagram)
    {
        if (
            !SignalDatagram.TryParse(datagram, out var signal)
            || signal.Kind == SignalKind.Open
            || !SignalTag.TryParse(signal.Tag.Span, out var tag)
            || new SignalOpener().TryOpen(Instant.Origin, keys, tag, signal.Blob.Span, out var body)
                != SignalRefusal.None
        )
        {
            return null;
        }

        return DescriptionCodec.Read(body!.Description.Span) is { } description
            ? (signal, body, description)
            : null;
    }

    /// <summary>The same signal with another body.</summary>
    public byte[] Reseal(SignalDatagram signal, SignalBody body)
    {
        _ = SignalTag.TryParse(signal.Tag.Span, out var tag);
        return (signal with { Blob = SealedSignal.Seal(_entropy, keys, tag, body) }).ToArray();
    }

    /// <summary>An offer of one's own.</summary>
    public byte[] Offer(string dialler, SignalBody body, WallTime wall)
    {
        var tag = SignalTag.Compute(keys, Rung.Lan, wall.UtcDay, listener: null);
        return new SignalDatagram(
            SignalKind.Offer,
            tag.ToArray(),
            dialler,
            SealedSignal.Seal(_entropy, keys, tag, body)
        ).ToArray();
    }

    /// <summary>A description with something else in it.</summary>
    public static SessionDescription Change(
        SessionDescription from,
        byte[]? fingerprint = null,
        IReadOnlyList<IceCandidate>? candidates = null,
        int? maxMessageSize = null
    ) =>
        SessionDescription.TryCreate(
            from.Ufrag,
            from.Password,
            fingerprint ?? from.FingerprintSha256,
            from.Setup,
            candidates ?? from.Candidates,
            maxMessageSize ?? from.MaxMessageSize,
            out var changed,
            out var reason
        )
            ? changed with
            {
                SctpInit = from.SctpInit,
            }
            : throw new InvalidOperationException(reason);
}
