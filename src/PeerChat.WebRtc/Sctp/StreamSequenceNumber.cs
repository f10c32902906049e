using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp;

/// <summary>The place of an ordered message in its stream (RFC 9260 section 1.6).</summary>
/// <param name="Value">The number as it stands on the wire.</param>
internal readonly record struct StreamSequenceNumber(ushort Value)
{
    /// <summary>The next number; 65535 is followed by 0.</summary>
    public StreamSequenceNumber Next => new(new SerialNumber16(Value).Next.Value);

    /// <summary>Whether this number comes after <paramref name="other"/> on the circle.</summary>
    public bool IsAfter(StreamSequenceNumber other) =>
        new SerialNumber16(Value).IsAfter(new SerialNumber16(other.Value));
}
