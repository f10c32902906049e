using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp;

/// <summary>A Transmission Sequence Number, which every DATA chunk has (RFC 9260 section 1.6).</summary>
/// <param name="Value">The number as it stands on the wire.</param>
internal readonly record struct Tsn(uint Value)
{
    /// <summary>The next number; 2^32-1 is followed by 0.</summary>
    public Tsn Next => Add(1);

    /// <summary>The number before; 0 is preceded by 2^32-1.</summary>
    public Tsn Previous => Add(-1);

    /// <summary>The number <paramref name="distance"/> further on the circle; negative goes back.</summary>
    public Tsn Add(int distance) => new(new SerialNumber32(Value).Add(distance).Value);

    /// <summary>How far this number lies after <paramref name="other"/>; negative when before it.</summary>
    public int DistanceFrom(Tsn other) =>
        new SerialNumber32(Value).DistanceFrom(new SerialNumber32(other.Value));

    /// <summary>Whether this number comes after <paramref name="other"/> on the circle.</summary>
    public bool IsAfter(Tsn other) => DistanceFrom(other) > 0;

    /// <summary>The number alone; the generated text would ask for the next one's, and so on.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
