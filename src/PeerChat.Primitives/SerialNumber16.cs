namespace PeerChat.Primitives;

/// <summary>A 16-bit serial number with the arithmetic of RFC 1982.</summary>
/// <param name="Value">The number as it stands on the wire.</param>
public readonly record struct SerialNumber16(ushort Value)
{
    /// <summary>The next number; 65535 is followed by 0.</summary>
    public SerialNumber16 Next => new(unchecked((ushort)(Value + 1)));

    /// <summary>Whether this number comes after <paramref name="other"/> on the circle (RFC 1982 section 3.2).</summary>
    public bool IsAfter(SerialNumber16 other) => unchecked((short)(Value - other.Value)) > 0;

    /// <summary>The number alone; the generated text would ask for the next one's, and so on.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
