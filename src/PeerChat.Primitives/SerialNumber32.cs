namespace PeerChat.Primitives;

/// <summary>A 32-bit serial number with the arithmetic of RFC 1982.</summary>
/// <param name="Value">The number as it stands on the wire.</param>
public readonly record struct SerialNumber32(uint Value)
{
    /// <summary>The next number; 2^32-1 is followed by 0.</summary>
    public SerialNumber32 Next => Add(1);

    /// <summary>The number before; 0 is preceded by 2^32-1.</summary>
    public SerialNumber32 Previous => Add(-1);

    /// <summary>The number <paramref name="distance"/> further on the circle; negative goes back.</summary>
    public SerialNumber32 Add(int distance) => new(unchecked(Value + (uint)distance));

    /// <summary>How far this number lies after <paramref name="other"/>; negative when before it.</summary>
    public int DistanceFrom(SerialNumber32 other) => unchecked((int)(Value - other.Value));

    /// <summary>Whether this number comes after <paramref name="other"/> on the circle (RFC 1982 section 3.2).</summary>
    public bool IsAfter(SerialNumber32 other) => DistanceFrom(other) > 0;

    /// <summary>The number alone; the generated text would ask for the next one's, and so on.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
