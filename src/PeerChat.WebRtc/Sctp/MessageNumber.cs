using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp;

/// <summary>
/// The place of a message in its stream: a stream sequence number of 16 bits in DATA (RFC 9260 section 1.6), a message
/// identifier of 32 bits in I-DATA (RFC 8260 section 2.1).
/// </summary>
/// <param name="Value">The number; one that came in DATA has 16 bits.</param>
internal readonly record struct MessageNumber(uint Value)
{
    /// <summary>The 16 bits of it that DATA carries.</summary>
    public ushort AsSequenceNumber => (ushort)(Value & ushort.MaxValue);

    /// <summary>The next number of a circle of 32 bits.</summary>
    public MessageNumber Next => new(new SerialNumber32(Value).Next.Value);

    /// <summary>The next number of the circle in use.</summary>
    /// <param name="isInterleaved">Whether I-DATA is in use.</param>
    public MessageNumber NextIn(bool isInterleaved) =>
        isInterleaved ? Next : new MessageNumber(Next.AsSequenceNumber);

    /// <summary>How many steps lead from <paramref name="other"/> forward to this number.</summary>
    /// <param name="other">The other number.</param>
    /// <param name="isInterleaved">Whether I-DATA is in use.</param>
    public uint DistanceFrom(MessageNumber other, bool isInterleaved)
    {
        var distance = unchecked(Value - other.Value);
        return isInterleaved ? distance : distance & ushort.MaxValue;
    }

    /// <summary>Whether this number comes after <paramref name="other"/> on the circle in use.</summary>
    /// <param name="other">The other number.</param>
    /// <param name="isInterleaved">Whether I-DATA is in use.</param>
    public bool IsAfter(MessageNumber other, bool isInterleaved) =>
        isInterleaved
            ? new SerialNumber32(Value).IsAfter(new SerialNumber32(other.Value))
            : new SerialNumber16(AsSequenceNumber).IsAfter(new SerialNumber16(other.AsSequenceNumber));

    /// <summary>The number alone; the generated text would ask for the next one's, and so on.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
